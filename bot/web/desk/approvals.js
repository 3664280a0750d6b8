// What waits for a decision: each remedy with its amount, who must decide, and the two moves for those who may.
import { get } from "./api.js";
import { button, chip, empty, fill, h, severity } from "./dom.js";
import { attempt } from "./notice.js";
import { roleName } from "./people.js";
import { session } from "./state.js";
import { moveTicket } from "./ticket_moves.js";
import { moment } from "./when.js";

class DeskApprovals extends HTMLElement {
  connectedCallback() {
    this.list = h("div", { "aria-live": "polite" });
    fill(this, h("h1", {}, "等待审批"), this.list);
    this.load();
  }

  // The list says which tickets wait; each one says what this person may do with it.
  async load() {
    const page = await attempt(() => get("/api/v1/tickets", { status: "pending_approval", limit: 30 }));
    if (!page) return;
    const tickets = (await Promise.all(page.items.map((each) => attempt(() => get(`/api/v1/tickets/${encodeURIComponent(each.number)}`))))).filter(Boolean);
    fill(this.list, tickets.length ? tickets.map((ticket) => this.card(ticket)) : empty("没有等待审批的方案。"));
  }

  card(ticket) {
    const moves = ticket.work.moves.filter((move) => ["approve", "refuse_approval"].includes(move.action));
    const pending = ticket.approvals.filter((row) => row.status === "pending"), items = [...ticket.remedy.base, ...ticket.remedy.extra];
    return h("section.card", { "aria-label": ticket.number }, h("p.line.wrap", {}, h("a", { href: `#/tickets/${ticket.number}` }, ticket.number), severity(ticket.severity, session.words.severities),
      pending.map((row) => chip(`由${roleName(row.needs_role)}决定`, "warn")), h("span.push.muted.small", {}, ticket.owner ? `负责人 ${session.people[ticket.owner] || ticket.owner} · ${moment(ticket.created_at)}` : moment(ticket.created_at))),
    h("p.clamp", {}, ticket.summary),
    h("ul.points", {}, items.map((item) => h("li.line", {}, h("strong", {}, item.label), Number(item.amount) ? `¥${item.amount}` : null))),
    ticket.remedy.note ? h("p.muted.small", {}, ticket.remedy.note) : null,
    moves.length ? h("div.row.wrap", {}, moves.map((move, n) => button(move.label, () => moveTicket(ticket, move, () => this.load()), { kind: n ? "plain" : "primary" })))
      : h("p.muted.small", {}, "这一项不由您决定。"));
  }
}

customElements.define("desk-approvals", DeskApprovals);
