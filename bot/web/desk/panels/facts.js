import { chip, h } from "../dom.js";
import { quote } from "./quote.js";

export const facts = {
  id: "facts", title: "事实",
  render: ({ packet }) => {
    if (!packet.facts.length && !packet.missing.length) return null;
    return [
      h("dl.facts", {}, packet.facts.map((fact) => [h("dt", {}, fact.label), h("dd", {}, h("strong", {}, fact.value), quote(fact.text === fact.value ? "" : fact.text, fact.message))])),
      packet.missing.length ? h("p.line.wrap", {}, h("span.muted", {}, "还缺："), packet.missing.map((fact) => chip(fact.label, "warn"))) : null,
      packet.declined.length ? h("p.line.wrap", {}, h("span.muted", {}, "客户不便提供："), packet.declined.map((label) => chip(label))) : null];
  },
};
