// What may be done with a conversation now; the server names the events, this file gives them words and forms.
import { DESK, post } from "./api.js";
import { colleagues, presence } from "./colleagues.js";
import { button, field, h, select } from "./dom.js";
import { ask, attempt } from "./notice.js";
import { session } from "./state.js";

const simple = (path) => (detail, done) => attempt(async () => { await post(`${DESK}/${path}`, { conversation: detail.id }); done(); });

const EVENTS = {
  take: { label: "接待", kind: "primary", key: "t", run: (detail, done) => simple("take")(detail, () => { done(); document.dispatchEvent(new CustomEvent("desk:taken")); }) },
  take_over: { label: "接管", kind: "plain", run: (detail, done) => ask("接管这个会话", h("p", {}, detail.ownership.agent ? `现在由${detail.ownership.agent}接待，接管后由您负责。` : "接管后机器人不再回复，由您负责。"),
    async () => { await post(`${DESK}/take`, { conversation: detail.id }); done(); }, { action: "接管" }) },
  resume: { label: "继续对话", kind: "plain", run: simple("take") },
  join: { label: "加入", kind: "plain", run: simple("join") },
  transfer: { label: "转交", kind: "plain", key: "x", run: transfer },
  return: { label: "交还机器人", kind: "plain", key: "e", run: handBack },
  wrap_up: { label: "结束", kind: "plain", key: "w", run: wrapUp },
  close: { label: "完成小结", kind: "primary", run: wrapUp },
};

// `now` gives the conversation as it is when the button is pressed.
export function actions(now, done) {
  const detail = now();
  const mine = detail.handover.agent === session.staff.name;
  const open = shown(detail, mine);
  return open.map((event) => button(EVENTS[event].label, () => EVENTS[event].run(now(), done), { kind: EVENTS[event].kind, key: EVENTS[event].key }));
}

function shown(detail, mine) {
  const open = detail.events.filter((event) => EVENTS[event]);
  const dull = new Set(mine ? ["take_over", "join"] : ["wrap_up", "resume", "close"]);
  if (detail.handover.joined.includes(session.staff.name)) dull.add("join");
  if (open.includes("take")) dull.add("take_over");
  if (detail.ownership.state === "active") dull.add("close");
  return open.filter((event) => !dull.has(event));
}

export function act(event, detail, done) {
  const open = shown(detail, detail.handover.agent === session.staff.name);
  const instead = { take: "take_over", wrap_up: "close" }[event];
  const wanted = open.includes(event) ? event : open.includes(instead) ? instead : null;
  if (wanted) EVENTS[wanted].run(detail, done);
}

async function transfer(detail, done) {
  const people = await colleagues();
  if (!people) return;
  const options = Object.fromEntries([
    ...people.map((p) => [`to:${p.name}`, `${p.display}（${p.role_name}，${presence(p)}，${p.load}/${p.capacity}）`]),
    ...Object.entries(session.words.departments).map(([code, name]) => [`skill:${code}`, `技能组：${name}（回到排队）`])]);
  ask("转交会话", [field("转给", select(options, Object.keys(options)[0], { name: "who" })),
    field("交接说明", h("textarea", { name: "note", rows: 3, maxlength: 2000 }), "只有同事看得到，会记为内部备注")],
  async (form) => {
    const [kind, code] = form.elements.who.value.split(/:(.*)/);
    await post(`${DESK}/transfer`, { conversation: detail.id, [kind]: code, note: form.elements.note.value });
    done();
  }, { action: "转交" });
}

function handBack(detail, done) {
  ask("交还机器人", [h("p", {}, "机器人会接着处理，已经说过的事不会再问。"),
    field("给机器人的交代（可不填）", h("textarea", { name: "note", rows: 3, maxlength: 2000, placeholder: "例如：客户同意维修，请继续收集上门时间" }))],
  async (form) => { await post(`${DESK}/return`, { conversation: detail.id, note: form.elements.note.value }); done(); }, { action: "交还" });
}

function wrapUp(detail, done) {
  const known = detail.packet.issues[0]?.cause || detail.ticket?.issues?.[0]?.cause || "complain_general";
  ask("会话小结", [
    field("原因", select(session.words.causes, known, { name: "cause" })),
    field("结果", select(session.words.outcomes, detail.ticket ? "filed" : "solved", { name: "outcome" })),
    field("教训", h("textarea", { name: "lesson", rows: 3, required: true, maxlength: 2000 }), "这次可以怎样避免；没有新的教训也请写明")],
  async (form) => {
    const { cause, outcome, lesson } = form.elements;
    await post(`${DESK}/wrap_up`, { conversation: detail.id, cause: cause.value, outcome: outcome.value, lesson: lesson.value });
    await post(`${DESK}/close`, { conversation: detail.id });
    done();
  }, { action: "结束会话" });
}
