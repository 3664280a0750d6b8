// Writing: reply or internal note, a draft per conversation, canned replies, tone check before sending, and an outbox that survives a lost line.
import { DESK, post } from "./api.js";
import { button, fill, h } from "./dom.js";
import { pickCanned } from "./canned.js";
import { toast } from "./notice.js";
import { live, preference, prefer } from "./state.js";

class DeskComposer extends HTMLElement {
  connectedCallback() {
    this.conversation = this.getAttribute("conversation");
    this.kind = "reply";
    this.waiting = [];
    this.box = h("textarea", { rows: 3, maxlength: 4000, "aria-label": "回复客户", oninput: () => this.edited(), onkeydown: (event) => this.key(event) });
    this.box.value = preference(this.draftKey(), "");
    this.tone = h("p.tone", { role: "status" });
    this.outbox = h("ul.outbox");
    this.modes = ["reply", "note"].map((kind) => button(kind === "reply" ? "回复" : "内部备注", () => this.write(kind), { kind: "tab", key: kind === "reply" ? "r" : "n" }));
    this.go = button("发送", () => this.submit(), { kind: "primary" });
    fill(this, this.outbox, h("div.row", {}, this.modes, h("span.push"), button("常用语", () => this.canned(), { kind: "quiet", key: "/" })), this.box, this.tone,
      h("div.row", {}, this.hint = h("span.muted.small"), h("span.push"), this.go));
    live.addEventListener("online", this.retry);
    this.setMode("reply");
  }

  disconnectedCallback() { live.removeEventListener("online", this.retry); clearTimeout(this.checking); }

  draftKey() { return `draft:${this.kind}:${this.conversation}`; }

  update(detail, delivered) {
    this.detail = detail;
    delivered.forEach((id) => this.arrived(id));
    this.setMode(this.kind);
  }

  setMode(kind) {
    this.kind = kind;
    const may = kind === "note" || this.detail?.may_speak;
    this.dataset.kind = kind;
    this.modes.forEach((mode, n) => mode.setAttribute("aria-pressed", String((n === 0) === (kind === "reply"))));
    this.box.setAttribute("aria-label", kind === "reply" ? "回复客户" : "内部备注");
    this.box.placeholder = kind === "note" ? "只有同事看得到" : may ? "回复客户，按 / 选常用语" : this.barred();
    this.box.readOnly = !may;
    this.go.disabled = !may;
    fill(this.hint, kind === "note" ? "备注客户看不到" : may ? "Enter 发送，Shift + Enter 换行" : "");
  }

  barred() {
    const owner = this.detail?.ownership;
    if (!owner) return "";
    return owner.owner === "human" && owner.agent ? `由${owner.agent}接待中，现在不能直接回复客户` : owner.state === "bot" ? "机器人接待中，主管接管后才能回复" : "接待后才能回复客户";
  }

  write(kind) {
    if (kind !== this.kind) {
      prefer(this.draftKey(), this.box.value || null);
      this.setMode(kind);
      this.box.value = preference(this.draftKey(), "");
      fill(this.tone);
    }
    this.box.focus();
  }

  insert(text) {
    if (this.kind === "note") this.write("reply");
    this.box.setRangeText(text, this.box.selectionStart, this.box.selectionEnd, "end");
    this.edited();
    this.box.focus();
  }

  canned() { pickCanned(this.detail, (text) => this.insert(text)); }

  edited() {
    prefer(this.draftKey(), this.box.value || null);
    clearTimeout(this.checking);
    this.checking = setTimeout(() => this.check(), 500);
    if (this.kind === "reply" && this.detail?.may_speak && this.box.value && Date.now() - (this.told || 0) > 3000) {
      this.told = Date.now();
      post(`${DESK}/typing`, { conversation: this.conversation }).catch(() => {});
    }
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); this.submit(); }
    else if (event.key === "/" && !this.box.value && this.kind === "reply" && !this.box.readOnly) { event.preventDefault(); this.canned(); }
  }

  async check() {
    const text = this.box.value.trim();
    if (!text || this.kind !== "reply") { fill(this.tone); return []; }
    const answer = await post(`${DESK}/lint`, { text }).catch(() => null);
    const findings = answer?.findings || [];
    if (this.box.value.trim() === text) {
      fill(this.tone, findings.map((f) => h(`span.${f.level}`, {}, h("q", {}, f.text), f.level === "block" ? ` 不能发送：${f.why}` : ` ${f.why}`)));
    }
    return findings;
  }

  async submit() {
    const text = this.box.value.trim();
    if (!text || this.box.readOnly || this.busy) return;
    this.busy = true;
    try {
      if (this.kind === "note") { await post(`${DESK}/note`, { conversation: this.conversation, text }); this.clear(); return; }
      const findings = await this.check();
      if (findings.some((f) => f.level === "block")) return;
      if (findings.length && this.warned !== text) { this.warned = text; toast("请先看一下语气提示；再按一次就发送。"); return; }
      this.clear();
      this.queue({ text, client_id: crypto.randomUUID?.() || `${Date.now()}-${Math.random()}`, version: this.detail.handover.version });
    } catch (error) {
      toast(error.message, "error");
    } finally {
      this.busy = false;
    }
  }

  clear() {
    this.box.value = "";
    prefer(this.draftKey(), null);
    fill(this.tone);
  }

  // Sent one after the other; a refused one stays visible with the reason, and its words can be taken back.
  queue(entry) { this.waiting.push(entry); this.draw(); this.retry(); }

  retry = async () => {
    if (this.sending) return;
    this.sending = true;
    for (const entry of this.waiting.filter((each) => !each.problem)) {
      try {
        await post(`${DESK}/message`, { conversation: this.conversation, text: entry.text, version: entry.version, client_id: entry.client_id });
        this.arrived(entry.client_id);
      } catch (error) {
        if (error.status === 0 || error.status >= 500 || error.code === "in_progress") { setTimeout(this.retry, 3000); break; }
        entry.problem = error.message;
      }
    }
    this.sending = false;
    this.draw();
  };

  arrived(id) {
    const before = this.waiting.length;
    this.waiting = this.waiting.filter((entry) => entry.client_id !== id);
    if (before !== this.waiting.length) this.draw();
  }

  draw() {
    fill(this.outbox, this.waiting.map((entry) => h("li", {}, h("span", {}, entry.text), h(`small.${entry.problem ? "bad" : "muted"}`, {}, entry.problem || "发送中…"),
      entry.problem ? button("取回", () => { this.arrived(entry.client_id); this.insert(entry.text); }, { kind: "quiet" }) : null)));
  }
}

customElements.define("desk-composer", DeskComposer);
