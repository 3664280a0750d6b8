/** Photos chosen but not yet sent: preview, progress, remove. */
import { h } from "./element.js";
import { icon } from "./icons.js";
import { objection, upload } from "./upload.js";
import { WORDS } from "./wording.js";

export class PhotoTray {
  #items = new Set();
  #server; #token; #changed; #notify; #unavailable;
  node = h("div", { class: "tray", hidden: true });

  /** @param wiring {{server, token(): string|null, changed(), notify(text), unavailable()}} */
  constructor({ server, token, changed, notify, unavailable }) {
    this.#server = server;
    this.#token = token;
    this.#changed = changed;
    this.#notify = notify;
    this.#unavailable = unavailable;
  }

  get busy() {
    return [...this.#items].some((item) => item.state !== "done" && item.state !== "failed");
  }

  get ready() {
    return [...this.#items].filter((item) => item.state === "done");
  }

  add(files) {
    for (const file of files) {
      const problem = objection(file);
      if (problem) this.#notify(problem);
      else this.#show(file);
    }
    this.resume();
  }

  /** Upload what still waits for a session. */
  resume() {
    for (const item of this.#items) if (item.state === "waiting") this.#send(item);
    this.#refresh();
  }

  /** Take the uploaded photos out of the tray. */
  takeReady() {
    const taken = this.ready.map((item) => item.uploaded);
    for (const item of this.ready) this.#remove(item);
    return taken;
  }

  #show(file) {
    const item = { file, state: "waiting", preview: URL.createObjectURL(file) };
    item.bar = h("progress", { max: "100", value: "0" });
    item.words = h("span", { class: "hidden" });
    const remove = h("button", { type: "button", class: "remove", "aria-label": WORDS.removePhoto(file.name), onclick: () => this.#remove(item) }, icon("close"));
    item.node = h("div", { class: "thumb" }, h("img", { src: item.preview, alt: WORDS.photoOf(file.name) }), item.bar, item.words, remove);
    this.#items.add(item);
    this.node.append(item.node);
  }

  async #send(item) {
    const token = this.#token();
    if (!token) return;
    item.state = "uploading";
    const onProgress = (percent) => this.#progress(item, percent);
    item.request = upload(item.file, { url: new URL("api/v1/uploads", this.#server), token, onProgress });
    try {
      item.uploaded = await item.request.done;
      item.state = "done";
      this.#notify(WORDS.uploaded, { quiet: true });
    } catch (error) {
      item.state = "failed";
      if (error.status === 404) this.#giveUp();
      else this.#notify(error.message);
    }
    this.#refresh();
  }

  #progress(item, percent) {
    item.bar.value = percent;
    item.bar.setAttribute("aria-label", WORDS.uploading(percent));
  }

  /** This server takes no photos. */
  #giveUp() {
    for (const item of this.#items) this.#remove(item);
    this.#notify(WORDS.noUploads);
    this.#unavailable();
  }

  #remove(item) {
    if (item.state === "uploading") item.request.abort();
    URL.revokeObjectURL(item.preview);
    item.node.remove();
    this.#items.delete(item);
    this.#refresh();
  }

  #refresh() {
    for (const item of this.#items) item.node.dataset.state = item.state;
    this.node.hidden = this.#items.size === 0;
    this.#changed();
  }
}
