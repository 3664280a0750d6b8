// What was promised to the customer and what the law sets: when each is due, and whether it was kept.
import { chip, h } from "../dom.js";
import { session } from "../state.js";
import { moment } from "../when.js";

const KEPT = { kept: ["按时兑现", "ok"], kept_late: ["已兑现（超时）", "warn"], released: ["不再需要", ""], broken: ["未兑现", "danger"] };

export const promises = {
  id: "promises", title: "承诺与时限",
  render: ({ packet }) => {
    const closed = session.words.closed.includes(packet.ticket?.status);
    const rows = [...packet.promises, ...(packet.due.legal && !closed ? [{ what: "法定期限", due: packet.due.legal, status: "open" }] : [])].sort(byUrgency);
    return rows.length ? h("dl.clocks", {}, rows.map((each) => [h("dt", {}, each.what || session.words.promises[each.id] || each.id),
      h("dd.line.wrap", {}, each.status === "open" ? h("time-left", { at: each.due }) : chip(...(KEPT[each.status] || [each.status, ""])), h("small.muted", {}, moment(each.due)))])) : null;
  },
};

const byUrgency = (a, b) => (a.status !== "open") - (b.status !== "open") || new Date(a.due) - new Date(b.due);
