// One line of the log: a message, an internal note between them, or the day that begins.
import { button, chip, h } from "./dom.js";
import { delivery } from "./delivery.js";
import { actorName } from "./people.js";
import { maskable } from "./reveal.js";
import { clock, day, moment } from "./when.js";

const ACTORS = { customer: "客户", bot: "机器人", staff: "客服", system: "系统" };

export function message(data, conversation) {
  const extra = data.metadata || {};
  const attachment = data.attachment || extra.attachment;
  return h(`article.line-${data.actor}.msg`, { id: `m-${data.id}`, tabindex: "-1" },
    h("p.by", {}, h(`span${data.actor === "system" ? ".hidden" : ""}`, {}, data.name || ACTORS[data.actor] || data.actor), at(data), delivery(data)),
    data.text ? maskable("p.words", data.text, data.masked, { conversation, message: Number(data.id) }) : null,
    attachment?.url ? shown(attachment) : null,
    extra.options?.length ? h("p.options", {}, extra.options.map((o) => chip(o.label))) : null,
    extra.sources?.length ? h("p.sources", {}, "出处：", extra.sources.map((s) => (typeof s === "string" ? s : s.title || s.source || s.id)).join("、")) : null);
}

export function note(data) {
  return h("article.line-note.msg", { id: `n-${data.id}`, tabindex: "-1" }, h("p.by", {}, h("span", {}, `内部备注 · ${data.display}`), data.consults?.length ? h("span", {}, `请教 ${data.consults.map(actorName).join("、")}`) : null, at(data)), h("p.words", {}, data.text));
}

export const dayLine = (at) => h("p.day", {}, h("span", {}, day(at)));
const at = (data) => h("time", { datetime: data.at, title: moment(data.at) }, clock(data.at));

// Only what this server or the web gives; never a script in an address.
const safe = (url) => (/^(https?:\/\/|\/)/.test(url) ? url : "#");

function shown(attachment) {
  const name = attachment.name || "附件";
  if (!String(attachment.type || "").startsWith("image/")) return h("a.attachment", { href: safe(attachment.url), target: "_blank", rel: "noopener" }, name);
  return h("button.attachment", { type: "button", title: "看大图", onclick: () => enlarge(attachment, name) }, h("img", { src: safe(attachment.url), alt: name, loading: "lazy" }));
}

function enlarge(attachment, name) {
  const dialog = h("dialog.dialog.picture", { "aria-label": name }, h("img", { src: safe(attachment.url), alt: name }),
    h("div.row.end", {}, h("span.muted", {}, name), h("span.push"), h("a.btn.plain", { href: safe(attachment.url), target: "_blank", rel: "noopener" }, "在新窗口打开"), button("关闭", () => dialog.close(), { kind: "primary" })));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
