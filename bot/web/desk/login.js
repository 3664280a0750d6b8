// Signing in, and changing the one-time password.
import { DESK, authorise, get, post } from "./api.js";
import { field, fill, h } from "./dom.js";

// What the company's own sign-in says when it sends somebody back without a session.
const REFUSED = { expired: "登录已过期，请重试。", denied: "您取消了登录。", not_verified: "身份未能核实。", no_role: "您的账号还没有工作台权限，请联系管理员。", blocked: "账号已停用。", provider_away: "企业账号服务暂时连不上。" };

class DeskLogin extends HTMLElement {
  connectedCallback() { this.signIn(); }

  page(title, hint, fields, label, submit) {
    const problem = h("p.problem", { role: "alert" });
    const form = h("form.card.login", {
      onsubmit: async (event) => {
        event.preventDefault();
        fill(problem);
        const go = form.querySelector("button");
        go.disabled = true;
        try { await submit(new FormData(form)); } catch (error) { fill(problem, error.message); } finally { go.disabled = false; }
      },
    }, h("p.brand", {}, "听诉"), h("h1", {}, title), h("p.muted", {}, hint), fields, problem, h("button.btn.primary.wide", { type: "submit" }, label));
    fill(this, h("main.door", {}, form));
    form.querySelector("input").focus();
    return problem;
  }

  signIn() {
    const problem = this.page("登录工作台", "使用管理员为您开通的账号。", [
      field("账号", h("input", { name: "name", autocomplete: "username", required: true, maxlength: 60 })),
      field("密码", h("input", { name: "password", type: "password", autocomplete: "current-password", required: true, maxlength: 200 })),
      this.second = h("div", { hidden: true }, field("动态码", h("input", { name: "code", inputmode: "numeric", autocomplete: "one-time-code", maxlength: 6 }), "身份验证器上的 6 位数字")),
      this.other = h("div.other", {}),
    ], "登录", async (given) => {
      const answer = await this.enter(given);
      if (!answer) return;
      authorise(answer.csrf);
      if (answer.staff.must_change) this.changePassword(given.get("password"));
      else this.done();
    });
    const refused = new URLSearchParams(location.search).get("sign_in");
    if (refused) {
      fill(problem, REFUSED[refused] || "登录没有成功，请重试。");
      history.replaceState(null, "", location.pathname + location.hash);
    }
    this.elsewhere();
  }

  // The company's own sign-in, where one is set up.
  async elsewhere() {
    const offer = await get(`${DESK}/oidc`).catch(() => null);
    if (offer?.enabled) fill(this.other, h("a.btn.plain.wide", { href: offer.start }, `用${offer.name || "企业账号"}登录`));
  }

  // Accounts with a second factor are asked for the code after the password.
  async enter(given) {
    try {
      return await post(`${DESK}/login`, { name: given.get("name").trim(), password: given.get("password"), code: given.get("code") || null });
    } catch (error) {
      if (error.code !== "code_required") throw error;
      this.second.hidden = false;
      this.second.querySelector("input").focus();
      return null;
    }
  }

  changePassword(old = null) {
    this.page("设置新密码", "一次性密码只能用来登录这一次，请换成只有您知道的密码。", [
      old ? null : field("一次性密码", h("input", { name: "old", type: "password", autocomplete: "current-password", required: true })),
      field("新密码", h("input", { name: "new", type: "password", autocomplete: "new-password", required: true, minlength: 10 }), "至少 10 个字符"),
      field("再输入一次", h("input", { name: "again", type: "password", autocomplete: "new-password", required: true })),
    ], "保存并进入", async (given) => {
      if (given.get("new") !== given.get("again")) throw new Error("两次输入的新密码不一样。");
      await post(`${DESK}/password`, { old: old ?? given.get("old"), new: given.get("new") });
      this.done();
    });
  }

  done() { this.dispatchEvent(new CustomEvent("signed-in", { bubbles: true })); }
}

customElements.define("desk-login", DeskLogin);
