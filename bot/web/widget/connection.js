/**
 * One WebSocket that comes back by itself: waits 0.5 → 8 s with jitter between tries, notices a dead line by ping,
 * and counts as online only once the server has answered hello.
 */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;
const PING_EVERY = 20000;
const ANSWER_WITHIN = 8000;

export class Connection {
  #url; #hello; #onFrame; #onStatus;
  #socket = null;
  #tries = 0;
  #retry; #ping; #deadline;
  status = "idle";

  constructor(url, { hello, onFrame, onStatus }) {
    this.#url = url;
    this.#hello = hello;
    this.#onFrame = onFrame;
    this.#onStatus = onStatus;
  }

  /** Connect now, unless connected or connecting. */
  start() {
    if (this.#socket) return;
    clearTimeout(this.#retry);
    this.#become(this.#tries ? "offline" : "connecting");
    const socket = (this.#socket = new WebSocket(this.#url));
    this.#expectAnswer();
    socket.onopen = () => this.send(this.#hello());
    socket.onmessage = (event) => this.#receive(event.data);
    socket.onclose = () => this.#lost(socket);
  }

  /** Say hello anew, for a changed context or a woken computer. */
  restart() {
    this.#drop();
    this.#tries = 0;
    this.start();
  }

  stop() {
    this.#drop();
    this.#become("idle");
  }

  /** The browser says there is no network: do not wait for the line to time out. */
  unplugged() {
    if (this.status === "idle") return;
    this.#drop();
    this.#lost(null);
  }

  /** True if the frame went out; false means: not connected, send it after the next session frame. */
  send(frame) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Is the line alive? Lost if no answer comes in time. */
  check() {
    if (this.status === "online" && this.send({ type: "ping" })) this.#expectAnswer();
  }

  #receive(data) {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return;
    }
    this.#onFrame(frame);
    if (frame.type === "session") {
      this.#tries = 0;
      clearInterval(this.#ping);
      this.#ping = setInterval(() => this.check(), PING_EVERY);
      this.#become("online");
    }
  }

  #expectAnswer() {
    this.#deadline ??= setTimeout(() => {
      const socket = this.#socket;
      this.#drop();
      this.#lost(socket);
    }, ANSWER_WITHIN);
  }

  #lost(socket) {
    if (this.#socket && this.#socket !== socket) return;
    this.#drop();
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#tries) * (0.75 + Math.random() / 2);
    this.#tries += 1;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.start(), wait);
    this.#become("offline");
  }

  #drop() {
    clearTimeout(this.#retry);
    clearTimeout(this.#deadline);
    clearInterval(this.#ping);
    this.#deadline = undefined;
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #become(status) {
    if (this.status === status) return;
    this.status = status;
    this.#onStatus(status);
  }
}
