// How the desk looks and makes itself heard, kept on this computer.
import { button, field, h, select } from "./dom.js";
import { chime } from "./notice.js";
import { dress, prefer, preference } from "./state.js";

const SIZES = { s: "标准", m: "大", l: "特大" };
const THEMES = { auto: "跟随系统", light: "浅色", dark: "深色" };

export function preferences() {
  const now = (name, value) => () => { prefer(name, value); dress(); };
  const dialog = h("dialog.dialog", { "aria-label": "偏好" }, h("h2", {}, "偏好"),
    choice("文字大小", "size", SIZES, preference("size", "s"), now), choice("外观", "theme", THEMES, preference("theme", "auto"), now),
    field("提示音", select({ on: "新客户和新消息都响", grave: "只在 L3 以上求助时响", off: "不响" }, preference("sound", "on"), { onchange: (e) => { prefer("sound", e.target.value); chime(true, { force: e.target.value !== "off" }); } })),
    notifications(),
    h("div.row.end", {}, button("关闭", () => dialog.close(), { kind: "primary" })));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function choice(title, name, options, chosen, now) {
  return h("fieldset.segments", {}, h("legend", {}, title), Object.entries(options).map(([value, label]) =>
    h("label", {}, h("input", { type: "radio", name, value, checked: value === chosen, onchange: now(name, value) }), h("span", {}, label))));
}

function notifications() {
  if (!("Notification" in window)) return null;
  const box = h("input", { type: "checkbox", checked: preference("notify") === "on" && Notification.permission === "granted",
    onchange: async () => {
      box.checked = box.checked && (await Notification.requestPermission()) === "granted";
      prefer("notify", box.checked ? "on" : null);
    } });
  return h("label.check", {}, box, h("span", {}, "页面不在眼前时弹出桌面通知", h("small", {}, "通知里不显示客户说了什么")));
}
