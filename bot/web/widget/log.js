/** The conversation on screen. Nodes are made once and kept, so that nothing is read out, animated or focused twice. */
import { choicesNode } from "./choices.js";
import { h } from "./element.js";
import { icon } from "./icons.js";
import { avatar, messageNode, speakerOf } from "./message.js";
import { dayKey, dayName } from "./when.js";
import { WORDS } from "./wording.js";

const NEAR_BOTTOM = 80;
const SAME_BREATH = 3 * 60 * 1000;

export class Log {
  #nodes = new Map();
  #list = h("div", { class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": WORDS.log, tabindex: "-1", lang: "zh-CN" });
  #newer = h("button", { type: "button", class: "newer", hidden: true, onclick: () => this.toBottom() }, icon("down"), WORDS.newMessage);
  #actions;
  /** Follow new messages, until the customer scrolls up to read. */
  #stick = true;
  node = h("div", { class: "log-frame" }, this.#list, this.#newer);

  /** @param actions {{choose(option, row), again(clientId), announce(text)}} */
  constructor(actions) {
    this.#actions = actions;
    const follow = () => this.#stick && this.toBottom();
    this.#list.addEventListener("load", follow, true);
    new ResizeObserver(follow).observe(this.#list);
    this.#list.addEventListener("scroll", () => this.#scrolled(), { passive: true });
  }

  /** While history loads, screen readers stay quiet. */
  set quiet(quiet) {
    this.#list.setAttribute("aria-live", quiet ? "off" : "polite");
  }

  focus() {
    this.#list.focus();
  }

  toBottom() {
    this.#list.scrollTop = this.#list.scrollHeight;
    this.#newer.hidden = true;
    this.#stick = true;
  }

  /** @param view {{rows, question, online, typing: "bot"|"human"|null, typist, botName, server, more}} */
  render(view) {
    const stick = this.#stick;
    const wanted = [...this.#wanted(view)];
    const grew = this.#place(wanted);
    if (stick || view.rows.at(-1)?.status === "sending") this.toBottom();
    else if (grew) this.#newer.hidden = false;
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#list;
    this.#stick = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM;
    if (this.#stick) this.#newer.hidden = true;
  }

  /** The keyed nodes that should stand in the list, in order. */
  *#wanted(view) {
    yield this.#node(`welcome:${view.botName}`, () => welcome(view.botName));
    if (view.more) yield this.#node("earlier", () => h("div", { class: "earlier" }, WORDS.earlier));
    const tickets = new Set();
    let before = null;
    for (const row of view.rows) {
      const at = new Date(row.at);
      if (!before || dayKey(new Date(before.at)) !== dayKey(at)) yield this.#node(`day:${dayKey(at)}`, () => h("div", { class: "day" }, dayName(at)));
      yield this.#message(row, view, tickets, before);
      if (row === view.question) yield* this.#choices(row);
      before = row;
    }
    if (view.typing) yield this.#node(`typing:${view.typing}`, () => typing(view.typing, view.typist));
  }

  #message(row, view, tickets, before) {
    const ticket = row.metadata?.ticket;
    const newTicket = Boolean(ticket) && !tickets.has(ticket);
    if (newTicket) tickets.add(ticket);
    const made = this.#node(`row:${row.key}`, () => messageNode(row, { ...view, newTicket, announce: this.#actions.announce }));
    made.node.classList.toggle("continued", continues(row, before));
    this.#showDelivery(made.node, row, row.status === "sending" && !view.online ? "waiting" : row.status);
    return made;
  }

  #choices(row) {
    const key = `ask:${row.key}`;
    const made = this.#nodes.get(key) ?? choicesNode(row, (option) => this.#actions.choose(option, row));
    return made ? [this.#node(key, () => made)] : [];
  }

  #node(key, make) {
    const node = this.#nodes.get(key) ?? make();
    this.#nodes.set(key, node);
    return { key, node };
  }

  #showDelivery(node, row, status) {
    if (row.actor !== "customer" || node.dataset.status === status) return;
    node.dataset.status = status;
    node.querySelector(".delivery")?.remove();
    const again = status === "failed" && h("button", { type: "button", class: "again", onclick: () => this.#actions.again(row.key) }, WORDS.sendAgain);
    node.querySelector(".signature").append(h("span", { class: `delivery ${status}`, "aria-hidden": status !== "failed" && "true" }, WORDS[status], again));
  }

  /** Put the nodes in place, moving only what is out of place. True if a message was added. */
  #place(wanted) {
    const keys = new Set(wanted.map(({ key }) => key));
    for (const [key, node] of this.#nodes) {
      if (keys.has(key)) continue;
      node.remove();
      this.#nodes.delete(key);
    }
    let grew = false;
    let next = this.#list.firstChild;
    for (const { key, node } of wanted) {
      if (node === next) {
        next = next.nextSibling;
        continue;
      }
      grew ||= !node.isConnected && key.startsWith("row:");
      this.#list.insertBefore(node, next);
    }
    return grew;
  }
}

/** Same speaker within three minutes: no need to say again who. */
function continues(row, before) {
  if (!before || speakerOf(row) !== speakerOf(before) || row.name !== before.name) return false;
  return Math.abs(new Date(row.at) - new Date(before.at)) < SAME_BREATH;
}

function welcome(botName) {
  return h("div", { class: "welcome" }, avatar("bot"), h("p", { class: "invite" }, WORDS.welcomeInvite), h("p", {}, WORDS.welcome(botName)));
}

function typing(actor, name) {
  const dots = h("div", { class: "bubble typing" }, h("i"), h("i"), h("i"), h("span", { class: "hidden" }, WORDS.typing(name)));
  return h("div", { class: `message ${actor}`, "aria-live": "off" }, avatar(actor), h("div", { class: "body" }, dots));
}
