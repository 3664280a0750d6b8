// The tone check: what stands in the box is shown to the server, and its findings below the box.
import { DESK, post } from "./api.js";
import { fill, h } from "./dom.js";

export class Tone {
  constructor() { this.node = h("p.tone", { role: "status" }); }

  soon(text) { clearTimeout(this.timer); this.timer = setTimeout(() => this.check(text), 500); }
  clear() { clearTimeout(this.timer); this.latest = null; fill(this.node); }

  async check(text) {
    clearTimeout(this.timer);
    this.latest = text = text.trim();
    if (!text) { this.clear(); return []; }
    const findings = (await post(`${DESK}/lint`, { text }).catch(() => null))?.findings || [];
    if (this.latest === text) fill(this.node, findings.map((f) => h(`span.${f.level}`, {}, h("q", {}, f.text), f.level === "block" ? ` 不能发送：${f.why}` : ` ${f.why}`)));
    return findings;
  }
}
