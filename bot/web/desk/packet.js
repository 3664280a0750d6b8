// The packet beside the conversation: one panel per file in panels/, in the order of that list.
import { fill, h } from "./dom.js";
import { panels } from "./panels/index.js";
import { keepMine, mine } from "./state.js";

class DeskPacket extends HTMLElement {
  connectedCallback() { this.clear(); }
  clear() { fill(this, h("p.empty", {}, "选中会话后，这里显示案件要点。")); this.conversation = null; }

  // A panel that says the same as before keeps its elements: nothing moves under the reader's eyes or hands.
  update(detail) {
    if (this.conversation !== detail.id) { fill(this); this.scrollTop = 0; }
    this.conversation = detail.id;
    const wanted = panels.map((panel) => this.panel(panel, detail)).filter(Boolean);
    if (wanted.length !== this.children.length || wanted.some((each, n) => each !== this.children[n])) fill(this, wanted);
  }

  panel({ id, title, folded = false, render }, detail) {
    const body = render(detail);
    if (!body || (Array.isArray(body) && !body.some(Boolean))) return null;
    const fresh = h("div.body", {}, body), known = this.querySelector(`[data-panel="${id}"]`);
    if (!known) return h("details.panel", { "data-panel": id, open: !this.isFolded(id, folded), ontoggle: (event) => this.fold(id, !event.target.open) }, h("summary", {}, title), fresh);
    if (!known.lastElementChild.isEqualNode(fresh)) known.lastElementChild.replaceWith(fresh);
    return known;
  }

  isFolded(id, usually) { return JSON.parse(mine("folded", "{}"))[id] ?? usually; }
  fold(id, folded) { keepMine("folded", JSON.stringify({ ...JSON.parse(mine("folded", "{}")), [id]: folded })); }
}

customElements.define("desk-packet", DeskPacket);
