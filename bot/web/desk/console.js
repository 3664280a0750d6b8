// The three panes: inbox, conversation, packet. On a phone one at a time, chosen by tabs.
import { DESK, get } from "./api.js";
import { button, fill, h } from "./dom.js";
import { attempt } from "./notice.js";
import { live } from "./state.js";
import "./inbox.js";
import "./conversation.js";
import "./packet.js";

const PANES = { list: "列表", talk: "对话", facts: "资料" };

class DeskConsole extends HTMLElement {
  connectedCallback() {
    this.inbox = h("desk-inbox", { "aria-label": "会话列表", role: "region" });
    this.talk = h("desk-conversation", { "aria-label": "对话", role: "region" });
    this.packet = h("desk-packet", { "aria-label": "案件资料", role: "region", tabindex: "0" });
    this.tabs = Object.entries(PANES).map(([pane, label]) => button(label, () => this.show(pane)));
    fill(this, h("div.panes-tabs", { role: "group", "aria-label": "切换区域" }, this.tabs), this.inbox, this.talk, this.packet);
    this.show("list");
    document.addEventListener("keydown", this.keys);
    live.addEventListener("event", this.event);
    live.addEventListener("online", this.refresh);
    this.addEventListener("changed", this.refresh);
    this.addEventListener("jump", ({ detail }) => { this.show("talk"); this.talk.jump(detail); });
    this.addEventListener("insert", ({ detail }) => { this.show("talk"); this.talk.insert(detail); });
    this.open(this.getAttribute("argument"));
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.keys);
    live.removeEventListener("event", this.event);
    live.removeEventListener("online", this.refresh);
  }

  show(pane) {
    this.dataset.pane = pane;
    Object.keys(PANES).forEach((each, n) => this.tabs[n].setAttribute("aria-pressed", String(each === pane)));
  }

  async open(conversation) {
    this.conversation = conversation || null;
    this.inbox.select(this.conversation);
    if (!conversation) { this.talk.clear(); this.packet.clear(); return; }
    live.open(conversation);
    this.show("talk");
    this.talk.loading(conversation);
    await this.load();
    this.inbox.read(conversation);
  }

  // Reads are numbered: an answer that a later one has overtaken is dropped.
  async load() {
    const wanted = this.conversation, turn = (this.turn = (this.turn || 0) + 1);
    if (!wanted) return;
    const detail = await attempt(() => get(`${DESK}/conversation`, { id: wanted }));
    if (!detail || wanted !== this.conversation || turn !== this.turn) return;
    this.talk.update(detail);
    this.packet.update(detail);
  }

  refresh = () => { this.inbox.load(); this.load(); };

  event = ({ detail }) => {
    const here = `conversation:${this.conversation}`;
    if (detail.topic === here && detail.type === "message") { this.talk.add(detail.message); this.soon(); }
    else if (detail.topic === here && detail.type === "typing") this.talk.typing(detail);
    else if (detail.topic === here && detail.type === "state") this.soon();
    else if (detail.type === "note" && detail.note.conversation === this.conversation) this.talk.addNote(detail.note);
    else if (detail.type === "lagged") this.refresh();
    if (detail.type === "queue" || (detail.topic === "desk" && detail.type === "message" && this.inbox.shows(detail.conversation))) this.inbox.soon();
    if (detail.topic === "desk" && detail.conversation === this.conversation && this.conversation) this.soon();
  };

  // The packet follows the talk, at most once a second.
  soon() { this.pending ??= setTimeout(() => { this.pending = null; this.load(); }, 700); }

  keys = (event) => {
    if (event.key === "Escape" && event.target.closest("desk-conversation")) { event.target.blur(); this.show("list"); this.inbox.focusSelected(); return; }
    if (event.target.closest("input, textarea, select, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
    const acts = { j: () => this.inbox.step(1), k: () => this.inbox.step(-1), r: () => this.talk.write("reply"), n: () => this.talk.write("note"), t: () => this.talk.act("take") };
    if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
  };
}

customElements.define("desk-console", DeskConsole);
