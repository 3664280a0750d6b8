// The form of a move: one input for each field that the move takes; what is missing is said by the server.
import { DESK, get, patch, post } from "./api.js";
import { field, h, select } from "./dom.js";
import { ask, attempt, toast } from "./notice.js";
import { session } from "./state.js";

const area = (name, value = "") => h("textarea", { name, rows: 2, maxlength: 4000, value: value || "" });

// Each gives [element, read(form)]; read answers undefined when nothing is to be sent.
const INPUTS = {
  owner: (t) => [field("负责人", h("input", { name: "owner", maxlength: 100, value: t.owner || session.staff.name })), (f) => f.owner.value.trim() || undefined],
  department: (t) => [field("部门", select(session.words.departments, t.department, { name: "department" })), (f) => f.department.value],
  severity: (t) => [field("等级", select(session.words.severities, t.severity, { name: "severity" }), "调低等级要写理由"), (f) => (f.severity.value === t.severity ? undefined : f.severity.value)],
  reason: (t) => [field("理由", area("reason")), (f) => f.reason.value.trim() || undefined],
  question: () => [field("想请客户补充什么", area("question")), (f) => f.question.value.trim() || undefined],
  agreement: () => [field("客户同意时的说明", area("agreement")), (f) => f.agreement.value.trim() || undefined],
  outcome: (t) => [field("处理结果", area("outcome", t.outcome)), (f) => f.outcome.value.trim() || undefined],
  lesson: (t) => [field("教训", area("lesson", t.lesson), "确实没有时写“无新教训”，并在理由里说明"), (f) => f.lesson.value.trim() || undefined],
  responsibility: (t) => [field("责任认定", select(session.words.faults, t.work.responsibility?.fault || "undetermined", { name: "fault" })),
    (f) => (f.fault.value === "undetermined" ? undefined : { fault: f.fault.value })],
  rca: (t) => [h("fieldset", {}, h("legend", {}, "根因记录（L2 及以上必填）"), Object.entries(session.words.root_cause).filter(([name]) => name !== "lesson")
    .map(([name, label]) => field(label, area(`rca_${name}`, t.work.rca?.[name])))),
  (f) => {
    const given = Object.fromEntries(Object.keys(session.words.root_cause).map((name) => [name, f[`rca_${name}`]?.value.trim()]).filter(([, text]) => text));
    return Object.keys(given).length ? given : undefined;
  }],
  issues: (t) => [h("fieldset", {}, h("legend", {}, "各项问题"), t.issues.map((issue) => field(session.words.causes[issue.cause] || issue.cause,
    select(session.words.issue_statuses, issue.status, { name: `issue_${issue.cause}` })))),
  (f) => t.issues.map((issue) => ({ cause: issue.cause, status: f[`issue_${issue.cause}`].value }))],
  fulfilment: (t) => [t.fulfilment.length ? h("fieldset", {}, h("legend", {}, "落实任务"), t.fulfilment.map((task) => field(task.what,
    select(session.words.task_statuses, task.status, { name: `task_${task.id}` })))) : null,
  (f) => (t.fulfilment.length ? t.fulfilment.map((task) => ({ id: task.id, status: f[`task_${task.id}`].value })) : undefined)],
  recourse_acknowledged: (t) => (t.status === "rejected_with_reason" ? [h("label.check", {}, h("input", { type: "checkbox", name: "recourse" }), "客户已知悉救济途径"), (f) => f.recourse.checked || undefined] : null),
  remedy: (t, options) => [h("fieldset", {}, h("legend", {}, "方案（可多选）"), options.map((o) => h("div.option", {},
    h("label.check", {}, h("input", { type: "checkbox", name: `remedy_${o.id}`, checked: [...t.remedy.base, ...t.remedy.extra].some((each) => each.id === o.id) }), h("span", {}, o.label, h("small.muted", {}, o.detail))),
    h("input", { name: `amount_${o.id}`, type: "number", min: 0, step: "0.01", placeholder: "金额（元）", "aria-label": `${o.label}的金额` }))), field("方案说明", area("remedy_note", t.remedy.note))),
  (f) => {
    const chosen = (kind) => options.filter((o) => o.kind === kind && f[`remedy_${o.id}`].checked).map((o) => ({ id: o.id, ...(f[`amount_${o.id}`].value ? { amount: f[`amount_${o.id}`].value } : {}) }));
    return { base: chosen("base"), extra: chosen("extra"), note: f.remedy_note.value.trim() };
  }],
};

async function form(ticket, title, takes, send, extra = []) {
  const options = takes.includes("remedy") ? (await attempt(() => get(`${DESK}/remedies`, { ticket: ticket.number })))?.items : [];
  if (!options) return;
  const inputs = takes.map((name) => [name, INPUTS[name]?.(ticket, options)]).filter(([, input]) => input);
  ask(title, [inputs.map(([, [element]]) => element), extra], async (element) => {
    const given = Object.fromEntries(inputs.map(([name, [, read]]) => [name, read(element.elements)]).filter(([, value]) => value !== undefined));
    await send(given, element.elements);
  }, { action: title });
}

export function moveTicket(ticket, move, done) {
  return form(ticket, move.label, move.takes, async (given, elements) => {
    try {
      done(await post(`/api/v1/tickets/${ticket.number}/${move.action}`, { ...given, note: elements.note.value.trim() }));
      toast(`${ticket.number} ${move.label}`);
    } catch (error) { throw new Error(explained(error)); }
  }, field("说明（记入时间线）", h("textarea", { name: "note", rows: 2, maxlength: 4000 })));
}

export function editTicket(ticket, done) {
  const takes = ["owner", "department", "severity", "reason"];
  return form(ticket, "修改工单", takes, async (given) => {
    try { done(await patch(`/api/v1/tickets/${ticket.number}`, given)); } catch (error) { throw new Error(explained(error)); }
  });
}

const LACKS = [[/^reason/, "理由"], [/^question/, "要问客户的问题"], [/^lesson/, "教训"], [/^responsibility/, "责任认定"], [/^rca/, "完整的根因记录"], [/^issues still open/, "所有问题都有结论"],
  [/^fulfilment still open/, "所有落实任务都完成"], [/^remedy/, "至少一个方案"], [/^an approved remedy/, "已批准的方案"], [/^a second person/, "另一位同事来审批"],
  [/^approval by/, "更高一级的审批"], [/^recourse/, "客户知悉救济途径"], [/^closing by/, "由投诉经理办结"], [/^a pending approval/, "待审批的方案"]];

function explained(error) {
  const missing = error.details?.missing;
  if (!Array.isArray(missing)) return error.code === "move_not_allowed" ? "工单的状态已经变了，请刷新后再看。" : error.message;
  return `还需要：${missing.map((lack) => LACKS.find(([pattern]) => pattern.test(lack))?.[1] || lack).join("、")}`;
}
