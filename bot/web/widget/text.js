/** A message's text as paragraphs, with numbered lines set as a list. Text nodes only. */
import { h } from "./element.js";

const NUMBERED = /^\s*(\d{1,2}[.、)）]|[①-⑳])\s*(.+)$/;
const EMERGENCY = /(?<!\d)(110|119|120|122|12315|12345|12356|12378|96110)(?!\d)/;

/** @param callable make the emergency numbers tappable (safety messages) */
export function textNodes(text, { callable = false } = {}) {
  return text.split("\n").map((line) => {
    const [, number, rest] = NUMBERED.exec(line) ?? [];
    if (number) return h("p", { class: "numbered" }, h("span", { class: "number" }, number), h("span", {}, ...words(rest, callable)));
    return line.trim() ? h("p", {}, ...words(line, callable)) : h("p", { class: "gap" });
  });
}

function words(line, callable) {
  if (!callable) return [line];
  return line.split(EMERGENCY).map((part, index) => (index % 2 ? h("a", { href: `tel:${part}`, class: "call" }, part) : part));
}
