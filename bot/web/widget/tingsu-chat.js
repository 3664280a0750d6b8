/** <tingsu-chat>: wires the conversation, the connection and the parts on screen together. */
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { Conversation, frameOf } from "./conversation.js";
import { h } from "./element.js";
import { Header } from "./header.js";
import { Launcher } from "./launcher.js";
import { Log } from "./log.js";
import { Notices } from "./notices.js";
import { QuickRow } from "./quick-row.js";
import { Sheet } from "./sheet.js";
import { keep, recall, watch } from "./storage.js";
import { WORDS } from "./wording.js";

const STYLES = ["theme.css", "widget.css"];
const TYPING_LASTS = 12000;
const RESEND_AFTER = 8000;
const RESENDS = 3;
const OUTBOX = { read: () => recall("outbox", []), write: (rows) => keep("outbox", rows.length ? rows : null) };

class TingsuChat extends HTMLElement {
  #conversation = new Conversation(OUTBOX);
  #connection; #header; #notices; #log; #quick; #composer; #launcher; #sheet; #root;
  #state = { owner: "bot", position: null, agent: null, warming: false };
  #botName = "小诉";
  #company = "";
  #more = false;
  #open = false;
  #focusWhenShown = false;
  #typing = null;
  #typingEnds;
  #sentAt = new Map();

  connectedCallback() {
    if (this.#root) return;
    this.#connection = new Connection(this.#socketUrl, {
      hello: () => this.#hello(),
      onFrame: (frame) => this.#receive(frame),
      onStatus: (status) => this.#lineChanged(status),
    });
    this.#build();
    this.#listen();
    this.#render();
    if (recall("token") || this.#conversation.pending.length) this.#connection.start();
    if (openBefore() ?? this.dataset.open === "true") this.#showOpen(true, { focus: false });
  }

  // ---- what the page may call

