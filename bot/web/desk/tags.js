// Tags of a conversation: short words that staff put on it.
import { DESK, post } from "./api.js";
import { button, field, h } from "./dom.js";
import { ask, attempt } from "./notice.js";
import { may } from "./state.js";

export function tags(detail, changed) {
  if (!detail.tags) return null;
  const set = (tag, on) => post(`${DESK}/tags`, { conversation: detail.id, tag, on }).then(changed);
  return h("p.line.wrap.tags", {}, detail.tags.map((tag) => h("span.chip.accent", {}, tag, may("chat") && h("button", { type: "button", "aria-label": `去掉标签 ${tag}`, title: "去掉", onclick: () => attempt(() => set(tag, false)) }, "×"))),
    may("chat") ? button("＋ 标签", () => ask("贴标签", field("标签", h("input", { name: "tag", required: true, maxlength: 30 })), (form) => set(form.elements.tag.value.trim(), true), { action: "贴上" }), { kind: "quiet.add" }) : null);
}
