// How many messages the customer's platform still lets us send, and until when. Channels without a limit show nothing.
import { h } from "./dom.js";
import { moment } from "./when.js";

export function quota(told) {
  if (!told) return null;
  const kind = told.left === 0 ? "late" : told.left <= 1 ? "soon" : "muted";
  return h(`span.quota.${kind}`, { title: told.window_ends ? `${moment(told.window_ends)} 前有效；客户再发消息就重新计数` : null }, " · ",
    told.left === 0 ? "额度已用完，客户来消息后才能送达" : `平台还可发 ${told.left} 条`, told.parked ? `，${told.parked} 条在等` : "");
}
