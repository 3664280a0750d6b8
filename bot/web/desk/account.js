// One's own account: a new password, and the second factor.
import { DESK, get, post, put } from "./api.js";
import { button, field, h } from "./dom.js";
import { ask, attempt, toast } from "./notice.js";
import { session } from "./state.js";

const secret = (name, autocomplete) => h("input", { name, type: "password", required: true, autocomplete, maxlength: 200 });

export function account() {
  const { staff } = session;
  const dialog = h("dialog.dialog", { "aria-label": "我的账号" }, h("h2", {}, "我的账号"), h("p", {}, `${staff.display}（${staff.name}）· ${staff.role_name}`),
    h("div.row.wrap.moves", {}, button("修改密码", () => { dialog.close(); password(); }), button(staff.second_factor ? "关闭两步验证" : "开启两步验证", () => {
      dialog.close();
      staff.second_factor ? turnOff() : turnOn();
    })), h("div.row", {}, button("退出登录", () => document.querySelector("desk-shell").dispatchEvent(new CustomEvent("sign-out", { bubbles: true })), { kind: "quiet" }),
      h("span.push"), button("关闭", () => dialog.close())));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function password() {
  ask("修改密码", [field("现在的密码", secret("old", "current-password")), field("新密码", secret("new", "new-password"), "至少 10 个字符；其他设备会退出登录")], async (form) => {
    await post(`${DESK}/password`, { old: form.elements.old.value, new: form.elements.new.value });
    toast("密码已修改");
  }, { action: "保存" });
}

async function turnOn() {
  const offer = await attempt(() => get(`${DESK}/second_factor`));
  if (!offer) return;
  ask("开启两步验证", [h("p", {}, "在身份验证器里选“手动输入密钥”，填入下面这一串，再把它显示的 6 位数字填在这里。"), h("p.secret", {}, offer.secret.match(/.{4}/g).join(" ")),
    h("p.small", {}, h("a", { href: offer.address }, "在本机的身份验证器中打开")), field("6 位数字", h("input", { name: "code", inputmode: "numeric", autocomplete: "one-time-code", required: true, maxlength: 6 })),
    field("登录密码", secret("password", "current-password"))], async (form) => {
    await put(`${DESK}/second_factor`, { secret: offer.secret, code: form.elements.code.value, password: form.elements.password.value });
    session.staff.second_factor = true;
    toast("两步验证已开启");
  }, { action: "开启" });
}

function turnOff() {
  ask("关闭两步验证", field("登录密码", secret("password", "current-password")), async (form) => {
    await put(`${DESK}/second_factor`, { password: form.elements.password.value });
    session.staff.second_factor = false;
    toast("两步验证已关闭");
  }, { action: "关闭", kind: "danger" });
}
