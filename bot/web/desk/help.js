// The keyboard, on one card.
import { button, h } from "./dom.js";

const KEYS = [["j / k", "下一个、上一个会话"], ["Enter", "打开选中的会话"], ["r", "写回复"], ["n", "写内部备注"], ["t", "接待当前会话"],
  ["/", "在回复框里选常用语；在别处查找会话"], ["m", "用宏：一步发话并办事"], ["@", "在备注里请教同事"], ["i", "看右边的资料"], ["e", "交还机器人"], ["w", "结束并小结"], ["x", "转交"], ["Alt + 1…9", "切换页面"],
  ["Ctrl + Enter", "发送（Enter 也可以，Shift + Enter 换行）"], ["Esc", "离开输入框，回到列表"], ["?", "打开这张卡片"]];

export function help() {
  if (document.querySelector("dialog.help")) return;
  const dialog = h("dialog.dialog.help", { "aria-label": "键盘快捷键" }, h("h2", {}, "键盘快捷键"),
    h("dl.keys", {}, KEYS.map(([key, what]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)])),
    h("div.row.end", {}, button("知道了", () => dialog.close(), { kind: "primary" })));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
