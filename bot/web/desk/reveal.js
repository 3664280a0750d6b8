// Personal data is masked; whoever needs it says why, sees it for a while, and the look is written down.
import { DESK, post } from "./api.js";
import { button, field, h } from "./dom.js";
import { ask } from "./notice.js";
import { may } from "./state.js";

const KINDS = { phone: "电话", email: "邮箱", id_number: "证件号", bank_card: "卡号", address: "门牌" };
const SHOWN_FOR = 60_000;

// `where`: {conversation | ticket, field | message}; `show(value)` puts it in the place of the mask, `show(null)` takes it away.
export function reveal(where, what, show) {
  if (!may("reveal")) return null;
  return button("显示", () => ask(`显示${what}`, [h("p", {}, "只在处理这件事需要时查看。查看人、时间和理由会被记录，审计可见。"),
    field("理由", h("input", { name: "reason", required: true, minlength: 2, maxlength: 500, placeholder: "例如：按客户要求回电" }))], async (form) => {
    const { value } = await post(`${DESK}/reveal`, { ...where, reason: form.elements.reason.value.trim() });
    show(value);
    setTimeout(() => show(null), SHOWN_FOR);
  }, { action: "查看" }), { kind: "quiet.reveal", title: `显示${what}（会记录）` });
}

export const kindsOf = (masked) => (Array.isArray(masked) ? masked.map((kind) => KINDS[kind] || kind).join("、") : "") || "隐藏的内容";

// A text whose mask can be lifted for a minute.
export function maskable(tag, text, masked, where, what = null) {
  const shown = h(tag, {}, text);
  return masked ? [shown, reveal(where, what || kindsOf(masked), (value) => { shown.textContent = value ?? text; shown.classList.toggle("lifted", value !== null); })] : [shown];
}
