// One's own figures, and the team's for those who may see them. Counted from the audit trail; nothing counted shows as a dash.
import { DESK, get } from "./api.js";
import { empty, fill, h, select } from "./dom.js";
import { attempt } from "./notice.js";
import { may, session } from "./state.js";
import { span } from "./when.js";

class DeskFigures extends HTMLElement {
  connectedCallback() {
    this.days = select({ 1: "今天", 7: "近 7 天", 30: "近 30 天" }, "7", { class: "narrow", "aria-label": "时间范围", onchange: () => this.load() });
    this.body = h("div");
    fill(this, h("div.row", {}, h("h1", {}, "数据"), h("span.push"), this.days), this.body);
    this.load();
  }

  async load() {
    const days = this.days.value;
    const [own, team] = await Promise.all([attempt(() => get(`${DESK}/stats`, { days })), may("stats") ? attempt(() => get(`${DESK}/stats/team`, { days })) : null]);
    fill(this.body, own ? section("我的接待", own) : null, team ? section("团队", team) : null);
  }
}

function section(title, figures) {
  const tiles = [["接待", figures.taken], ["客户等待（中位）", span(figures.wait_seconds)], ["接待时长（中位）", span(figures.chat_seconds)], ["交还机器人", figures.returned],
    ["转交", figures.transferred], figures.missed === null ? null : ["未接通", figures.missed]].filter(Boolean);
  const most = Math.max(1, ...figures.per_day.map((day) => day.taken));
  return h("section.card", {}, h("h2", {}, title), h("dl.tiles", {}, tiles.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
    figures.taken && figures.per_day.length > 1 ? h("table.bars", {}, h("caption", {}, "每天接待"), h("tbody", {}, figures.per_day.map((day) => h("tr", {}, h("th", { scope: "row" }, day.date.slice(5).replace("-", "/")),
      h("td", {}, bar(day.taken / most), h("span", {}, day.taken)))))) : null,
    counts("结果", figures.outcomes, session.words.outcomes), counts("原因", figures.causes, session.words.causes), counts("同事", figures.agents, session.people),
    figures.taken ? null : empty("这段时间还没有接待记录。"));
}

function bar(share) {
  const element = h("i.bar-of", { "aria-hidden": "true" });
  element.style.inlineSize = `${share * 60}%`;
  return element;
}

function counts(title, counted, names) {
  const rows = Object.entries(counted).sort(([, a], [, b]) => b - a);
  return rows.length ? h("p.line.wrap", {}, h("span.muted", {}, title), rows.map(([code, n]) => h("span.chip", {}, `${names[code] || code} ${n}`))) : null;
}

customElements.define("desk-figures", DeskFigures);
