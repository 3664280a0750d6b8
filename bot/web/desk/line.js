// One line of the log: a message, or an internal note between them.
import { chip, h } from "./dom.js";
import { moment } from "./when.js";

const ACTORS = { customer: "客户", bot: "机器人", staff: "客服", system: "系统" };

export function message(data) {
  const extra = data.metadata || {};
  const attachment = data.attachment || extra.attachment;
  return h(`article.line-${data.actor}.msg`, { id: `m-${data.id}`, tabindex: "-1" },
    h("p.by", {}, h("span", {}, data.name || ACTORS[data.actor] || data.actor), h("time", { datetime: data.at }, moment(data.at)), data.actor === "staff" ? h("span.sent", {}, "已发送") : null),
    h("p.words", {}, data.text),
    attachment?.url ? h("a.attachment", { href: safe(attachment.url), target: "_blank", rel: "noopener" }, picture(attachment), attachment.name || "附件") : null,
    extra.options?.length ? h("p.options", {}, extra.options.map((o) => chip(o.label))) : null,
    extra.sources?.length ? h("p.sources", {}, "出处：", extra.sources.map((s) => (typeof s === "string" ? s : s.title || s.source || s.id)).join("、")) : null);
}

export function note(data) {
  return h("article.line-note.msg", {}, h("p.by", {}, h("span", {}, `内部备注 · ${data.display}`), h("time", { datetime: data.at }, moment(data.at))), h("p.words", {}, data.text));
}

const safe = (url) => (/^(https?:\/\/|\/)/.test(url) ? url : "#");

function picture(attachment) {
  return String(attachment.type || "").startsWith("image/") ? h("img", { src: safe(attachment.url), alt: attachment.name || "客户上传的照片", loading: "lazy" }) : null;
}
