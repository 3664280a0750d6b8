// One conversation: who said what, what may be done with it, and the composer.
import { act, actions } from "./actions.js";
import { empty, fill, h } from "./dom.js";
import { message, note } from "./line.js";
import { CHANNELS, STATES, customerName } from "./state.js";
import "./composer.js";

class DeskConversation extends HTMLElement {
  connectedCallback() { this.clear(); }

  clear() {
    this.detail = null;
    fill(this, h("h1.hidden", {}, "会话"), h("div.nothing", {}, h("p", {}, "从左边选一个会话，或按 j、k 上下移动，Enter 打开。"), h("p.muted", {}, "按 ? 查看全部快捷键。")));
  }

  loading(conversation) {
    if (this.detail?.id === conversation) return;
    this.detail = null;
    this.top = h("header.talk-head");
    this.log = h("div.log", { role: "log", "aria-live": "polite", "aria-label": "消息", tabindex: "0" }, empty("正在读取…"));
    this.activity = h("p.activity", { "aria-live": "polite" });
    this.composer = h("desk-composer", { conversation });
    fill(this, this.top, this.log, this.activity, this.composer);
  }

  update(detail) {
    const first = !this.detail;
    this.detail = detail;
    this.head();
    const low = first || this.atBottom();
    this.lines = new Map();
    const rows = [...detail.messages.map((m) => [m.at, this.keep(m)]), ...detail.notes.map((n) => [n.at, note(n)])].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    fill(this.log, rows.length ? rows.map(([, element]) => element) : empty("还没有消息。"));
    this.composer.update(detail, new Set(detail.messages.map((m) => m.metadata?.client_id).filter(Boolean)));
    if (low) this.bottom();
  }

  head() {
    const { detail } = this, handover = detail.handover, owner = detail.ownership;
    const place = owner.position ? `，第 ${owner.position} 位` : "";
    fill(this.top, h("div", {}, h("h1", { title: detail.id }, customerName(detail.id)),
      h("p.muted", {}, `${CHANNELS[detail.channel] || detail.channel} · `, h(`span.state.${owner.owner}`, {}, `${STATES[owner.state] || owner.state}${place}`),
        owner.agent ? ` · ${owner.agent}` : "", handover.instruction ? ` · 交代机器人：${handover.instruction}` : "")),
    h("div.row.wrap", {}, actions(detail, () => this.changed())));
  }

  keep(data) {
    const element = message(data);
    this.lines.set(data.id, element);
    return element;
  }

  add(data) {
    if (!this.detail || this.lines.has(data.id)) return;
    const low = this.atBottom();
    this.log.querySelector(".empty")?.remove();
    this.log.append(this.keep(data));
    this.detail.messages.push(data);
    this.composer.arrived(data.metadata?.client_id);
    if (data.actor === "customer") this.typing({ on: false, actor: "customer" });
    if (low) this.bottom();
  }

  addNote(data) {
    if (!this.detail || this.detail.notes.some((n) => n.id === data.id)) return;
    this.detail.notes.push(data);
    this.log.append(note(data));
    this.bottom();
  }

  typing({ actor, on, name }) {
    if (actor === "human" && name) return;
    clearTimeout(this.quiet);
    fill(this.activity, on ? (actor === "bot" ? "机器人正在回复…" : "客户正在输入…") : "");
    if (on) this.quiet = setTimeout(() => fill(this.activity), 6000);
  }

  jump(id) {
    const line = this.lines?.get(String(id));
    if (!line) return;
    line.scrollIntoView({ block: "center" });
    line.classList.remove("flash");
    requestAnimationFrame(() => line.classList.add("flash"));
    line.focus({ preventScroll: true });
  }

  atBottom() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80; }
  bottom() { requestAnimationFrame(() => { this.log.scrollTop = this.log.scrollHeight; }); }
  write(kind) { this.composer?.write(kind); }
  insert(text) { this.composer?.insert(text); }
  act(event) { if (this.detail) act(event, this.detail, () => this.changed()); }
  changed() { this.dispatchEvent(new CustomEvent("changed", { bubbles: true })); }
}

customElements.define("desk-conversation", DeskConversation);
