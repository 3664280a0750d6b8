/** The button in the corner, with the number of unread messages. */
import { h } from "./element.js";
import { icon } from "./icons.js";
import { WORDS } from "./wording.js";

export class Launcher {
  #count = h("span", { class: "unread", hidden: true, "aria-hidden": "true" });
  #label;

  constructor({ label, open }) {
    this.#label = label;
    const words = h("span", { class: "label" }, label);
    this.node = h("button", { type: "button", class: "launcher", part: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: open }, icon("chat"), words, this.#count);
    this.show({ unread: 0, open: false });
  }

  show({ unread, open }) {
    this.node.hidden = open;
    this.node.setAttribute("aria-expanded", String(open));
    this.node.setAttribute("aria-label", unread ? `${this.#label}，${WORDS.unread(unread)}` : this.#label);
    this.#count.hidden = unread === 0;
    this.#count.textContent = unread > 99 ? "99+" : String(unread);
  }
}
