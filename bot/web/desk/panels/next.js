import { chip, h, severity } from "../dom.js";
import { session } from "../state.js";

export const next = {
  id: "next", title: "建议下一步",
  render: ({ packet, handover }) => [
    h("p.next", {}, packet.next_step),
    h("p.line.wrap", {}, severity(packet.severity.level, session.words.severities), h("span", {}, packet.severity.label),
      packet.vulnerable ? chip("需要特别照顾", "warn") : null, packet.contact.anonymous ? chip("匿名") : null),
    packet.barred?.length ? h("p.small.late", {}, `客户投诉的是${packet.barred.map((each) => each.display).join("、")}，这位同事看不到这件事`) : null,
    handover.reason ? h("p.muted.small", {}, `转人工原因：${REASONS[handover.reason] || handover.reason}`) : null],
};

const REASONS = { "asked for a person": "客户要求人工", "security content": "涉及安全信息", "not understood twice": "机器人两次没听懂", "no progress": "对话没有进展",
  "four read-backs without agreement": "多次复述未确认", "abuse three times": "客户情绪激烈", "furious and not calming": "情绪持续激动", "the ticket system is away": "工单系统暂不可用" };
