// Approvals of the ticket's remedy: what is asked, who may decide, what was decided.
import { chip, h } from "../dom.js";
import { roleName } from "../people.js";
import { moment } from "../when.js";

const STATES = { pending: ["等待审批", "warn"], approved: ["已批准", "ok"], refused: ["未批准", "danger"] };

export const approvals = {
  id: "approvals", title: "审批",
  render: ({ ticket }) => ticket?.approvals.length ? [
    h("ul.points", {}, ticket.approvals.map((row) => h("li", {},
      h("p.line.wrap", {}, h("strong", {}, row.what), chip(...(STATES[row.status] || [row.status]))),
      h("p.muted.small", {}, row.decided_by ? `${row.decided_by}，${moment(row.decided_at)}` : `由${roleName(row.needs_role)}决定`)))),
    ticket.approvals.some((row) => row.status === "pending") ? h("p", {}, h("a", { href: `#/tickets/${ticket.number}` }, "打开工单处理审批")) : null] : null,
};
