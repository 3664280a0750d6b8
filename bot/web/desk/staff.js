// Accounts, for the administrator: roles, skills, capacity; a new account's password is shown once.
import { DESK, get, patch, post } from "./api.js";
import { button, chip, field, fill, h, select } from "./dom.js";
import { ask, attempt } from "./notice.js";
import { session } from "./state.js";
import { Table } from "./table.js";

class DeskStaff extends HTMLElement {
  connectedCallback() {
    this.table = new Table("账号列表", ["账号", "显示名", "工号", "角色", "技能组", "同时接待", "状态", "操作"]);
    fill(this, h("div.row", {}, h("h1", {}, "账号"), h("span.push"), button("新增账号", () => this.edit(null), { kind: "primary" })), this.table.node);
    this.load();
  }

  async load() {
    const answer = await attempt(() => get(`${DESK}/staff`));
    if (answer) fill(this.table.rows, answer.items.map((each) => this.row(each)));
  }

  row(each) {
    const { departments } = session.words;
    return this.table.row([[".first", each.name], [".nowrap", each.display], [".nowrap", each.work_number || "—"], [".nowrap", each.role_name], ["", each.skills.map((s) => departments[s] || s).join("、") || "全部"], ["", each.capacity],
      [".nowrap", each.active ? (each.must_change ? chip("待首次登录", "warn") : chip("启用", "ok")) : chip("停用", "danger")],
      [".nowrap.acts", button("修改", () => this.edit(each), { kind: "quiet" }), button("重置密码", () => this.reset(each), { kind: "quiet" }),
        button(each.active ? "停用" : "启用", async () => { await attempt(() => patch(`${DESK}/staff/${each.name}`, { active: !each.active })); this.load(); }, { kind: "quiet" })]]);
  }

  edit(each) {
    const { roles, departments } = session.words;
    ask(each ? `修改 ${each.name}` : "新增账号", [
      each ? null : field("账号", h("input", { name: "name", required: true, pattern: "[A-Za-z0-9_.\\-]{2,60}", maxlength: 60 }), "字母、数字、点、横线"),
      field("显示名", h("input", { name: "display", required: true, maxlength: 60, value: each?.display || "" }), "客户会看到"),
      field("工号", h("input", { name: "work_number", maxlength: 40, value: each?.work_number || "" }), "客户投诉时可能说到；被投诉的人看不到那件事"),
      field("角色", select(roles, each?.role || "agent", { name: "role" })),
      field("同时接待", h("input", { name: "capacity", type: "number", min: 1, max: 50, required: true, value: each?.capacity ?? 5 })),
      h("fieldset", {}, h("legend", {}, "技能组（不选表示都可以接）"), h("div.checks", {}, Object.entries(departments).map(([code, name]) =>
        h("label.check", {}, h("input", { type: "checkbox", name: "skill", value: code, checked: each?.skills.includes(code) || false }), name))))],
    async (form) => {
      const body = { display: form.elements.display.value.trim(), role: form.elements.role.value, work_number: form.elements.work_number.value.trim(), capacity: Number(form.elements.capacity.value),
        skills: [...form.querySelectorAll("[name=skill]:checked")].map((box) => box.value) };
      if (each) await patch(`${DESK}/staff/${each.name}`, body);
      else { const made = await post(`${DESK}/staff`, { ...body, name: form.elements.name.value }); this.once(made.staff.name, made.password); }
      this.load();
    }, { action: "保存" });
  }

  reset(each) {
    ask(`重置 ${each.name} 的密码`, h("p", {}, "对方会在所有设备上退出登录，旧密码立即失效。"), async () => {
      const { password } = await post(`${DESK}/staff/${each.name}/reset`);
      this.once(each.name, password);
      this.load();
    }, { action: "重置", kind: "danger" });
  }

  once(name, password) {
    ask("一次性密码", [h("p", {}, `请把它交给 ${name}，第一次登录时必须修改。关闭后不再显示。`), h("p.secret", {}, password)], async () => {}, { action: "已交给对方" });
  }
}

customElements.define("desk-staff", DeskStaff);
