/** Who is at the other end: robot or person, with the badge to say so. */
import { h } from "./element.js";
import { icon } from "./icons.js";
import { avatar, badge } from "./message.js";
import { keep, recall } from "./storage.js";
import { WORDS } from "./wording.js";

const FACES = { small: "A-", normal: "A", large: "A+" };

export class Header {
  #who = h("div", { class: "who" });
  #shown = "";

  constructor({ resize, close }) {
    const shut = h("button", { type: "button", class: "shut", "aria-label": WORDS.close, title: WORDS.close, onclick: close }, icon("close"));
    this.node = h("header", {}, this.#who, new TextSize(resize).node, shut);
  }

  show({ state, botName, service }) {
    const human = state.owner === "human";
    const name = human ? state.agent ?? WORDS.humanTitle : botName;
    const key = [human, name, service].join("|");
    if (key === this.#shown) return;
    this.#shown = key;
    const title = h("div", { class: "names" }, h("h2", {}, h("span", { class: "name" }, name), badge(human)), h("div", { class: "service" }, service));
    this.#who.replaceChildren(avatar(human ? "human" : "bot"), title);
  }
}

/** A- A A+, remembered. */
class TextSize {
  #apply;
  node = h("div", { class: "sizes", role: "group", "aria-label": WORDS.textSize });

  /** @param apply called with small | normal | large */
  constructor(apply) {
    this.#apply = apply;
    for (const [size, face] of Object.entries(FACES)) {
      this.node.append(h("button", { type: "button", "data-size": size, "aria-label": WORDS.sizes[size], title: WORDS.sizes[size], onclick: () => this.#choose(size) }, face));
    }
    this.#show(recall("size", "normal"));
  }

  #choose(size) {
    keep("size", size);
    this.#show(size);
  }

  #show(size) {
    for (const button of this.node.children) button.setAttribute("aria-pressed", String(button.dataset.size === size));
    this.#apply(size);
  }
}