  /** @param context {{order?: string, store?: string}} what the conversation is about, if it changes */
  open(context = {}) {
    const changed = this.#adopt(context);
    if (changed && this.#connection.status === "online") this.#connection.restart();
    if (!this.#open) this.#showOpen(true);
  }

  close() {
    if (this.#open) this.#showOpen(false);
  }

  /** Say something in the customer's name. */
  send(text) {
    const words = String(text ?? "").trim();
    this.open();
    if (words) this.#say({ text: words });
  }

  // ---- building

  get #server() {
    return this.dataset.server ?? document.baseURI;
  }

  get #socketUrl() {
    const url = new URL("ws/chat", this.#server);
    url.protocol = url.protocol.replace("http", "ws");
    return url.href;
  }

  #build() {
    this.attachShadow({ mode: "open" });
    const styles = STYLES.map((name) => h("link", { rel: "stylesheet", href: new URL(name, import.meta.url).href }));
    this.#notices = new Notices({ reconnect: () => this.#connection.restart() });
    this.#log = new Log({ choose: (option) => this.#choose(option), again: (id) => this.#again(id), announce: (words) => this.#notices.announce(words) });
    this.#quick = new QuickRow({ askHuman: () => this.#choose({ id: "human", label: WORDS.askHuman }), dropOrder: () => this.#dropOrder() });
    this.#composer = new Composer({
      server: this.#server,
      token: () => recall("token"),
      say: (words) => this.#sayWithPhotos(words),
      typing: () => this.#connection.send({ type: "typing" }),
      notify: (words, { quiet = false } = {}) => (quiet ? this.#notices.announce(words) : this.#notices.note(words)),
    });
    const root = (this.#root = h("div", { class: "root", lang: "zh-CN", hidden: true }));
    this.#header = new Header({ resize: (size) => (root.dataset.size = size), close: () => this.close() });
    const panel = h("section", { class: "panel", part: "panel", role: "dialog", "aria-label": WORDS.panel, hidden: true },
      this.#header.node, this.#notices.node, this.#log.node, h("footer", {}, this.#quick.node, this.#composer.node));
    this.#sheet = new Sheet(panel, { close: () => this.close() });
    this.#launcher = new Launcher({ label: this.dataset.title ?? WORDS.launcher, open: () => this.open() });
    root.append(this.#launcher.node, panel);
    if (this.dataset.color) this.style.setProperty("--ts-accent", this.dataset.color);
    this.shadowRoot.append(...styles, root);
    // Nothing is shown before it has its looks.
    Promise.all(styles.map(loaded)).then(() => {
      root.hidden = false;
      this.#log.toBottom();
      if (this.#open && this.#focusWhenShown) this.#takeFocus();
    });
  }

  #listen() {
    watch((name) => this.#otherTab(name));
    window.addEventListener("online", () => this.#connection.status !== "idle" && this.#connection.restart());
    window.addEventListener("offline", () => this.#connection.unplugged());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      this.#connection.check();
      this.#render();
    });
    setInterval(() => this.#flush(), 2000);
  }

  // ---- the customer speaks

  #say(words) {
    this.#conversation.say(words);
    this.#flush();
    this.#connection.start();
    this.#render();
  }

  #sayWithPhotos({ text, photos }) {
    if (!photos.length) return this.#say({ text });
    photos.forEach(({ id, url, type, name }, index) => this.#say({ text: index ? "" : text, upload: id, attachment: { url, type, name } }));
  }

  #choose({ id, label }) {
    this.#say({ text: label, choice: id });
    this.#takeFocus();
  }

  /**
   * One message at a time, the next when the server has accepted the one before: so they keep their order. Without a
   * session it waits for one. Accepted late? Send it again; the server knows it by its id.
   */
  #flush() {
    const [row] = this.#conversation.pending;
    if (!row || this.#connection.status !== "online") return;
    const { at, times } = this.#sentAt.get(row.key) ?? { at: 0, times: 0 };
    if (Date.now() - at < RESEND_AFTER) return;
    if (times >= RESENDS) this.#giveUp(row.key);
    else if (this.#connection.send(frameOf(row))) this.#sentAt.set(row.key, { at: Date.now(), times: times + 1 });
  }

  #giveUp(key) {
    this.#sentAt.delete(key);
    this.#conversation.failed(key);
    this.#notices.announce(WORDS.failed);
    this.#flush();
    this.#render();
  }

  #again(key) {
    this.#conversation.again(key);
    this.#flush();
    this.#render();
  }

  // ---- the server speaks

  #hello() {
    const { order = null, store = null, identity } = this.dataset;
    const context = { order, store, page: location.origin + location.pathname };
    return { type: "hello", token: recall("token"), identity, after: this.#conversation.resumeAfter, context };
  }

  #receive(frame) {
    switch (frame.type) {
      case "session": return this.#begin(frame);
      case "message": return this.#hear(frame.message);
      case "accepted": return this.#accepted(frame);
      case "typing": return this.#showTyping(frame.on ? frame.actor : null);
      case "state": return this.#become(frame.state);
      case "error": return this.#refused(frame);
    }
  }

  #begin({ token, history = [], state, bot_name: botName, company, more = false }) {
    if (token) keep("token", token);
    // What we ask for overlaps what we have; if nothing of it is known, it is another conversation, or a gap too wide.
    const first = !this.#conversation.latest;
    const strange = !first && !history.some((message) => this.#conversation.knows(message));
    if (strange) this.#conversation.forgetHeard();
    if (first || strange) this.#more = more;
    this.#log.quiet = first;
    for (const message of history) this.#conversation.take(message);
    this.#botName = botName ?? this.#botName;
    this.#company = company ?? this.#company;
    this.#typing = null;
    this.#state = { ...this.#state, ...state };
    this.#sentAt.clear();
    // The connection counts as online only after this frame.
    queueMicrotask(() => {
      this.#flush();
      this.#composer.connected();
    });
    this.#render();
    requestAnimationFrame(() => (this.#log.quiet = false));
  }

  #hear(message) {
    this.#conversation.take(message);
    if (message.actor !== "customer") this.#typing = null;
    this.#flush();
    this.#render();
  }

  #accepted({ id, message }) {
    this.#sentAt.delete(id);
    this.#conversation.accepted(id, message);
    this.#flush();
    this.#render();
  }

  #showTyping(actor) {
    this.#typing = actor;
    clearTimeout(this.#typingEnds);
    if (actor) this.#typingEnds = setTimeout(() => this.#showTyping(null), TYPING_LASTS);
    this.#render();
  }

  #become(state) {
    this.#state = { ...this.#state, ...state };
    this.#render();
  }

