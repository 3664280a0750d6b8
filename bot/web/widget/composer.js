/** Where the customer writes: draft kept, Enter sends, Shift+Enter breaks the line, an input method is never interrupted. */
import { h } from "./element.js";
import { icon } from "./icons.js";
import { PhotoTray } from "./photo-tray.js";
import { keep, recall } from "./storage.js";
import { PHOTO_TYPES } from "./upload.js";
import { WORDS } from "./wording.js";

const TYPING_EVERY = 3000;
const TALLEST = 132;

export class Composer {
  #wiring;
  #field = h("textarea", { rows: "1", "aria-label": WORDS.input, placeholder: WORDS.placeholder, enterkeyhint: "send", autocomplete: "off" });
  #send = h("button", { type: "submit", class: "send", disabled: true }, WORDS.send);
  #files = h("input", { type: "file", accept: PHOTO_TYPES.join(","), multiple: true, hidden: true, tabindex: "-1" });
  #pick = h("button", { type: "button", class: "pick", "aria-label": WORDS.photo, title: WORDS.photo, onclick: () => this.#files.click() }, icon("photo"));
  #saidTyping = 0;
  #composing = false;
  #tray;

  /** @param wiring {{server, token(), say({text, photos}), typing(), notify(text, options)}} */
  constructor(wiring) {
    this.#wiring = wiring;
    this.#tray = new PhotoTray({ ...wiring, changed: () => this.#refresh(), unavailable: () => this.#withoutPhotos() });
    const bar = h("div", { class: "bar" }, this.#pick, this.#files, this.#field, this.#send);
    this.node = h("form", { class: "composer" }, this.#tray.node, bar);
    this.#listen();
    this.#field.value = recall("draft", "");
  }

  set placeholder(words) {
    this.#field.placeholder = words;
  }

  focus() {
    this.#field.focus();
    this.#refresh();
  }

  /** A session exists: photos that waited can go. */
  connected() {
    this.#tray.resume();
  }

  #listen() {
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener("compositionstart", () => (this.#composing = true));
    this.#field.addEventListener("compositionend", () => (this.#composing = false));
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.#field.addEventListener("input", () => this.#edited());
    this.#field.addEventListener("paste", (event) => this.#takeFiles(event, event.clipboardData));
    this.#files.addEventListener("change", () => {
      this.#tray.add(this.#files.files);
      this.#files.value = "";
    });
    this.node.addEventListener("dragover", (event) => event.preventDefault());
    this.node.addEventListener("drop", (event) => this.#takeFiles(event, event.dataTransfer));
  }

  /** 229 is what Safari reports for the Enter that ends a composition. */
  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || this.#composing || event.keyCode === 229) return;
    event.preventDefault();
    this.#submit();
  }

  #edited() {
    keep("draft", this.#field.value || null);
    this.#refresh();
    const now = Date.now();
    if (!this.#field.value.trim() || now - this.#saidTyping < TYPING_EVERY) return;
    this.#saidTyping = now;
    this.#wiring.typing();
  }

  #takeFiles(event, transfer) {
    const files = [...(transfer?.files ?? [])];
    if (!files.length || this.#pick.hidden) return;
    event.preventDefault();
    this.#tray.add(files);
  }

  #submit() {
    if (this.#tray.busy) return this.#wiring.notify(this.#wiring.token() ? WORDS.stillUploading : WORDS.uploadWaits);
    const text = this.#field.value.trim();
    const photos = this.#tray.takeReady();
    if (!text && !photos.length) return;
    this.#field.value = "";
    keep("draft", null);
    this.#saidTyping = 0;
    this.#refresh();
    this.#wiring.say({ text, photos });
  }

  #withoutPhotos() {
    this.#pick.hidden = true;
  }

  #refresh() {
    this.#send.disabled = !this.#field.value.trim() && !this.#tray.ready.length;
    this.#field.style.height = "auto";
    this.#field.style.height = `${Math.min(TALLEST, this.#field.scrollHeight)}px`;
  }
}
