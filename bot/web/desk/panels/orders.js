import { h } from "../dom.js";

export const orders = {
  id: "orders", title: "客户的订单",
  render: ({ orders }) => orders.length ? h("ul.points", {}, orders.map((order) => h("li", {},
    h("p.line.wrap", {}, h("strong", {}, order.id), h("span.muted", {}, order.ordered_on)),
    h("p.small", {}, order.items.map((item) => `${item.name} × ${item.quantity}`).join("、")),
    order.tracking_no ? h("p.muted.small", {}, `${order.courier} ${order.tracking_no}`) : null))) : null,
};
