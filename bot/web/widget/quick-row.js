/** Above the input: 转人工, always at hand while the robot has the conversation, and the order this is about. */
import { h } from "./element.js";
import { icon } from "./icons.js";
import { WORDS } from "./wording.js";

export class QuickRow {
  #human = h("button", { type: "button", class: "quick human" }, icon("headset"), h("span", {}, WORDS.askHuman));
  #order = h("span", { class: "quick order", hidden: true });
  node = h("div", { class: "quick-row" }, this.#human, this.#order);

  constructor({ askHuman, dropOrder }) {
    this.#human.addEventListener("click", askHuman);
    this.#drop = dropOrder;
  }

  #drop;

  /** @param calling 转人工 was tapped and is on its way */
  show({ owner, calling, order }) {
    this.#human.hidden = owner !== "bot";
    this.#human.disabled = calling;
    this.#human.lastChild.textContent = calling ? WORDS.calledHuman : WORDS.askHuman;
    this.#showOrder(order);
    this.node.hidden = this.#human.hidden && this.#order.hidden;
  }

  #showOrder(order) {
    this.#order.hidden = !order;
    if (!order || this.#order.dataset.order === order) return;
    this.#order.dataset.order = order;
    const drop = h("button", { type: "button", "aria-label": WORDS.dropOrder, title: WORDS.dropOrder, onclick: this.#drop }, icon("close"));
    this.#order.replaceChildren(icon("box"), h("span", {}, WORDS.order(order)), drop);
  }
}
