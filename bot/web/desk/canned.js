// Choosing a canned reply, and writing the company's own.
import { DESK, get, post, put, remove } from "./api.js";
import { button, field, h } from "./dom.js";
import { ask, attempt, toast } from "./notice.js";
import { pick } from "./picking.js";
import { may } from "./state.js";

// The server knows the names' values; one that nobody knows stays visible, to be written by hand.
async function filled(text, detail, choose) {
  const answer = await attempt(() => post(`${DESK}/render`, { conversation: detail.id, text }));
  if (!answer) return;
  choose(answer.text);
  if (answer.missing.length) toast(`请补上：${answer.missing.join("、")}`);
}

export function pickCanned(detail, choose) {
  pick("常用语", "输入几个字来查找", async () => {
    const answer = await attempt(() => get(`${DESK}/canned`));
    return answer && {
      rows: (words) => answer.items.filter((item) => (item.title + item.text).toLowerCase().includes(words)).map((item) => ({
        body: [h("strong", {}, item.title), h("span", {}, item.text)],
        choose: () => filled(item.text, detail, choose),
        beside: may("canned") && !item.built_in ? (close) => button("改", () => { close(); edit(item); }, { kind: "quiet" }) : null,
      })),
      foot: (close) => (may("canned") ? button("新增常用语", () => { close(); edit(null); }, { kind: "quiet" }) : null),
    };
  });
}

function edit(item) {
  ask(item ? "修改常用语" : "新增常用语", [
    field("名称", h("input", { name: "title", required: true, maxlength: 100, value: item?.title || "" })),
    field("内容", h("textarea", { name: "text", rows: 4, required: true, maxlength: 4000, value: item?.text || "" }), "可以用 {称呼} {坐席} {工单} {公司} {热线} {商品} {订单}"),
    item ? button("删除这条", async (event) => { await attempt(() => remove(`${DESK}/canned/${item.id}`)); event.target.closest("dialog").close(); }, { kind: "danger" }) : null],
  (form) => {
    const body = { title: form.elements.title.value, text: form.elements.text.value };
    return item ? put(`${DESK}/canned/${item.id}`, body) : post(`${DESK}/canned`, body);
  }, { action: "保存" });
}
