// Macros: a prepared reply and what is done with it, in one step. The company's own can be written here.
import { DESK, get, post, put, remove } from "./api.js";
import { button, field, h, select } from "./dom.js";
import { ask, attempt, toast } from "./notice.js";
import { pick } from "./picking.js";
import { may, session } from "./state.js";

export function pickMacro(detail, done) {
  pick("宏", "输入几个字来查找", async () => {
    const answer = await attempt(() => get(`${DESK}/macros`));
    return answer && {
      rows: (words) => answer.items.filter((macro) => (macro.title + macro.text).toLowerCase().includes(words)).map((macro) => ({
        body: [h("strong", {}, macro.title), macro.text ? h("span", {}, macro.text) : null, h("span.small", {}, `然后：${macro.actions.map(said).join("；") || "不做别的"}`)],
        choose: () => confirm(macro, detail, done),
        beside: may("canned") && !macro.built_in ? (close) => button("改", () => { close(); edit(macro, answer.variables); }, { kind: "quiet" }) : null,
      })),
      foot: (close) => (may("canned") ? button("新增宏", () => { close(); edit(null, answer.variables); }, { kind: "quiet" }) : null),
    };
  });
}

function said(action) {
  const { moves, departments } = session.words;
  return { tag: () => `贴标签“${action.tag}”`, untag: () => `去掉标签“${action.tag}”`, note: () => `记备注“${action.text}”`, ticket: () => `工单：${moves[action.action] || action.action}`,
    transfer: () => `转给${action.skill ? departments[action.skill] || action.skill : action.to}`, return: () => "交还机器人" }[action.do]();
}

// The words with their names filled in are read once more before they go out.
async function confirm(macro, detail, done) {
  const filled = macro.text ? await attempt(() => post(`${DESK}/render`, { conversation: detail.id, text: macro.text })) : { text: "", missing: [] };
  if (!filled) return;
  ask(macro.title, [filled.text ? h("blockquote.said", {}, filled.text) : null, macro.actions.length ? h("p.muted", {}, `然后：${macro.actions.map(said).join("；")}`) : null,
    filled.missing.length ? h("p.late", {}, `还不知道：${filled.missing.join("、")}`) : null], async () => {
    const ran = await post(`${DESK}/macros/${macro.id}/run`, { conversation: detail.id, version: detail.handover.version, client_id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` });
    if (ran.failed) toast(`消息已发出，但“${said(macro.actions[ran.done.length])}”没有成功：${ran.failed.error.message}`, "error");
    done();
  }, { action: filled.text ? "发送并执行" : "执行" });
}

const ACTIONS = { none: "不做别的", tag: "贴标签", untag: "去掉标签", note: "记一条内部备注", ticket: "工单动作", transfer: "转到技能组", return: "交还机器人" };
const MOST = 3;

function edit(macro, variables) {
  const rows = Array.from({ length: Math.max(MOST, macro?.actions.length || 0) }, (_, n) => step(macro?.actions[n]));
  ask(macro ? "修改宏" : "新增宏", [
    field("名称", h("input", { name: "title", required: true, maxlength: 100, value: macro?.title || "" })),
    field("发给客户的话（可不填）", h("textarea", { name: "text", rows: 3, maxlength: 4000, value: macro?.text || "" }), `可以用 ${variables.map((name) => `{${name}}`).join(" ")}`),
    h("fieldset", {}, h("legend", {}, "然后依次做"), rows.map((row) => row.node)),
    macro ? button("删除这个宏", async (event) => { await attempt(() => remove(`${DESK}/macros/${macro.id}`)); event.target.closest("dialog").close(); }, { kind: "danger" }) : null],
  (form) => {
    const body = { title: form.elements.title.value, text: form.elements.text.value, actions: rows.map((row) => row.read()).filter(Boolean) };
    return macro ? put(`${DESK}/macros/${macro.id}`, body) : post(`${DESK}/macros`, body);
  }, { action: "保存" });
}

// One action: what, and its one value. What this form cannot say (a colleague, a move's data) is kept as it was.
function step(action) {
  const { moves, departments } = session.words;
  const what = select(ACTIONS, action?.do || "none", { "aria-label": "动作", onchange: () => draw() }), value = h("span.value");
  const draw = () => value.replaceChildren(...{ tag: [text(30, action?.tag)], untag: [text(30, action?.tag)], note: [text(2000, action?.text)], ticket: [select(moves, action?.action || Object.keys(moves)[0], { "aria-label": "工单动作" })],
    transfer: [select(departments, action?.skill || Object.keys(departments)[0], { "aria-label": "技能组" })], return: [], none: [] }[what.value]);
  draw();
  const read = () => {
    const given = value.firstElementChild?.value;
    if (what.value === "none") return null;
    if (what.value === action?.do && (action.to || given === (action.tag ?? action.text ?? action.action ?? action.skill))) return action;
    return { do: what.value, ...{ tag: { tag: given }, untag: { tag: given }, note: { text: given }, ticket: { action: given }, transfer: { skill: given }, return: {} }[what.value] };
  };
  return { node: h("div.row.step", {}, what, value), read };
}

const text = (most, value = "") => h("input", { maxlength: most, required: true, value, "aria-label": "内容" });
