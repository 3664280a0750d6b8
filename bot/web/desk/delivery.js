// What became of an outgoing message on the customer's channel. Nothing is shown where nothing is known.
import { h } from "./dom.js";

const STATES = { sent: ["sent", "已发出"], sending: ["muted", "发送中…"], parked: ["held", "等客户来消息后再发"], failed: ["unsent", "没有送达"] };
const REASONS = { quota: "平台的发送额度用完了", stale: "会话换了负责人，这条没有再发" };

// Of the bot's and the system's lines only what went wrong is worth a word.
export function delivery({ actor, delivery: told }) {
  if (!told || (actor !== "staff" && told.state === "sent")) return null;
  const [kind, words] = STATES[told.state] || ["muted", told.state];
  return h(`span.delivery.${kind}`, { title: told.reason ? REASONS[told.reason] || "渠道没有收下，系统会再试" : null }, words);
}
