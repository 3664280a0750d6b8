// Photos on their way to the customer: chosen, pasted or dropped; uploaded at once, kept with the draft, sent with the reply.
import { DESK, upload } from "./api.js";
import { button, fill, h } from "./dom.js";
import { toast } from "./notice.js";
import { keepMine, mine } from "./state.js";

export class Attachments {
  #kept = [];

  constructor(conversation) {
    this.conversation = conversation;
    this.open = false;
    this.node = h("ul.tray", { "aria-label": "要发的图片", hidden: true });
    this.chooser = h("input", { type: "file", accept: "image/jpeg,image/png,image/gif,image/webp", multiple: true, hidden: true, "aria-label": "选择图片", tabindex: "-1",
      onchange: () => { this.add(this.chooser.files); this.chooser.value = ""; } });
    this.#kept = JSON.parse(mine(this.#key, "[]"));
    this.#draw();
  }

  get #key() { return `photos:${this.conversation}`; }
  get ready() { return this.#kept.filter((each) => each.id); }
  get busy() { return this.#kept.some((each) => !each.id && !each.problem); }

  choose() { this.chooser.click(); }

  // Pasted or dropped files of `box`; text goes its usual way.
  listen(box) {
    box.addEventListener("paste", (event) => this.#take(event, event.clipboardData?.files));
    box.addEventListener("dragover", (event) => { if (this.open) event.preventDefault(); });
    box.addEventListener("drop", (event) => this.#take(event, event.dataTransfer?.files));
  }

  add(files) { for (const file of files) this.#upload({ name: file.name, file }); }
  clear() { this.#kept = []; this.#draw(); }

  #take(event, files) {
    if (!this.open || !files?.length) return;
    event.preventDefault();
    this.add(files);
  }

  async #upload(each) {
    this.#kept.push(each);
    this.#draw();
    try {
      Object.assign(each, await upload(`${DESK}/attachment`, { conversation: this.conversation, file: each.file }), { name: each.name });
    } catch (error) {
      each.problem = error.message;
      toast(`${each.name}：${error.message}`, "error");
    }
    this.#draw();
  }

  #draw() {
    const uploaded = this.ready.map(({ id, url, name }) => ({ id, url, name }));
    keepMine(this.#key, uploaded.length ? JSON.stringify(uploaded) : null);
    this.node.hidden = !this.#kept.length;
    fill(this.node, this.#kept.map((each) => h("li", {}, each.url ? h("img", { src: each.url, alt: "" }) : null,
      h(`span${each.problem ? ".bad" : ""}`, {}, each.name, each.problem ? `：${each.problem}` : each.id ? "" : " 上传中…"),
      button("移除", () => { this.#kept = this.#kept.filter((other) => other !== each); this.#draw(); }, { kind: "quiet" }))));
  }
}
