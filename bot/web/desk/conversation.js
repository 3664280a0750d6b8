// One conversation: who said what, what may be done with it, and the composer.
import { act, actions } from "./actions.js";
import { fill, h } from "./dom.js";
import { Log } from "./log.js";
import { CHANNELS, STATES, customerName } from "./state.js";
import { quota } from "./quota.js";
import { tags } from "./tags.js";
import "./composer.js";

class DeskConversation extends HTMLElement {
  connectedCallback() { this.clear(); }

  clear() {
    this.detail = this.log = null;
    fill(this, h("h1.hidden", {}, "会话"), h("div.nothing", {}, h("p", {}, "从左边选一个会话，或按 j、k 上下移动，Enter 打开。"), h("p.muted", {}, "按 ? 查看全部快捷键。")));
  }

  loading(conversation) {
    if (this.detail?.id === conversation) return;
    this.detail = null;
    this.top = h("header.talk-head", {}, h("h1", {}, customerName(conversation)));
    this.log = new Log(conversation);
    this.activity = h("p.activity", { "aria-live": "polite" });
    this.composer = h("desk-composer", { conversation });
    fill(this, this.top, this.log.node, this.activity, this.composer);
  }

  update(detail) {
    this.detail = detail;
    this.head();
    this.log.show(detail.messages, detail.notes);
    this.composer.update(detail);
  }

  head() {
    const { detail } = this, handover = detail.handover, owner = detail.ownership;
    const place = owner.position ? `，第 ${owner.position} 位` : "";
    const fresh = h("header.talk-head", {}, h("div.about", {}, h("div.line.wrap", {}, h("h1", { title: detail.id }, nameOf(detail)), tags(detail, () => this.changed())),
      h("p.muted", {}, `${CHANNELS[detail.channel] || detail.channel} · `, h(`span.state.${owner.owner}`, {}, `${STATES[owner.state] || owner.state}${place}`),
        owner.agent ? ` · ${owner.agent}` : "", handover.joined.length ? ` · ${handover.joined.length} 位主管在场` : "", quota(detail.channel_quota))),
    h("div.row.wrap.moves", { role: "group", "aria-label": "对这个会话" }, actions(() => this.detail, () => this.changed())),
    handover.instruction ? h("p.instruction", {}, h("span.muted", {}, "给机器人的交代："), handover.instruction) : null);
    if (fresh.isEqualNode(this.top)) return;              // a focused button stays the same button
    const held = this.top.contains(document.activeElement) ? document.activeElement.textContent : null;
    this.top.replaceWith(fresh);
    this.top = fresh;
    if (held) [...fresh.querySelectorAll("button")].find((each) => each.textContent === held)?.focus();
  }

  add(data) {
    if (!this.detail || this.detail.messages.some((m) => m.id === data.id)) return;
    this.detail.messages.push(data);
    this.update(this.detail);
    if (data.actor === "customer") this.typing({ on: false, actor: "customer" });
  }

  addNote(data) {
    if (!this.detail || this.detail.notes.some((n) => n.id === data.id)) return;
    this.detail.notes.push(data);
    this.log.show(this.detail.messages, this.detail.notes);
  }

  typing({ actor, on = true, name }) {
    if (!this.activity || (actor === "human" && name)) return;
    clearTimeout(this.quiet);
    fill(this.activity, on ? (actor === "bot" ? "机器人正在回复…" : "客户正在输入…") : "");
    if (on) this.quiet = setTimeout(() => fill(this.activity), 6000);
  }

  jump(id) { return this.log?.jump(id); }
  macro() { this.composer?.macro(); }
  write(kind) { this.composer?.write(kind); }
  insert(text) { this.composer?.insert(text); }
  act(event) { if (this.detail) act(event, this.detail, () => this.changed()); }
  changed() { this.dispatchEvent(new CustomEvent("changed", { bubbles: true })); }
}

const nameOf = ({ id, packet }) => {
  const told = packet.facts.find((each) => each.fact === "contact_name")?.value;
  return told ? `${told}（${customerName(id)}）` : customerName(id);
};

customElements.define("desk-conversation", DeskConversation);
