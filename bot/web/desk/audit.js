// The audit trail: who looked at what, and why; who was kept away.
import { DESK, get } from "./api.js";
import { button, empty, fill, h } from "./dom.js";
import { attempt } from "./notice.js";
import { actorName } from "./people.js";
import { customerName, session } from "./state.js";
import { Table } from "./table.js";
import { moment } from "./when.js";

const EVENTS = { reveal: "查看隐藏内容", barred: "回避：被投诉人", oidc_login: "外部登录", login: "登录" };

class DeskAudit extends HTMLElement {
  connectedCallback() {
    this.table = new Table("审计记录", ["时间", "谁", "做了什么", "对象", "内容", "理由"]);
    this.foot = h("div.row.center");
    fill(this, h("h1", {}, "审计"), this.table.node, this.foot);
    this.load();
  }

  async load(before = null) {
    const page = await attempt(() => get(`${DESK}/audit`, { before }));
    if (!page) return;
    const rows = page.items.map((each) => this.row(each));
    if (before) this.table.rows.append(...rows);
    else fill(this.table.rows, rows.length ? rows : this.table.whole(empty("还没有记录。")));
    fill(this.foot, page.before ? button("显示更多", () => this.load(page.before)) : null);
  }

  row(each) {
    const where = each.ticket ? h("a", { href: `#/tickets/${each.ticket}` }, each.ticket) : each.conversation ? h("a", { href: `#/chat/${encodeURIComponent(each.conversation)}` }, customerName(each.conversation)) : "—";
    return this.table.row([[".nowrap.first", moment(each.at)], [".nowrap", actorName(each.actor)], [".nowrap", EVENTS[each.event] || each.event], [".nowrap", where],
      ["", session.words.facts[each.what] || String(each.what || "").replace(/^message (\d+)$/, "第 $1 条消息") || "—"], [".wide", each.note || "—"]]);
  }
}

customElements.define("desk-audit", DeskAudit);
