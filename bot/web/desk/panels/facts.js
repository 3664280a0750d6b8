import { chip, h } from "../dom.js";
import { maskable } from "../reveal.js";
import { quote } from "./quote.js";

export const facts = {
  id: "facts", title: "事实",
  render: ({ packet, id }) => {
    if (!packet.facts.length && !packet.missing.length) return null;
    return [
      h("dl.facts", {}, packet.facts.map((fact) => [h("dt", {}, fact.label), h("dd", {}, maskable("strong", fact.value, fact.masked, { conversation: id, field: fact.fact }, fact.label), quote(fact.text === fact.value ? "" : fact.text, fact.message, { title: fact.text }))])),
      packet.missing.length ? h("p.line.wrap", {}, h("span.muted", {}, "还缺："), packet.missing.map((fact) => chip(fact.label, "warn"))) : null,
      packet.declined.length ? h("p.line.wrap", {}, h("span.muted", {}, "客户不便提供："), packet.declined.map((label) => chip(label))) : null];
  },
};
