// The ticket board: filters that stay in the address, a table, and the next page on demand.
import { get } from "./api.js";
import { button, chip, empty, field, fill, h, select, severity } from "./dom.js";
import { attempt } from "./notice.js";
import { preference, prefer, session } from "./state.js";
import { moment } from "./when.js";

class DeskTickets extends HTMLElement {
  connectedCallback() {
    const any = (options) => ({ "": "全部", ...options });
    const { statuses, severities, causes } = session.words;
    const kept = JSON.parse(preference("tickets", "{}"));
    this.filters = {
      status: select(any(statuses), kept.status || "", { onchange: () => this.load() }),
      severity: select(any(severities), kept.severity || "", { onchange: () => this.load() }),
      cause: select(any(causes), kept.cause || "", { onchange: () => this.load() }),
      owner: select({ "": "全部", [session.staff.name]: "我负责的" }, kept.owner || "", { onchange: () => this.load() }),
      q: h("input", { type: "search", value: kept.q || "", placeholder: "编号或关键词", maxlength: 200, onchange: () => this.load() }),
    };
    this.rows = h("tbody");
    this.foot = h("div.row.center");
    const names = { status: "状态", severity: "等级", cause: "原因", owner: "负责人", q: "查找" };
    fill(this, h("h1.hidden", {}, "工单"), h("form.filters", { onsubmit: (e) => { e.preventDefault(); this.load(); } },
      Object.entries(this.filters).map(([name, input]) => field(names[name], input)), button("清除", () => this.clear(), { kind: "quiet" })),
    h("div.table", { tabindex: "0", role: "region", "aria-label": "工单列表" }, h("table", {},
      h("thead", {}, h("tr", {}, ["编号", "等级", "状态", "摘要", "诉求", "部门 / 负责人", "下一时限", "立案"].map((name) => h("th", { scope: "col" }, name)))), this.rows)), this.foot);
    this.load();
  }

  clear() { Object.values(this.filters).forEach((input) => { input.value = ""; }); this.load(); }

  async load(cursor = null) {
    const wanted = Object.fromEntries(Object.entries(this.filters).map(([name, input]) => [name, input.value.trim()]));
    prefer("tickets", JSON.stringify(wanted));
    const page = await attempt(() => get("/api/v1/tickets", { ...wanted, limit: 50, cursor }));
    if (!page) return;
    const rows = page.items.map((ticket) => this.row(ticket));
    if (cursor) this.rows.append(...rows);
    else fill(this.rows, rows.length ? rows : h("tr", {}, h("td", { colspan: 8 }, empty("没有符合条件的工单。"))));
    fill(this.foot, page.next_cursor ? button("显示更多", () => this.load(page.next_cursor)) : null);
  }

  row(ticket) {
    const { statuses, severities, departments } = session.words;
    const due = nextDue(ticket);
    return h("tr", {},
      h("td.nowrap", {}, h("a", { href: `#/tickets/${ticket.number}` }, ticket.number)), h("td", {}, severity(ticket.severity, severities)),
      h("td.nowrap", {}, chip(statuses[ticket.status] || ticket.status)), h("td.wide", {}, h("span.clamp", {}, ticket.summary)), h("td", {}, ticket.demand.join("、")),
      h("td", {}, departments[ticket.department] || ticket.department, ticket.owner ? ` / ${ticket.owner}` : ""),
      h("td.nowrap", {}, due ? h("time-left", { at: due }) : "—"), h("td.nowrap.muted", {}, moment(ticket.created_at)));
  }
}

export function nextDue(ticket) {
  if (session.words.closed.includes(ticket.status)) return null;
  return ticket.promises.filter((p) => p.status === "open").map((p) => p.due).sort((a, b) => new Date(a) - new Date(b))[0] || null;
}

customElements.define("desk-tickets", DeskTickets);
