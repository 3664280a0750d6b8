// The ticket that this conversation led to.
import { chip, h, severity } from "../dom.js";
import { session } from "../state.js";

export const ticket = {
  id: "ticket", title: "工单",
  render: ({ packet }) => {
    const filed = packet.ticket;
    if (!filed) return h("p.muted", {}, "还没有立案。");
    return [
      h("p.line.wrap", {}, severity(filed.severity, session.words.severities), h("a", { href: `#/tickets/${filed.number}` }, filed.number), chip(filed.status_label)),
      h("p.muted.small", {}, `${filed.department}${filed.owner ? ` · ${session.people[filed.owner] || filed.owner}` : " · 还没有负责人"}`)];
  },
};
