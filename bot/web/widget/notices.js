/** What stands between header and log: the line is down, the system warms up, the place in the queue, a passing note. */
import { h } from "./element.js";
import { icon } from "./icons.js";
import { WORDS } from "./wording.js";

const NOTE_STAYS = 6000;

export class Notices {
  #line = h("div", { class: "notice line", hidden: true });
  #state = h("div", { class: "notice state", hidden: true, role: "status" });
  #note = h("div", { class: "notice note", hidden: true, role: "alert" });
  #spoken = h("div", { class: "hidden", role: "status" });
  #reconnect; #fading; #wasOffline = false;
  node = h("div", { class: "notices" }, this.#line, this.#state, this.#note, this.#spoken);

  constructor({ reconnect }) {
    this.#reconnect = reconnect;
  }

  /** Say something once, to screen readers only. */
  announce(words) {
    this.#spoken.textContent = "";
    requestAnimationFrame(() => (this.#spoken.textContent = words));
  }

  /** Something went wrong with what the customer did. */
  note(words) {
    this.#note.textContent = words;
    this.#note.hidden = false;
    clearTimeout(this.#fading);
    this.#fading = setTimeout(() => (this.#note.hidden = true), NOTE_STAYS);
  }

  showLine(status) {
    const offline = status === "offline";
    this.#line.hidden = status === "online" || status === "idle";
    this.#line.classList.toggle("offline", offline);
    this.#line.replaceChildren(offline ? WORDS.offline : WORDS.connecting);
    if (offline) this.#line.append(h("button", { type: "button", onclick: this.#reconnect }, WORDS.reconnect));
    if (offline && !this.#wasOffline) this.announce(WORDS.offline);
    if (status === "online" && this.#wasOffline) this.announce(WORDS.back);
    if (offline || status === "online") this.#wasOffline = offline;
  }

  showState(state) {
    const words = this.#wordsOf(state);
    this.#state.hidden = !words;
    if (words && this.#state.dataset.words !== words) this.#state.replaceChildren(icon(state.warming ? "chat" : "headset"), h("span", {}, words));
    this.#state.dataset.words = words ?? "";
  }

  #wordsOf({ owner, position, warming }) {
    if (owner === "queue" && (position === null || position === undefined)) return WORDS.queue;
    if (owner === "queue") return position > 1 ? WORDS.queueAt(position) : WORDS.queueFirst;
    return warming ? WORDS.warming : null;
  }
}
