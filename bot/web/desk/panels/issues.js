import { h } from "../dom.js";
import { quote } from "./quote.js";

export const issues = {
  id: "issues", title: "反映的问题",
  render: ({ packet }) => packet.issues.length
    ? h("ol.points", {}, packet.issues.map((issue) => h("li", {}, h("strong", {}, issue.label), quote(issue.text, issue.message))))
    : h("p.muted", {}, "客户还没有说到具体问题。"),
};
