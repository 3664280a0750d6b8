// L4: somebody may be in danger. Everybody hears it and sees it on every page until one person has taken it.
import { DESK, get } from "./api.js";
import { fill, h } from "./dom.js";
import { chime, notify } from "./notice.js";
import { customerName, live } from "./state.js";

const SILENT_AFTER = 40_000;

class DeskRinging extends HTMLElement {
  connectedCallback() {
    this.calls = new Map();
    this.setAttribute("role", "alert");
    live.addEventListener("event", this.event);
  }

  disconnectedCallback() { live.removeEventListener("event", this.event); this.calls.forEach(({ timer }) => clearTimeout(timer)); }

  event = ({ detail }) => {
    if (detail.type === "ring") this.ring(detail);
    else if (detail.type === "queue" && this.calls.has(detail.conversation)) this.look(detail.conversation);
  };

  ring({ conversation, severity, ticket }) {
    clearTimeout(this.calls.get(conversation)?.timer);
    this.calls.set(conversation, { severity, ticket, timer: setTimeout(() => this.silence(conversation), SILENT_AFTER) });
    chime(true, { force: true });
    notify(`${severity} 级紧急求助，请马上接待`);
    this.show();
  }

  // Somebody has it as soon as it waits no longer.
  async look(conversation) {
    const queue = await get(`${DESK}/queue`).catch(() => null);
    if (queue && !queue.items.some((item) => item.conversation === conversation)) this.silence(conversation);
  }

  silence(conversation) {
    clearTimeout(this.calls.get(conversation)?.timer);
    if (this.calls.delete(conversation)) this.show();
  }

  show() {
    fill(this, [...this.calls].map(([conversation, { severity }]) => h("p.alarm", {}, h("strong", {}, `${severity} 级紧急求助`), h("span", {}, customerName(conversation)),
      h("a.btn.danger", { href: `#/chat/${encodeURIComponent(conversation)}` }, "马上去接"))));
  }
}

customElements.define("desk-ringing", DeskRinging);
