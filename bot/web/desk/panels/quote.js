// The customer's own sentence, leading to where it was said.
import { h } from "../dom.js";

export function quote(text, message, { title = "跳到这句话" } = {}) {
  if (!text) return null;
  if (!message) return h("q.quote", {}, text);
  return h("button.quote", {
    type: "button", title,
    onclick: (event) => event.currentTarget.dispatchEvent(new CustomEvent("jump", { bubbles: true, detail: message })),
  }, `“${text}”`);
}

export function insert(text) {
  return (event) => event.currentTarget.dispatchEvent(new CustomEvent("insert", { bubbles: true, detail: text }));
}
