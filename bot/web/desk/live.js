// The live line: reconnects by itself, and says so; what was missed is fetched again by whoever shows it.

export class Live extends EventTarget {
  constructor() {
    super();
    this.wait = 500;
    this.stopped = false;
  }

  start() {
    this.stopped = false;
    this.connect();
    this.beat = setInterval(() => this.send({ type: "ping" }), 20000);
    window.addEventListener("online", this.hurry);
  }

  stop() {
    this.stopped = true;
    clearInterval(this.beat);
    clearTimeout(this.again);
    window.removeEventListener("online", this.hurry);
    this.socket?.close();
  }

  hurry = () => { this.wait = 500; if (this.socket?.readyState !== WebSocket.OPEN) this.retry(0); };

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = this.socket = new WebSocket(`${scheme}://${location.host}/ws/desk`);
    socket.onmessage = ({ data }) => this.hear(JSON.parse(data));
    socket.onclose = ({ code }) => {
      if (this.stopped || socket !== this.socket) return;
      this.tell("offline");
      if (code === 4401) { this.tell("signed-out"); return; }
      this.retry(this.wait * (0.7 + Math.random() * 0.6));
      this.wait = Math.min(this.wait * 2, 8000);
    };
  }

  retry(after) {
    clearTimeout(this.again);
    this.again = setTimeout(() => this.connect(), after);
  }

  hear(frame) {
    if (frame.type === "ready") {
      this.wait = 500;
      this.send({ type: "ping" });
      if (this.opened) this.open(this.opened);
      this.tell("online");
    }
    if (frame.event) this.tell("event", { topic: frame.topic, ...frame.event });
  }

  open(conversation) {
    this.opened = conversation;
    this.send({ type: "open", conversation });
  }

  send(frame) { if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame)); }
  tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}
