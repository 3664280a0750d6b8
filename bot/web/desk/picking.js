// A dialog to choose one of many: it stands at once, so that no key is lost; type a few letters, arrow keys or Tab, Enter.
import { button, empty, fill, h } from "./dom.js";

// `load()` fetches, and gives `rows(words)` → [{ body, choose, beside? }] and perhaps `foot(close)`; null closes the dialog.
export function pick(title, hint, load) {
  let rows = null;
  const list = h("ul.choices"), foot = h("span");
  const search = h("input", { type: "search", placeholder: hint, "aria-label": title, oninput: () => draw() });
  const dialog = h("dialog.dialog.pick", { "aria-label": title }, h("h2", {}, title), search, list, h("div.row", {}, foot, h("span.push"), button("关闭", () => dialog.close())));
  const choices = () => [...list.querySelectorAll(".choice")];
  const close = () => dialog.close();
  const draw = () => {
    const found = rows?.(search.value.trim().toLowerCase());
    fill(list, found?.length ? found.map(({ body, choose, beside }) => h("li.row", {}, h("button.choice", { type: "button", onclick: () => { close(); choose(); } }, body), beside?.(close)))
      : h("li", {}, empty(rows ? "没有找到。" : "正在读取…")));
  };
  let chosen = false;
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (rows) choices()[0]?.click(); else chosen = true;
  });
  dialog.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    (choices()[choices().indexOf(document.activeElement) + by] || search).focus();
  });
  dialog.addEventListener("close", () => dialog.remove());
  draw();
  document.body.append(dialog);
  dialog.showModal();
  search.focus();
  load().then((answer) => {
    if (!answer) { close(); return; }
    rows = answer.rows;
    if (answer.foot) fill(foot, answer.foot(close));
    draw();
    if (chosen) choices()[0]?.click();
  });
}
