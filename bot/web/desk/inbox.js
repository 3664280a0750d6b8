// The list of conversations, box by box; unread ones are marked until they are opened.
import { DESK, get } from "./api.js";
import { chip, empty, fill, h, severity } from "./dom.js";
import { CHANNELS, STATES, customerName, keepMine, may, mine, session } from "./state.js";

const BOXES = { mine: "我的", queue: "排队", waiting: "等客户", missed: "未接通", all: "全部" };

class DeskInbox extends HTMLElement {
  connectedCallback() {
    this.box = mine("box", "queue");
    this.items = [];
    this.seen = JSON.parse(mine("seen", "{}"));
    this.tabs = Object.entries(BOXES).map(([box, label]) => h("button", { type: "button", "data-box": box, onclick: () => this.choose(box) }, label, h("b", {})));
    this.list = h("ul.rows", { "aria-label": "会话" });
    this.search = h("input", { type: "search", placeholder: "在这一栏里查找", "aria-label": "查找会话", "aria-keyshortcuts": "/", oninput: () => this.render(), onkeydown: (event) => this.leaveSearch(event) });
    fill(this, h("div.boxes", { role: "group", "aria-label": "收件箱" }, this.tabs), h("div.search", {}, this.search), may("chat") ? h("desk-consults") : null, this.list);
    document.addEventListener("desk:taken", this.toMine);
    this.load();
    this.timer = setInterval(() => this.load(), 30000);
  }

  disconnectedCallback() { document.removeEventListener("desk:taken", this.toMine); clearInterval(this.timer); clearTimeout(this.pending); }

  toMine = () => this.choose("mine");
  choose(box) { this.box = box; keepMine("box", box); this.load(); }
  shows(conversation) { return this.items.some((item) => item.conversation === conversation); }
  soon() { this.pending ??= setTimeout(() => { this.pending = null; this.load(); }, 600); }

  async load() {
    const box = this.box;
    const answer = await get(`${DESK}/inbox`, { box }).catch(() => null);
    if (!answer || box !== this.box) return;
    this.items = answer.items;
    this.tabs.forEach((tab) => {
      tab.setAttribute("aria-pressed", String(tab.dataset.box === box));
      tab.querySelector("b").textContent = answer.counts[tab.dataset.box] || "";
    });
    if (this.selected) this.read(this.selected, false);
    this.render();
  }

  found() {
    const words = this.search.value.trim().toLowerCase();
    const told = (item) => [item.conversation, item.last?.text, item.agent_name, item.ticket, item.reason, CHANNELS[item.channel], session.words.departments[item.skill]].join(" ").toLowerCase();
    return words ? this.items.filter((item) => told(item).includes(words)) : this.items;
  }

  leaveSearch(event) {
    if (event.key !== "Escape" && event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") { this.search.value = ""; this.render(); }
    this.focusSelected();
  }

  render() {
    const held = this.list.contains(document.activeElement) ? document.activeElement.dataset.id : null, found = this.found();
    fill(this.list, found.length ? found.map((item) => h("li", {}, this.row(item))) : h("li", {}, empty(this.items.length ? "没有找到。" : this.nothing())));
    if (held) this.find(held)?.focus();
  }

  nothing() {
    return { mine: "您手里没有会话。按 t 接待排队的客户。", queue: "没有客户在排队。", waiting: "没有在等客户回复的会话。", missed: "没有未接通的客户。", all: "还没有会话。" }[this.box];
  }

  row(item) {
    const unread = item.last?.actor === "customer" && Number(item.last.id) > (this.seen[item.conversation] || 0);
    const queued = ["requested", "queued", "assigned"].includes(item.state), asked = item.state === "active" && item.last?.actor === "customer";
    const patience = queued ? { soon: 120, late: 300 } : asked ? { soon: 60, late: 180 } : {};
    return h(`a.row${unread ? ".unread" : ""}`, {
      href: `#/chat/${encodeURIComponent(item.conversation)}`, "data-id": item.conversation, "aria-current": item.conversation === this.selected ? "true" : null,
    },
    h("span.line", {}, item.severity ? severity(item.severity, session.words.severities) : null, h("strong", {}, customerName(item.conversation)), chip(CHANNELS[item.channel] || item.channel),
      h("span.push.muted", {}, item.last_at || item.since ? h("time-since", { at: queued ? item.requested_at : item.last_at || item.since, ...patience }) : null)),
    h("span.last", {}, unread ? h("span.dot", { title: "未读" }, h("span.hidden", {}, "未读")) : null,
      item.last ? `${{ staff: "我方：", bot: "机器人：" }[item.last.actor] || ""}${item.last.text}` : item.reason),
    item.tags?.length ? h("span.line.wrap.small", {}, item.tags.map((tag) => chip(tag, "accent"))) : null,
    h("span.line.small", {}, h(`span.state.${item.owner}`, {}, STATES[item.state] || item.state), item.agent_name ? h("span.muted", {}, item.agent_name) : null, mine(`draft:reply:${item.conversation}`) ? chip("草稿", "warn") : null,
      item.skill ? h("span.push.muted", {}, session.words.departments[item.skill] || item.skill) : null));
  }

  select(conversation) { this.selected = conversation; this.render(); }

  read(conversation, draw = true) {
    const item = this.items.find((each) => each.conversation === conversation);
    if (!item?.last || document.hidden) return;
    this.seen[conversation] = Math.max(this.seen[conversation] || 0, Number(item.last.id));
    keepMine("seen", JSON.stringify(Object.fromEntries(Object.entries(this.seen).slice(-500))));
    if (draw) this.render();
  }

  find(conversation) { return [...this.list.querySelectorAll(".row")].find((row) => row.dataset.id === conversation); }

  step(by) {
    const found = this.found();
    if (!found.length) return;
    const at = found.findIndex((item) => item.conversation === (document.activeElement?.dataset?.id || this.selected));
    const next = found[Math.max(0, Math.min(found.length - 1, at + by))];
    this.find(next.conversation)?.focus();
    location.hash = `#/chat/${encodeURIComponent(next.conversation)}`;
  }

  focusSelected() { (this.find(this.selected) || this.list.querySelector(".row"))?.focus(); }
}

customElements.define("desk-inbox", DeskInbox);
