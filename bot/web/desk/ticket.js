// One ticket: what is known, the clocks, the timeline, and only the moves that its life allows.
import { get } from "./api.js";
import { button, chip, fill, h, severity } from "./dom.js";
import { attempt } from "./notice.js";
import { actorName, roleName } from "./people.js";
import { maskable } from "./reveal.js";
import { session } from "./state.js";
import { editTicket, moveTicket } from "./ticket_moves.js";
import { moment } from "./when.js";

const CLOCKS = { first_reply: "首次人工回复", plan: "给出处理意见", close: "办结", legal: "法定期限" };

class DeskTicket extends HTMLElement {
  connectedCallback() { this.load(); }

  async load() {
    const ticket = await attempt(() => get(`/api/v1/tickets/${encodeURIComponent(this.getAttribute("argument"))}`));
    if (ticket) this.show(ticket);
    else fill(this, h("p", {}, h("a", { href: "#/tickets" }, "返回工单列表")));
  }

  show(ticket) {
    this.ticket = ticket;
    const { statuses, severities } = session.words, done = (fresh) => this.show(fresh);
    fill(this, h("p", {}, h("a", { href: "#/tickets" }, "‹ 工单列表")),
      h("header.ticket-head", {}, h("h1", {}, ticket.number), severity(ticket.severity, severities), chip(statuses[ticket.status] || ticket.status, "accent"),
        ticket.work.reopened ? chip(`重新打开 ${ticket.work.reopened} 次`, "warn") : null, h("span.push"),
        h("a.btn.plain", { href: `#/chat/${encodeURIComponent(ticket.conversation)}` }, "打开会话"), button("修改", () => editTicket(ticket, done))),
      h("div.row.wrap.moves", { role: "group", "aria-label": "可以做的操作" }, ticket.work.moves.length
        ? ticket.work.moves.map((move) => button(move.label, () => moveTicket(ticket, move, done), { kind: move.action === NATURAL[ticket.status] ? "primary" : "plain" }))
        : h("span.muted", {}, "以您的角色，现在没有可做的操作。")),
      h("div.columns", {}, h("div", {}, this.matter(ticket), this.remedy(ticket), this.work(ticket)), h("div", {}, this.clocks(ticket), this.people(ticket), this.timeline(ticket))));
  }

  matter(ticket) {
    const { causes, facts, risks, issue_statuses: states } = session.words;
    return [card("投诉内容", h("p", {}, ticket.summary),
      h("ol.points", {}, ticket.issues.map((issue) => h("li", {}, h("p.line", {}, h("strong", {}, causes[issue.cause] || issue.cause), chip(states[issue.status] || issue.status,
        issue.status === "resolved" ? "ok" : "")), issue.description))),
      ticket.demand.length ? h("p.line.wrap", {}, h("span.muted", {}, "诉求"), ticket.demand.map((d) => chip(d, "accent")), ticket.work.demand_text) : null),
    Object.keys(ticket.facts).length ? card("事实", h("dl.facts", {}, Object.entries(ticket.facts).map(([name, fact]) => [h("dt", {}, facts[name] || name),
      h("dd", {}, h("strong", {}, fact.value), said(ticket, fact.text === fact.value ? "" : fact.text, fact.message))]))) : null,
    ticket.risks.length ? card("风险信号", h("ul.points", {}, ticket.risks.map((risk) => h("li", {}, h("strong", {}, risks[risk.name] || risk.name), said(ticket, risk.text, risk.message))))) : null];
  }

  remedy(ticket) {
    const items = [...ticket.remedy.base, ...ticket.remedy.extra];
    if (!items.length && !ticket.approvals.length) return null;
    return card("处理方案", h("ul.points", {}, items.map((item) => h("li.line", {}, h("strong", {}, item.label), Number(item.amount) ? `¥${item.amount}` : null))),
      h("p.muted.small", {}, REMEDY[ticket.remedy.status] || ticket.remedy.status),
      ticket.approvals.map((row) => h("p.small", {}, `审批 ${row.id}：${row.what}，由${roleName(row.needs_role)}决定，${APPROVAL[row.status] || row.status}`,
        row.decided_by ? `（${row.decided_by}，${moment(row.decided_at)}）` : "")),
      ticket.agreement?.at ? h("p.small", {}, `客户于 ${moment(ticket.agreement.at)} 同意（第 ${ticket.agreement.version} 版）${ticket.agreement.text ? `：${ticket.agreement.text}` : ""}`) : null);
  }

