// The three panes: inbox, conversation, packet. On a phone one at a time, chosen by tabs.
import { DESK, get } from "./api.js";
import { button, fill, h } from "./dom.js";
import { attempt } from "./notice.js";
import { live } from "./state.js";
import { synchronise } from "./when.js";
import "./inbox.js";
import "./consults.js";
import "./conversation.js";
import "./packet.js";

const RECENT = 30;            // so many lines are read again, for what became of them; older ones stay as they are
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
    live.addEventListener("opened", this.opened);
    this.addEventListener("changed", this.refresh);
    this.addEventListener("jump", ({ detail }) => { this.show("talk"); this.talk.jump(detail); });
    this.addEventListener("insert", ({ detail }) => { this.show("talk"); this.talk.insert(detail); });
    this.open(this.getAttribute("argument"), this.getAttribute("at"));
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.keys);
    live.removeEventListener("event", this.event);
    live.removeEventListener("online", this.refresh);
    live.removeEventListener("opened", this.opened);
  }

  show(pane) {
    this.dataset.pane = pane;
    Object.keys(PANES).forEach((each, n) => this.tabs[n].setAttribute("aria-pressed", String(each === pane)));
  }

  async open(conversation, at = null) {
    this.conversation = conversation || null;
    this.inbox.select(this.conversation);
    if (!conversation) { this.talk.clear(); this.packet.clear(); return; }
    live.open(conversation);
    this.show("talk");
    this.talk.loading(conversation);
    await this.load();
    if (at) this.talk.jump(at);
    this.inbox.read(conversation);
  }

  // Reads are numbered: an answer that a later one has overtaken is dropped.
  async load() {
    const wanted = this.conversation, turn = (this.turn = (this.turn || 0) + 1);
    if (!wanted) return;
    const known = this.talk.detail?.id === wanted ? this.talk.detail.messages : [], after = known.at(-RECENT)?.id;
    const detail = await attempt(() => get(`${DESK}/conversation`, { id: wanted, after }), { quiet: !live.connected });
    if (!detail || wanted !== this.conversation || turn !== this.turn) return;
    if (after) detail.messages = [...known.filter((message) => Number(message.id) <= Number(after)), ...detail.messages];
    synchronise(detail.now);
    this.talk.update(detail);
    this.packet.update(detail);
  }

  // From now on we hear everything; what was said a moment before is read once more.
  opened = () => this.soon();
  refresh = () => { this.inbox.load(); this.load(); };

  event = ({ detail }) => {
    const here = `conversation:${this.conversation}`;
    if (detail.topic === here && detail.type === "message") { this.talk.add(detail.message); this.soon(); }
    else if (detail.type === "typing" && (detail.topic === here || detail.conversation === this.conversation)) { this.talk.typing(detail); return; }
    else if (detail.topic === here && detail.type === "state") this.soon();
    else if (detail.type === "note" && detail.note.conversation === this.conversation) this.talk.addNote(detail.note);
    else if (detail.type === "lagged") this.refresh();
    if (detail.type === "queue" || (detail.topic === "desk" && detail.type === "message" && this.inbox.shows(detail.conversation))) this.inbox.soon();
    if (detail.topic === "desk" && detail.conversation === this.conversation && this.conversation) this.soon();
  };

  // The packet follows the talk, at most once a second.
  soon() { this.pending ??= setTimeout(() => { this.pending = null; this.load(); }, 700); }

  keys = (event) => {
    if (event.key === "Escape" && event.target.closest("desk-conversation, desk-packet")) { event.target.blur(); this.show("list"); this.inbox.focusSelected(); return; }
    if (event.target.closest("input, textarea, select, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
    const acts = { j: () => this.inbox.step(1), k: () => this.inbox.step(-1), r: () => this.talk.write("reply"), n: () => this.talk.write("note"), t: () => this.talk.act("take"),
      e: () => this.talk.act("return"), w: () => this.talk.act("wrap_up"), x: () => this.talk.act("transfer"), m: () => this.talk.macro(), i: () => { this.show("facts"); this.packet.focus(); }, "/": () => { this.show("list"); this.inbox.search.focus(); } };
    if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
  };
}

customElements.define("desk-console", DeskConsole);