  /** Too fast is no refusal: it goes out again by itself. */
  #refused({ id, code, message }) {
    if (message) this.#notices.note(message);
    if (id && code !== "too_many_requests") this.#giveUp(id);
  }

  // ---- what changes around

  #lineChanged(status) {
    this.#notices.showLine(status);
    if (status !== "online") this.#typing = null;
    this.#render();
  }

  #otherTab(name) {
    if (name === "token" && recall("token")) this.#connection.start();
    if (name === "outbox") this.#conversation.adoptOutbox();
    this.#render();
  }

  #adopt(context) {
    let changed = false;
    for (const name of ["order", "store"]) {
      if (context[name] === undefined || context[name] === this.dataset[name]) continue;
      this.dataset[name] = context[name];
      changed = true;
    }
    if (changed) this.#render();
    return changed;
  }

  #dropOrder() {
    delete this.dataset.order;
    if (this.#connection.status === "online") this.#connection.restart();
    this.#composer.focus();
    this.#render();
  }

  #showOpen(open, { focus = true } = {}) {
    this.#open = open;
    rememberOpen(open);
    this.#sheet.show(open);
    this.#render();
    if (open) this.#connection.start();
    if (open) this.#log.toBottom();
    if (open && focus) this.#takeFocus();
    this.#focusWhenShown = open && focus;
    if (!open) this.#launcher.node.focus();
  }

  /** Into the input; on a touch screen only into the panel, so that no keyboard covers what was just said. */
  #takeFocus() {
    if (matchMedia("(pointer: coarse)").matches) this.#log.focus();
    else this.#composer.focus();
  }

  #render() {
    const rows = this.#conversation.rows;
    if (this.#open && !document.hidden) keep("read", Math.max(recall("read", 0), this.#conversation.latest));
    const human = this.#state.owner === "human";
    const agent = this.#state.agent ?? WORDS.humanTitle;
    const service = this.dataset.title ?? (this.#company ? WORDS.service(this.#company) : WORDS.humanTitle);
    this.#header.show({ state: this.#state, botName: this.#botName, service });
    this.#notices.showState(this.#state);
    this.#log.render({
      rows, question: this.#conversation.question, online: this.#connection.status === "online", more: this.#more, botName: this.#botName, server: this.#server,
      typing: this.#typing, typist: this.#typing === "human" ? agent : this.#botName,
    });
    this.#quick.show({ owner: this.#state.owner, calling: rows.some((row) => row.choice === "human" && row.status === "sending"), order: this.dataset.order });
    this.#composer.placeholder = human ? WORDS.placeholderHuman(agent) : WORDS.placeholder;
    this.#launcher.show({ unread: this.#conversation.unreadSince(recall("read", 0)), open: this.#open });
  }
}

const loaded = (link) => new Promise((resolve) => ["load", "error"].forEach((event) => link.addEventListener(event, resolve, { once: true })));

/** A reloaded page shows the chat again if it was open, in this tab only. */
function rememberOpen(open) {
  try {
    sessionStorage.setItem("tingsu:open", String(open));
  } catch {
    // Then a reload starts closed.
  }
}

function openBefore() {
  try {
    const kept = sessionStorage.getItem("tingsu:open");
    return kept === null ? null : kept === "true";
  } catch {
    return null;
  }
}

customElements.define("tingsu-chat", TingsuChat);