  work(ticket) {
    const { task_statuses: tasks, departments, faults } = session.words, parts = [];
    if (ticket.fulfilment.length) parts.push(card("落实任务", h("ul.points", {}, ticket.fulfilment.map((task) => h("li.line.wrap", {}, h("strong", {}, task.what), chip(tasks[task.status] || task.status,
      task.status === "done" ? "ok" : ""), h("span.muted", {}, departments[task.department] || task.department || ""), task.due && task.status === "open" ? h("time-left", { at: task.due }) : null)))));
    const closing = [["结果", ticket.outcome], ["教训", ticket.lesson], ["理由", ticket.work.reason], ["责任", faults[ticket.work.responsibility?.fault]], ["满意度", ticket.satisfaction && `${ticket.satisfaction.score} 分`]]
      .filter(([, value]) => value);
    if (closing.length) parts.push(card("结论", h("dl.facts", {}, closing.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]))));
    return parts;
  }

  clocks(ticket) {
    const open = new Map(ticket.promises.map((p) => [p.id, p])), closed = session.words.closed.includes(ticket.status);
    return card("时限与承诺", h("dl.clocks", {}, Object.entries(CLOCKS).filter(([step]) => ticket.due[step]).map(([step, name]) => {
      const promise = open.get(step), kept = promise && promise.status !== "open";
      return [h("dt", {}, name), h("dd", {}, kept ? chip(KEPT[promise.status] || promise.status, promise.status === "kept" ? "ok" : "") : closed ? "—" : h("time-left", { at: ticket.due[step] }),
        h("small.muted", {}, ` ${moment(ticket.due[step])}`))];
    })));
  }

  people(ticket) {
    const rows = [["客户", ticket.anonymous ? "匿名" : ticket.contact.name || "未留称呼"], ["电话", ticket.contact.phone_masked ? maskable("span", ticket.contact.phone_masked, true, { ticket: ticket.number, field: "contact_phone" }, "电话") : "未留"],
      ["部门", session.words.departments[ticket.department] || ticket.department], ["负责人", session.people[ticket.owner] || ticket.owner || "还没有"], ["情绪", session.words.emotions[ticket.emotion] || ticket.emotion]];
    return card("相关人员", h("dl.facts", {}, rows.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])));
  }

  timeline(ticket) {
    const { moves, timeline } = session.words;
    return card("时间线", h("ol.trail", {}, [...ticket.timeline].reverse().map((row) => h("li", {}, h("time", { datetime: row.at }, moment(row.at)),
      h("span", {}, moves[row.what] || timeline[row.what] || row.what, row.note ? h("small", {}, ` ${row.what === "approval_requested" ? roleName(row.note) : row.note}`) : null),
      h("small.muted", {}, actorName(row.actor))))));
  }
}

// The customer's words, leading to the place in the conversation where they were said.
const said = (ticket, text, message) => !text ? null : message ? h("a.quote", { href: `#/chat/${encodeURIComponent(ticket.conversation)}/at/${message}` }, `“${text}”`) : h("q.quote", {}, text);
const card = (title, ...body) => h("section.card", {}, h("h2", {}, title), body);
// The move that usually comes next; it only stands out, the others are there as well.
const NATURAL = { filed: "acknowledge", reopened: "acknowledge", escalated: "acknowledge", acknowledged: "investigate", investigating: "propose", pending_customer: "customer_replied", pending_approval: "approve",
  proposed: "agree", agreed: "fulfil", fulfilling: "complete", fulfilled: "close", rejected_with_reason: "close" };
const REMEDY = { none: "", draft: "拟定中", pending_approval: "等待审批", approved: "已批准，等客户意见", agreed: "客户已同意", declined: "客户未同意" };
const APPROVAL = { pending: "等待审批", approved: "已批准", refused: "未批准" };
const KEPT = { kept: "按时完成", kept_late: "已完成（超时）", released: "不再需要", broken: "未兑现" };

customElements.define("desk-ticket", DeskTicket);
