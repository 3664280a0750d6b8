import { button, chip, h } from "../dom.js";
import { roleName } from "../people.js";
import { insert } from "./quote.js";

export const remedies = {
  id: "remedies", title: "可选方案",
  render: ({ packet }) => packet.remedies.length ? [h("ul.points", {}, packet.remedies.map((option) => h("li", {},
    h("p.line.wrap", {}, h("strong", {}, option.label), option.chosen ? chip("客户已选", "ok") : option.shown ? chip("已介绍") : null,
      option.approver !== "agent" ? chip(`${roleName(option.approver)}审批`, "warn") : null,
      h("span.push"), button("插入", insert(`${option.label}：${option.detail}`), { kind: "quiet" })),
    h("p.muted.small", {}, option.detail)))), h("p.muted.small", {}, "以上为已公布的选项，金额与结果以审批为准。")] : null,
};
