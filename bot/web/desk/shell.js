// The frame: navigation, availability, appearance, keyboard help; the pages live under #/…
import { DESK, get, post } from "./api.js";
import { account } from "./account.js";
import { button, fill, h } from "./dom.js";
import { help } from "./help.js";
import { attempt, badge, chime, toast } from "./notice.js";
import { dress, live, may, prefer, preference, session } from "./state.js";
import "./console.js";
import "./tickets.js";
import "./ticket.js";
import "./knowledge.js";
import "./figures.js";
import "./staff.js";

const PAGES = [
  { path: "chat", label: "会话", tag: "desk-console" },
  { path: "tickets", label: "工单", tag: "desk-tickets" },
  { path: "knowledge", label: "知识", tag: "desk-knowledge" },
  { path: "figures", label: "数据", tag: "desk-figures" },
  { path: "staff", label: "账号", tag: "desk-staff", needs: "staff" },
];

class DeskShell extends HTMLElement {
  connectedCallback() {
    this.pages = PAGES.filter((page) => !page.needs || may(page.needs));
    this.links = this.pages.map((page) => h("a", { href: `#/${page.path}` }, page.label, page.path === "chat" ? h("b.count", { hidden: true }) : null));
    this.connection = h("p.offline", { role: "status", hidden: true }, "连接断开，正在重新连接；您写的内容不会丢失。");
    this.outlet = h("main.page", { id: "page", tabindex: "-1" });
    fill(this, h("a.skip", { href: "#page", onclick: (e) => { e.preventDefault(); this.outlet.focus(); } }, "跳到内容"), this.bar(), this.connection, this.outlet);
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
        button("字", () => this.resize(), { kind: "icon", title: "文字大小" }),
        button("◐", () => this.repaint(), { kind: "icon", title: "深色或浅色" }),
        button("?", help, { kind: "icon", title: "键盘快捷键" }),
        h("button.btn.quiet.who", { type: "button", title: "我的账号", onclick: account }, session.staff.display, h("small", {}, session.staff.role_name)),
        button("退出", () => this.dispatchEvent(new CustomEvent("sign-out", { bubbles: true })), { kind: "quiet.leave" })));
  }

  route = () => {
    const [path, ...rest] = location.hash.replace(/^#\//, "").split("/");
    const page = this.pages.find((each) => each.path === path) || this.pages[0];
    this.links.forEach((link, n) => this.pages[n] === page ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current"));
    const argument = rest.map(decodeURIComponent).join("/");
    const tag = page.path === "tickets" && argument ? "desk-ticket" : page.tag;
    if (this.outlet.firstElementChild?.localName === tag && tag === "desk-console") { this.outlet.firstElementChild.open(argument); return; }
    fill(this.outlet, h(tag, { argument }));
  };

  offline = () => { this.connection.hidden = false; };
  online = () => { this.connection.hidden = true; this.count(); };
  event = ({ detail }) => {
    if (detail.type === "queue" || detail.type === "lagged") this.count();
    if (detail.type === "message" && detail.topic?.startsWith("conversation:") && detail.message.actor === "customer" && document.hidden) {
      chime();
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
      toast(grave ? `${grave.severity} 级客户请求人工，请马上接待` : "有客户请求人工服务", grave ? "error" : "info");
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

  resize() {
    const sizes = ["s", "m", "l"];
    prefer("size", sizes[(sizes.indexOf(preference("size", "s")) + 1) % 3]);
    dress();
  }

  repaint() {
    prefer("theme", document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    dress();
  }

  keys = (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable], dialog");
    if (event.key === "?" && !typing && !event.ctrlKey) { event.preventDefault(); help(); }
  };
}

customElements.define("desk-shell", DeskShell);
