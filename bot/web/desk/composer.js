// Writing: reply or internal note, a draft per conversation and kind, canned replies, and a tone check before sending.
import { DESK, post } from "./api.js";
import { Attachments } from "./attachments.js";
import { button, fill, h } from "./dom.js";
import { pickCanned } from "./canned.js";
import { pickColleague } from "./colleagues.js";
import { pickMacro } from "./macros.js";
import { toast } from "./notice.js";
import { outbox } from "./outbox.js";
import { keepMine, may, mine } from "./state.js";
import { Tone } from "./tone.js";

const KINDS = { reply: { label: "回复", name: "回复客户", key: "r" }, note: { label: "内部备注", name: "内部备注", key: "n" } };

class DeskComposer extends HTMLElement {
  connectedCallback() {
    this.conversation = this.getAttribute("conversation");
    this.kind = "reply";
    this.box = h("textarea", { rows: 3, maxlength: 4000, oninput: () => this.edited(), onkeydown: (event) => this.key(event) });
    this.box.value = mine(this.draftKey(), "");
    this.tone = new Tone();
    this.photos = new Attachments(this.conversation);
    this.photos.listen(this);
    this.waiting = h("ul.outbox", { "aria-label": "还没有送到的消息" });
    this.modes = Object.entries(KINDS).map(([kind, { label, key }]) => button(label, () => this.write(kind), { kind: "tab", key }));
    this.go = button("发送", () => this.submit(), { kind: "primary" });
    this.tools = h("span.row");
    fill(this, this.waiting, h("div.row", {}, this.modes, h("span.push"), this.tools), this.box, this.photos.node, this.photos.chooser, this.tone.node, h("div.row", {}, this.hint = h("span.muted.small"), h("span.push"), this.go));
    outbox.addEventListener("changed", this.draw);
    this.setMode("reply");
    this.draw();
  }

  disconnectedCallback() { outbox.removeEventListener("changed", this.draw); this.tone.clear(); }

  draftKey(kind = this.kind) { return `draft:${kind}:${this.conversation}`; }

  update(detail) {
    this.detail = detail;
    detail.messages.forEach((message) => message.metadata?.client_id && outbox.drop(message.metadata.client_id));
    this.setMode(this.kind);
  }

  setMode(kind) {
    const open = may("chat") && (kind === "note" || Boolean(this.detail?.may_speak));
    if (this.mode !== `${kind}:${open}`) this.dressTools(kind, open);
    this.mode = `${kind}:${open}`;
    this.kind = this.dataset.kind = kind;
    this.photos.open = open && kind === "reply";
    this.modes.forEach((mode, n) => mode.setAttribute("aria-pressed", String(Object.keys(KINDS)[n] === kind)));
    this.box.setAttribute("aria-label", KINDS[kind].name);
    this.box.placeholder = kind === "note" ? "只有同事看得到；输入 @ 请教一位同事" : open ? "回复客户，按 / 选常用语" : this.barred();
    this.box.readOnly = !open;
    this.go.disabled = !open;
    this.go.textContent = kind === "note" ? "记下备注" : "发送";
    fill(this.hint, kind === "note" ? "备注客户看不到" : open ? "Enter 发送，Shift + Enter 换行" : "");
  }

  dressTools(kind, open) {
    fill(this.tools, kind === "note" ? button("@ 请教同事", () => this.mention(), { kind: "quiet" }) : open
      ? [button("图片", () => this.photos.choose(), { kind: "quiet" }), button("常用语", () => this.canned(), { kind: "quiet", key: "/" }), button("宏", () => this.macro(), { kind: "quiet", key: "m" })] : null);
  }

  barred() {
    const owner = this.detail?.ownership;
    if (!owner) return "";
    if (!may("chat")) return "您可以查看，不能回复";
    return owner.owner === "human" && owner.agent ? `由${owner.agent}接待中，现在不能直接回复客户` : owner.state === "bot" ? "机器人接待中，主管接管后才能回复" : "接待后才能回复客户";
  }

  write(kind) {
    if (kind !== this.kind) {
      this.keepDraft();
      this.setMode(kind);
      this.box.value = mine(this.draftKey(), "");
      this.tone.clear();
    }
    this.box.focus();
  }

  insert(text) {
    if (this.kind === "note") this.write("reply");
    this.put(text);
  }

  put(text) {
    this.box.setRangeText(text, this.box.selectionStart, this.box.selectionEnd, "end");
    this.edited();
    this.box.focus();
  }

  canned() { pickCanned(this.detail, (text) => this.insert(text)); }
  macro() { if (this.detail?.may_speak) pickMacro(this.detail, () => this.dispatchEvent(new CustomEvent("changed", { bubbles: true }))); }
  mention() { pickColleague("请教哪位同事", (name) => this.put(`@${name} `)); }
  keepDraft() { keepMine(this.draftKey(), this.box.value || null); }

  edited() {
    this.keepDraft();
    if (this.kind === "note") return;
    this.tone.soon(this.box.value);
    if (this.detail?.may_speak && this.box.value && Date.now() - (this.told || 0) > 3000) {
      this.told = Date.now();
      post(`${DESK}/typing`, { conversation: this.conversation }).catch(() => {});
    }
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); this.submit(); }
    else if (event.key === "/" && !this.box.value && this.kind === "reply" && !this.box.readOnly) { event.preventDefault(); this.canned(); }
    else if (event.key === "@" && this.kind === "note") { event.preventDefault(); this.mention(); }
  }

  async submit() {
    const text = this.box.value.trim();
    if (this.box.readOnly || this.busy || (!text && !(this.kind === "reply" && this.photos.ready.length))) return;
    if (this.photos.busy && this.kind === "reply") { toast("图片还在上传，请稍等。"); return; }
    this.busy = true;
    try {
      await (this.kind === "note" ? this.note(text) : this.reply(text));
    } catch (error) {
      toast(error.message, "error");
    } finally {
      this.busy = false;
    }
  }

  async note(text) {
    await post(`${DESK}/note`, { conversation: this.conversation, text });
    this.clear();
  }

  async reply(text) {
    const findings = await this.tone.check(text);
    if (findings.some((f) => f.level === "block")) return;
    if (findings.length && this.warned !== text) { this.warned = text; toast("请先看一下语气提示；再按一次就发送。"); return; }
    const photos = this.photos.ready, version = this.detail.handover.version;
    this.clear();
    this.photos.clear();
    [text, ...photos.slice(1).map(() => "")].forEach((words, n) => outbox.add({ conversation: this.conversation, text: words, version, ...(photos[n] ? { attachment: photos[n].id } : {}) }));
  }

  clear() {
    this.box.value = "";
    this.keepDraft();
    this.tone.clear();
  }

  draw = () => {
    fill(this.waiting, outbox.of(this.conversation).map((entry) => h("li", {}, h("span", {}, entry.text || "〔图片〕"), h(`small.${entry.problem ? "bad" : "muted"}`, {}, entry.problem || "发送中…"),
      entry.problem ? button("取回", () => { outbox.drop(entry.client_id); this.insert(entry.text); }, { kind: "quiet" }) : null)));
  };
}

customElements.define("desk-composer", DeskComposer);
