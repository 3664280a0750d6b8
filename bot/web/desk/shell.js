// The frame: navigation, availability, appearance, keyboard help; the pages live under #/…
import { DESK, get, post } from "./api.js";
import { account } from "./account.js";
import { button, fill, h } from "./dom.js";
import { help } from "./help.js";
import { attempt, badge, chime, notify, toast } from "./notice.js";
import { preferences } from "./preferences.js";
import { live, may, session } from "./state.js";
import "./console.js";
import "./tickets.js";
import "./ticket.js";
import "./approvals.js";
import "./knowledge.js";
import "./figures.js";
import "./audit.js";
import "./ringing.js";
import "./staff.js";

const PAGES = [
  { path: "chat", label: "会话", tag: "desk-console" },
  { path: "tickets", label: "工单", tag: "desk-tickets" },
  { path: "approvals", label: "审批", tag: "desk-approvals", needs: "tickets" },
  { path: "knowledge", label: "知识", tag: "desk-knowledge" },
  { path: "figures", label: "数据", tag: "desk-figures" },
  { path: "audit", label: "审计", tag: "desk-audit", needs: "audit" },
  { path: "staff", label: "账号", tag: "desk-staff", needs: "staff" },
];

class DeskShell extends HTMLElement {
  connectedCallback() {
    this.pages = PAGES.filter((page) => !page.needs || may(page.needs));
    this.links = this.pages.map((page) => h("a", { href: `#/${page.path}` }, page.label, page.path === "chat" ? h("b.count", { hidden: true }) : null));
    this.connection = h("p.offline", { role: "status", hidden: true }, "连接断开，正在重新连接；您写的内容不会丢失。");
    this.outlet = h("main.page", { id: "page", tabindex: "-1" });
    fill(this, h("a.skip", { href: "#page", onclick: (e) => { e.preventDefault(); this.outlet.focus(); } }, "跳到内容"), this.bar(), this.connection, h("desk-ringing"), this.outlet);
    window.addEventListener("hashchange", this.route);
    document.addEventListener("keydown", this.keys);
    live.addEventListener("offline", this.offline);
    live.addEventListener("online", this.online);
    live.addEventListener("event", this.event);
    document.addEventListener("visibilitychange", this.looked);
    this.known = null;
    this.unread = 0;
    if (may("chat")) this.appear("");
    this.count();
    this.route();
  }

  disconnectedCallback() {
    window.removeEventListener("hashchange", this.route);
    document.removeEventListener("keydown", this.keys);
    live.removeEventListener("offline", this.offline);
    live.removeEventListener("online", this.online);
    live.removeEventListener("event", this.event);
    document.removeEventListener("visibilitychange", this.looked);
    badge(0);
  }

  bar() {
    this.presence = h("button.btn.presence", { type: "button", onclick: () => this.toggle() }, "…");
    return h("header.bar", {},
      h("span.brand", {}, "听诉", h("small", {}, session.words.company)),
      h("nav", { "aria-label": "主导航" }, this.links),
      h("div.tools", {},
        may("chat") ? this.presence : null,
        button("偏好", preferences, { kind: "quiet", title: "文字大小、外观、提示音" }),
        h("button.btn.icon", { type: "button", title: "键盘快捷键", "aria-label": "键盘快捷键", "aria-keyshortcuts": "?", onclick: help }, "?"),
        h("button.btn.quiet.who", { type: "button", title: "我的账号", onclick: account }, session.staff.display, h("small", {}, session.staff.role_name)),
        button("退出", () => this.dispatchEvent(new CustomEvent("sign-out", { bubbles: true })), { kind: "quiet.leave" })));
  }

  route = () => {
    const [path, ...rest] = location.hash.replace(/^#\//, "").split("/");
    const page = this.pages.find((each) => each.path === path) || this.pages[0];
    this.links.forEach((link, n) => this.pages[n] === page ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current"));
    const at = rest.at(-2) === "at" ? rest.splice(-2)[1] : null;               // #/chat/<conversation>/at/<message>
    const argument = rest.map(decodeURIComponent).join("/");
    const tag = page.path === "tickets" && argument ? "desk-ticket" : page.tag;
    if (this.outlet.firstElementChild?.localName === tag && tag === "desk-console") { this.outlet.firstElementChild.open(argument, at); return; }
    fill(this.outlet, h(tag, { argument, at }));
  };

  offline = () => { this.connection.hidden = false; };
  online = () => { this.connection.hidden = true; this.count(); };
  event = ({ detail }) => {
    if (detail.type === "queue" || detail.type === "lagged") this.count();
    if (detail.type === "message" && detail.topic?.startsWith("conversation:") && detail.message.actor === "customer" && document.hidden) {
      chime();
      notify("客户来了新消息");
      this.unread += 1;
      badge((this.known?.size || 0) + this.unread);
    }
  };
  looked = () => { if (!document.hidden) { this.unread = 0; badge(this.known?.size || 0); } };

  // The queue's length beside the link and in the title; a new arrival is heard.
  async count() {
    const answer = await get(`${DESK}/queue`).catch(() => null);
    if (!answer) return;
    const arrived = answer.items.filter((item) => this.known && !this.known.has(item.conversation));
    this.known = new Set(answer.items.map((item) => item.conversation));
    const mark = this.querySelector(".count");
    mark.hidden = !answer.items.length;
    mark.textContent = answer.items.length;
    badge(answer.items.length + this.unread);
    if (arrived.length && may("chat")) {
      const grave = arrived.find((item) => item.severity >= "L3");
      chime(Boolean(grave));
      notify(grave ? `${grave.severity} 级客户请求人工` : "有客户请求人工服务");
      toast(grave ? `${grave.severity} 级客户请求人工，请马上接待` : "有客户请求人工服务", grave ? "error" : "info", { href: `#/chat/${encodeURIComponent((grave || arrived[0]).conversation)}` });
    }
  }

  async toggle() {
    await this.appear(this.presence.getAttribute("aria-pressed") === "true" ? "?available=no" : "?available=yes");
  }

  async appear(wanted) {
    const answer = await attempt(() => post(`${DESK}/presence${wanted}`));
    if (!answer) return;
    this.presence.setAttribute("aria-pressed", String(answer.available));
    this.presence.textContent = answer.available ? "接待中" : "暂停接待";
  }

  keys = (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable], dialog");
    if (event.key === "?" && !typing && !event.ctrlKey) { event.preventDefault(); help(); }
    const page = event.altKey && !event.ctrlKey && this.pages[Number(event.code.replace("Digit", "")) - 1];
    if (page) { event.preventDefault(); location.hash = `#/${page.path}`; }
  };
}

customElements.define("desk-shell", DeskShell);
