// The lines of one conversation. A line that did not change keeps its element, so that a reader's selection, focus and place stay.
import { empty, h } from "./dom.js";
import { dayLine, message, note } from "./line.js";
import { day } from "./when.js";

export class Log {
  #kept = new Map();

  constructor(conversation) {
    this.conversation = conversation;
    this.low = true;
    this.node = h("div.log", { role: "log", "aria-live": "polite", "aria-label": "消息", tabindex: "0" }, empty("正在读取…"));
    this.node.addEventListener("scroll", () => { this.low = this.#atBottom(); }, { passive: true });
    new ResizeObserver(() => { if (this.low) this.#bottom(); }).observe(this.node);             // the composer grew: the latest line stays in sight
  }

  show(messages, notes) {
    const lines = [...messages.map((data) => ["m", data]), ...notes.map((data) => ["n", data])].sort(([, a], [, b]) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    const wanted = this.#withDays(lines);
    const now = this.node.children;
    if (!wanted.length) this.node.replaceChildren(empty("还没有消息。"));
    else if ([...now].every((each, n) => each === wanted[n])) this.node.append(...wanted.slice(now.length));
    else this.node.replaceChildren(...wanted);
    if (this.low) this.#bottom();
  }

  jump(id) {
    const line = this.#kept.get(`m${id}`)?.element;
    if (!line) return false;
    this.low = false;
    line.scrollIntoView({ block: "center" });
    line.classList.remove("flash");
    requestAnimationFrame(() => line.classList.add("flash"));
    line.focus({ preventScroll: true });
    return true;
  }

  #withDays(lines) {
    const wanted = [];
    let today = null;
    for (const [kind, data] of lines) {
      if (day(data.at) !== today) wanted.push(this.#keep(`d${(today = day(data.at))}`, today, () => dayLine(data.at)));
      wanted.push(this.#keep(kind + data.id, JSON.stringify(data), () => (kind === "m" ? message : note)(data, this.conversation)));
    }
    return wanted;
  }

  #keep(key, value, build) {
    const known = this.#kept.get(key);
    if (known?.value === value) return known.element;
    const fresh = build(), element = known?.element.isEqualNode(fresh) ? known.element : fresh;
    this.#kept.set(key, { value, element });
    return element;
  }

  #atBottom() { return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < 80; }
  #bottom() { requestAnimationFrame(() => { this.node.scrollTop = this.node.scrollHeight; }); }
}
