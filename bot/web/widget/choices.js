/** The answers a question offers: buttons, numbered cards, the consent card, stars. */
import { h } from "./element.js";
import { icon, star } from "./icons.js";
import { WORDS } from "./wording.js";

/** @param choose called with {id, label}; returns null when there is nothing to tap. */
export function choicesNode(row, choose) {
  const { asks, options = [] } = row.metadata ?? {};
  if (asks === "rating") return rating(options, choose);
  if (!options.length) return null;
  if (asks === "option") return cards(options, choose);
  if (asks === "consent") return consent(options, choose);
  return buttons(options, choose);
}

function buttons(options, choose) {
  const group = h("div", { class: "choices buttons", role: "group", "aria-label": WORDS.choices });
  for (const option of options) group.append(h("button", { type: "button", class: "choice", onclick: () => choose(option) }, option.label));
  return group;
}

/** A remedy is a title and often an explanation after the first colon or line break. */
function cards(options, choose) {
  const group = h("div", { class: "choices cards", role: "group", "aria-label": WORDS.choices });
  options.forEach((option, index) => {
    const [, title, detail] = /^([^：\n]{1,18})[：\n]\s*([^]+)$/.exec(option.label) ?? [null, option.label, null];
    const words = h("span", { class: "words" }, h("span", { class: "title" }, title), detail && h("span", { class: "detail" }, detail));
    group.append(h("button", { type: "button", class: "card", onclick: () => choose(option) }, h("span", { class: "index" }, String(index + 1)), words));
  });
  return group;
}

/** Two answers of equal weight: neither is coloured, neither comes bigger. */
function consent(options, choose) {
  const heading = h("div", { class: "heading" }, icon("shield"), WORDS.consent);
  const answers = options.map((option) => h("button", { type: "button", class: "choice", onclick: () => choose(option) }, option.label));
  return h("div", { class: "choices consent", role: "group", "aria-label": WORDS.consent }, heading, h("div", { class: "answers" }, answers));
}

function rating(options, choose) {
  const group = h("div", { class: "choices rating", role: "group", "aria-label": WORDS.rating });
  const stars = h("div", { class: "stars" });
  fiveOf(options).forEach((option, index) => {
    const label = `${WORDS.stars(index + 1)}，${WORDS.starMeaning[index]}`;
    stars.append(h("button", { type: "button", class: "star", "aria-label": label, title: WORDS.starMeaning[index], onclick: () => choose(option) }, star()));
  });
  group.append(stars, h("div", { class: "hint", "aria-hidden": "true" }, WORDS.starHint));
  return group;
}

/** One star first, whatever the order sent; without five options the number itself is the answer. */
function fiveOf(options) {
  const numbered = options.map((option) => [Number(/\d+/.exec(option.id)?.[0]), option]).filter(([number]) => number >= 1 && number <= 5);
  if (numbered.length === 5) return numbered.sort(([a], [b]) => a - b).map(([, option]) => option);
  return [1, 2, 3, 4, 5].map((count) => ({ id: String(count), label: WORDS.stars(count) }));
}
