import { DESK, get } from "../api.js";
import { button, fill, h } from "../dom.js";
import { insert } from "./quote.js";

let cached = { key: "", items: [] };

export const knowledge = {
  id: "knowledge", title: "知识建议",
  render: ({ id, messages, packet }) => {
    const body = h("div");
    const latest = messages.filter((m) => m.actor === "customer").at(-1);
    const key = `${id}:${latest?.id}`;
    const draw = (items) => fill(body,
      packet.knowledge.length ? h("p.muted.small", {}, `机器人已引用：${packet.knowledge.map((k) => k.title || k.id).join("、")}`) : null,
      items.length ? h("ul.points", {}, items.map((hit) => h("li", {}, h("p.line", {}, h("strong", {}, hit.title), h("span.push"),
        button("插入", insert(hit.answer), { kind: "quiet", title: "放进回复框，发送前可以改" })), h("p.small.clamp", {}, hit.answer), h("p.muted.small", {}, `出处：${hit.source || hit.id}`))))
        : h("p.muted", {}, "没有找到相关知识。"));
    if (cached.key === key) draw(cached.items);
    else get(`${DESK}/suggestions`, { conversation: id }).then(({ items }) => { cached = { key, items }; draw(items); }).catch(() => draw([]));
    return body;
  },
};
