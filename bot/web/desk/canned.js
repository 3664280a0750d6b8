// Choosing a canned reply. Variables are filled from what is known; an unknown one is left visible to be written.
import { DESK, get, post, put, remove } from "./api.js";
import { button, empty, field, fill, h } from "./dom.js";
import { ask, attempt } from "./notice.js";
import { may, session } from "./state.js";

export function filled(text, detail) {
  const name = detail?.packet.facts.find((f) => f.fact === "contact_name")?.value;
  const values = { 称呼: name || "", 坐席: session.staff.display, 工单: detail?.packet.ticket?.number, 公司: session.words.company };
  return text.replace(/\{(.+?)\}/g, (all, key) => (values[key] === undefined ? all : values[key]));
}

export async function pickCanned(detail, choose) {
  const answer = await attempt(() => get(`${DESK}/canned`));
  if (!answer) return;
  const list = h("ul.choices");
  const search = h("input", { type: "search", placeholder: "输入几个字来查找", "aria-label": "查找常用语", oninput: () => draw() });
  const dialog = h("dialog.dialog", { "aria-label": "常用语" }, h("h2", {}, "常用语"), search, list,
    h("div.row", {}, may("canned") ? button("新增常用语", () => { dialog.close(); edit(null); }, { kind: "quiet" }) : null, h("span.push"), button("关闭", () => dialog.close())));
  const draw = () => {
    const found = answer.items.filter((item) => (item.title + item.text).includes(search.value.trim()));
    fill(list, found.length ? found.map((item) => h("li.row", {},
      h("button.choice", { type: "button", onclick: () => { dialog.close(); choose(filled(item.text, detail)); } }, h("strong", {}, item.title), h("span", {}, filled(item.text, detail))),
      may("canned") && !item.built_in ? button("改", () => { dialog.close(); edit(item); }, { kind: "quiet" }) : null)) : empty("没有找到。"));
  };
  search.addEventListener("keydown", (event) => { if (event.key === "Enter") list.querySelector(".choice")?.click(); });
  dialog.addEventListener("close", () => dialog.remove());
  draw();
  document.body.append(dialog);
  dialog.showModal();
}

function edit(item) {
  ask(item ? "修改常用语" : "新增常用语", [
    field("名称", h("input", { name: "title", required: true, maxlength: 100, value: item?.title || "" })),
    field("内容", h("textarea", { name: "text", rows: 4, required: true, maxlength: 4000, value: item?.text || "" }), "可以用 {称呼} {坐席} {工单} {公司}"),
    item ? button("删除这条", async (event) => { await attempt(() => remove(`${DESK}/canned/${item.id}`)); event.target.closest("dialog").close(); }, { kind: "danger" }) : null],
  (form) => {
    const body = { title: form.elements.title.value, text: form.elements.text.value };
    return item ? put(`${DESK}/canned/${item.id}`, body) : post(`${DESK}/canned`, body);
  }, { action: "保存" });
}
