// The ticket board: quick views, filters that are remembered, a table, and the next page on demand.
import { get } from "./api.js";
import { button, chip, empty, field, fill, h, select, severity } from "./dom.js";
import { attempt } from "./notice.js";
import { keepMine, mine, session } from "./state.js";
import { Table } from "./table.js";
import { moment } from "./when.js";

const NAMES = { status: "状态", severity: "等级", cause: "原因", owner: "负责人", q: "查找" };
const COLUMNS = ["编号", "等级", "状态", "摘要", "诉求", "部门 / 负责人", "下一时限", "立案"];
const VIEWS = { "全部": {}, "我负责的": { owner: true }, "待受理": { status: "filed" }, "待审批": { status: "pending_approval" }, "等客户": { status: "pending_customer" }, "已升级": { status: "escalated" }, "重新打开": { status: "reopened" } };

class DeskTickets extends HTMLElement {
  connectedCallback() {
    const any = (options) => ({ "": "全部", ...options });
    const { statuses, severities, causes } = session.words;
    const kept = JSON.parse(mine("tickets", "{}"));
    const chosen = (name, options) => select(any(options), kept[name] || "", { onchange: () => this.load() });
    this.filters = { status: chosen("status", statuses), severity: chosen("severity", severities), cause: chosen("cause", causes), owner: chosen("owner", { [session.staff.name]: "我负责的" }),
      q: h("input", { type: "search", value: kept.q || "", placeholder: "编号或关键词", maxlength: 200, onchange: () => this.load() }) };
    this.table = new Table("工单列表", COLUMNS);
    this.foot = h("div.row.center");
    this.views = Object.keys(VIEWS).map((name) => button(name, () => this.view(VIEWS[name]), { kind: "tab" }));
    fill(this, h("h1.hidden", {}, "工单"), h("div.row.wrap.views", { role: "group", "aria-label": "常用视图" }, this.views),
      h("form.filters", { onsubmit: (e) => { e.preventDefault(); this.load(); } }, Object.entries(this.filters).map(([name, input]) => field(NAMES[name], input))), this.table.node, this.foot);
    this.load();
  }

  view({ status = "", owner = false }) {
    Object.values(this.filters).forEach((input) => { input.value = ""; });
    this.filters.status.value = status;
    this.filters.owner.value = owner ? session.staff.name : "";
    this.load();
  }

  wanted() { return Object.fromEntries(Object.entries(this.filters).map(([name, input]) => [name, input.value.trim()])); }

  async load(cursor = null) {
    const wanted = this.wanted();
    keepMine("tickets", JSON.stringify(wanted));
    this.views.forEach((tab) => tab.setAttribute("aria-pressed", String(fits(VIEWS[tab.textContent], wanted))));
    const page = await attempt(() => get("/api/v1/tickets", { ...wanted, limit: 50, cursor }));
    if (!page) return;
    const rows = page.items.map((ticket) => this.row(ticket));
    if (cursor) this.table.rows.append(...rows);
    else fill(this.table.rows, rows.length ? rows : this.table.whole(empty("没有符合条件的工单。")));
    fill(this.foot, page.next_cursor ? button("显示更多", () => this.load(page.next_cursor)) : null);
  }

  row(ticket) {
    const { statuses, severities, departments } = session.words, due = nextDue(ticket);
    return this.table.row([[".nowrap.first", h("a", { href: `#/tickets/${ticket.number}` }, ticket.number)], ["", severity(ticket.severity, severities)],
      [".nowrap", chip(statuses[ticket.status] || ticket.status, LOUD[ticket.status])], [".wide", h("span.clamp", {}, ticket.summary)], ["", ticket.demand.join("、") || "—"],
      ["", departments[ticket.department] || ticket.department, ticket.owner ? ` / ${session.people[ticket.owner] || ticket.owner}` : ""],
      [".nowrap", due ? h("time-left", { at: due }) : "—"], [".nowrap.muted", moment(ticket.created_at)]]);
  }
}

const LOUD = { escalated: "danger", reopened: "warn", pending_approval: "warn", closed: "ok", fulfilled: "ok" };

const fits = ({ status = "", owner = false }, wanted) => wanted.status === status && Boolean(wanted.owner) === owner && !wanted.severity && !wanted.cause && !wanted.q;

export function nextDue(ticket) {
  if (session.words.closed.includes(ticket.status)) return null;
  return ticket.promises.filter((p) => p.status === "open").map((p) => p.due).sort((a, b) => new Date(a) - new Date(b))[0] || null;
}

customElements.define("desk-tickets", DeskTickets);
