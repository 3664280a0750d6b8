import { chip, h, severity } from "../dom.js";
import { session } from "../state.js";

const STEPS = { first_reply: "首次人工回复", plan: "给出处理意见", close: "办结", legal: "法定期限" };

export const ticket = {
  id: "ticket", title: "工单与承诺",
  render: ({ packet }) => {
    const filed = packet.ticket;
    if (!filed) return h("p.muted", {}, "还没有立案。");
    const open = packet.promises.filter((p) => p.status === "open");
    const closed = session.words.closed.includes(filed.status);
    return [
      h("p.line.wrap", {}, severity(filed.severity, session.words.severities), h("a", { href: `#/tickets/${filed.number}` }, filed.number), chip(filed.status_label)),
      h("p.muted.small", {}, `${filed.department}${filed.owner ? ` · ${filed.owner}` : " · 还没有负责人"}`),
      closed ? null : h("dl.clocks", {}, Object.entries(STEPS).filter(([step]) => packet.due[step] && (step === "legal" || open.some((p) => p.id === step)))
        .map(([step, name]) => [h("dt", {}, name), h("dd", {}, h("time-left", { at: packet.due[step] }))])),
    ];
  },
};
