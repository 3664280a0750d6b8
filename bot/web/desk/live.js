// The live line: reconnects by itself, and says so; what was missed is fetched again by whoever shows it.

export class Live extends EventTarget {
  constructor() {
    super();
    this.wait = 500;
    this.stopped = false;
    this.connected = false;
  }

  start() {
    this.stopped = false;
    this.connect();
    this.beat = setInterval(() => this.check(), 20000);
    window.addEventListener("online", this.hurry);
    window.addEventListener("offline", this.unplugged);
  }

  stop() {
    this.stopped = true;
    clearInterval(this.beat);
    clearTimeout(this.again);
    clearTimeout(this.silence);
    window.removeEventListener("online", this.hurry);
    window.removeEventListener("offline", this.unplugged);
    this.socket?.close();
  }

  hurry = () => { this.wait = 500; if (!this.socket) this.retry(0); };

  unplugged = () => { if (this.socket) this.lost(this.socket); };

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = this.socket = new WebSocket(`${scheme}://${location.host}/ws/desk`);
    socket.onmessage = ({ data }) => this.hear(JSON.parse(data));
    socket.onclose = ({ code }) => this.lost(socket, code);
  }

  lost(socket, code = null) {
    if (this.stopped || socket !== this.socket) return;
    this.socket = null;
    socket.close();
    this.connected = false;
    this.tell("offline");
    if (code === 4401) { this.tell("signed-out"); return; }
    this.retry(this.wait * (0.7 + Math.random() * 0.6));
    this.wait = Math.min(this.wait * 2, 8000);
  }

  retry(after) {
    clearTimeout(this.again);
    this.again = setTimeout(() => this.connect(), after);
  }

  // A line that does not answer is dead, whatever the browser thinks.
  check() {
    this.send({ type: "ping" });
    clearTimeout(this.silence);
    const socket = this.socket;
    this.silence = setTimeout(() => { if (socket === this.socket && socket.readyState === WebSocket.OPEN) this.lost(socket); }, 8000);
  }

  hear(frame) {
    clearTimeout(this.silence);
    if (frame.type === "ready") {
      this.wait = 500;
      this.connected = true;
      this.send({ type: "ping" });
      if (this.opened) this.open(this.opened);
      this.tell("online");
    }
    if (frame.type === "opened") this.tell("opened");
    if (frame.event) this.tell("event", { topic: frame.topic, ...frame.event });
  }

  open(conversation) {
    this.opened = conversation;
    this.send({ type: "open", conversation });
  }

  send(frame) { if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame)); }
  tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}
