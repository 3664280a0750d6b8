import { chip, h } from "../dom.js";
import { quote } from "./quote.js";

export const risks = {
  id: "risks", title: "风险信号",
  render: ({ packet }) => packet.risks.length ? h("ul.points", {}, packet.risks.map((risk) =>
    h("li", {}, h("p.line", {}, chip(risk.level, risk.level >= "L3" ? "danger" : "warn"), h("strong", {}, risk.label)), quote(risk.text, risk.message)))) : null,
};
