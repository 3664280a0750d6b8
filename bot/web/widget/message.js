/** One message: who, when, bubble, photo, ticket chip, delivery state. */
import { h } from "./element.js";
import { icon } from "./icons.js";
import { textNodes } from "./text.js";
import { clockOf } from "./when.js";
import { WORDS } from "./wording.js";

export const speakerOf = (row) => (row.actor === "staff" || row.metadata?.actor === "human" ? "human" : row.actor);

/** @param context {{botName: string, server: string, newTicket: boolean, announce(text: string): void}} */
export function messageNode(row, context) {
  const speaker = speakerOf(row);
  if (speaker === "system") return h("div", { class: "message system" }, h("span", { class: "hidden" }, `${WORDS.system}：`), ...textNodes(row.text));
  const safety = row.metadata?.stage === "safety" && speaker === "bot";
  const bubble = h("div", { class: safety ? "bubble safety" : "bubble" });
  if (row.attachment) bubble.append(attachmentNode(row.attachment, context.server));
  if (row.text) bubble.append(...textNodes(row.text, { callable: safety }));
  if (context.newTicket) bubble.append(ticketChip(row.metadata.ticket, context.announce));
  const body = h("div", { class: "body" }, signature(row, speaker, context.botName), bubble);
  return h("div", { class: `message ${speaker}` }, speaker === "customer" ? null : avatar(speaker), body);
}

/** The line above a bubble. For the customer only screen readers need a name. */
function signature(row, speaker, botName) {
  const at = new Date(row.at);
  const time = h("time", { datetime: row.at }, Number.isNaN(at.getTime()) ? "" : clockOf(at));
  if (speaker === "customer") return h("div", { class: "signature" }, h("span", { class: "hidden" }, WORDS.you), time);
  const human = speaker === "human";
  const name = row.name ?? (human ? WORDS.humanTitle : botName);
  return h("div", { class: "signature" }, h("span", { class: "name" }, name), badge(human), time);
}

export const badge = (human) => h("span", { class: human ? "badge human" : "badge" }, human ? WORDS.human : WORDS.bot);

export function avatar(speaker) {
  return h("span", { class: `avatar ${speaker}`, "aria-hidden": "true" }, speaker === "human" ? icon("person") : "听");
}

function attachmentNode(attachment, server) {
  const url = safeUrl(attachment.url, server);
  if (!url) return h("p", {}, attachment.name ?? "");
  const image = (attachment.type ?? "").startsWith("image/");
  const label = WORDS.photoOf(attachment.name ?? "");
  const shown = image ? h("img", { src: url, alt: label, loading: "lazy", decoding: "async" }) : attachment.name ?? url;
  return h("a", { class: image ? "photo" : "file", href: url, target: "_blank", rel: "noopener noreferrer" }, shown);
}

/** http(s) only: no javascript:, no data: pages. */
function safeUrl(url, server) {
  try {
    const whole = new URL(url, server);
    return ["http:", "https:"].includes(whole.protocol) ? whole.href : null;
  } catch {
    return null;
  }
}

/** The complaint's number with a button that copies it. */
function ticketChip(number, announce) {
  const action = h("span", { class: "action" }, WORDS.copy);
  const chip = h("button", { type: "button", class: "ticket" }, h("span", { class: "label" }, WORDS.ticket), h("span", { class: "value" }, number), action);
  chip.addEventListener("click", async () => {
    const done = await copy(number, chip);
    action.textContent = done ? WORDS.copied : WORDS.copy;
    announce(done ? WORDS.copied : WORDS.copyFailed);
    if (done) setTimeout(() => (action.textContent = WORDS.copy), 2500);
  });
  return chip;
}

/** The clipboard API needs https; the old way works without. */
async function copy(text, beside) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = h("textarea", { class: "hidden", readonly: true });
    field.value = text;
    beside.after(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    beside.focus();
    return done;
  }
}
