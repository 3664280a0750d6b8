import { chip, h } from "../dom.js";

const HEAT = { calm: 1, dissatisfied: 2, distressed: 3, angry: 3, furious: 4 };

export const demand = {
  id: "demand", title: "诉求与情绪",
  render: ({ packet }) => [
    h("p.line.wrap", {}, packet.demand.wishes.length ? packet.demand.wishes.map((wish) => chip(wish, "accent")) : h("span.muted", {}, "还没有说希望怎样解决")),
    packet.demand.text ? h("q.quote", {}, packet.demand.text) : null,
    packet.emotion.trend.length ? h("div.trend", { role: "img", "aria-label": `情绪变化：${packet.emotion.trend.map((m) => m.label).join("，")}` },
      packet.emotion.trend.map((m) => h(`i.heat${HEAT[m.mood] || 1}`, { title: m.label })), h("span", {}, `现在${packet.emotion.label}`)) : null,
    packet.opinion ? h("p.muted.small", {}, `对方案的意见：${packet.opinion}`) : null],
};
