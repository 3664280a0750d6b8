// The packet beside the conversation: one panel per file in panels/, in the order of that list.
import { fill, h } from "./dom.js";
import { panels } from "./panels/index.js";

class DeskPacket extends HTMLElement {
  connectedCallback() { this.clear(); }
  clear() { fill(this, h("p.empty", {}, "选中会话后，这里显示案件要点。")); this.conversation = null; }

  // A panel answers null when it has nothing true to show; what the reader folded stays folded.
  update(detail) {
    const folded = new Set([...this.querySelectorAll("details:not([open])")].map((each) => each.dataset.panel));
    const top = this.conversation === detail.id ? this.scrollTop : 0;
    this.conversation = detail.id;
    fill(this, panels.map(({ id, title, render }) => {
      const body = render(detail, this);
      return body && h("details.panel", { "data-panel": id, open: !folded.has(id) }, h("summary", {}, title), h("div.body", {}, body));
    }));
    this.scrollTop = top;
  }
}

customElements.define("desk-packet", DeskPacket);
