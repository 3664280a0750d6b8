// Searching the knowledge base; each answer comes with its source and can be copied.
import { get } from "./api.js";
import { button, empty, fill, h } from "./dom.js";
import { attempt, toast } from "./notice.js";

class DeskKnowledge extends HTMLElement {
  connectedCallback() {
    this.input = h("input", { type: "search", placeholder: "用客户的话来问，例如：洗衣机漏水保修吗", "aria-label": "查知识", maxlength: 200 });
    this.list = h("div", { "aria-live": "polite" });
    fill(this, h("h1", {}, "知识"), h("form.row", { onsubmit: (event) => { event.preventDefault(); this.search(); } }, this.input, h("button.btn.primary", { type: "submit" }, "查找")), this.list);
    this.input.focus();
  }

  async search() {
    const q = this.input.value.trim();
    if (!q) return;
    const hits = await attempt(() => get("/api/v1/kb/search", { q, limit: 10 }));
    if (!hits) return;
    fill(this.list, hits.length ? hits.map((hit) => h("section.card", {}, h("h2", {}, hit.title), h("p.pre", {}, hit.answer),
      h("p.line", {}, h("span.muted.small", {}, `出处：${hit.source || hit.id}`), h("span.push"), button("复制", () => this.copy(hit.answer), { kind: "quiet" })))) : empty("没有找到。换一种说法试试。"));
  }

  async copy(text) {
    try { await navigator.clipboard.writeText(text); toast("已复制"); } catch { toast("浏览器不允许复制，请手动选择文字。", "error"); }
  }
}

customElements.define("desk-knowledge", DeskKnowledge);
