// The same customer's other cases and conversations.
import { chip, h, severity } from "../dom.js";
import { CHANNELS, session } from "../state.js";
import { moment } from "../when.js";

export const customer = {
  id: "customer", title: "客户来历", folded: false,
  render: ({ customer: known, ticket, id }) => {
    const cases = (known?.tickets || []).filter((each) => each.number !== ticket?.number), talks = (known?.conversations || []).filter((each) => each.id !== id);
    if (!cases.length && !talks.length) return null;
    return [
      cases.length ? h("ul.points", {}, cases.map((each) => h("li", {}, h("p.line.wrap", {}, severity(each.severity, session.words.severities), h("a", { href: `#/tickets/${each.number}` }, each.number),
        chip(session.words.statuses[each.status] || each.status), h("span.push.muted.small", {}, moment(each.created_at))), h("p.small.clamp", {}, each.summary)))) : null,
      talks.map((each) => h("p.line.small", {}, h("a", { href: `#/chat/${encodeURIComponent(each.id)}` }, `${CHANNELS[each.channel] || each.channel}会话`), h("span.muted", {}, moment(each.last_at))))];
  },
};
