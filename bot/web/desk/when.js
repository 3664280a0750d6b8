// Moments and spans as people say them.

// The server's clock counts, not this computer's.
let ahead = 0;
export function synchronise(iso) { if (iso) ahead = new Date(iso) - Date.now(); }
const now = () => Date.now() + ahead;

const two = (n) => String(n).padStart(2, "0");

export function clock(iso) {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? "" : `${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function day(iso) {
  const at = new Date(iso), today = new Date(now());
  const days = Math.round((new Date(at.toDateString()) - new Date(today.toDateString())) / 86400000);
  return { "0": "今天", "-1": "昨天", "1": "明天" }[days] || `${at.getMonth() + 1}月${at.getDate()}日`;
}

export function moment(iso) {
  return iso ? `${day(iso)} ${clock(iso)}` : "";
}

export function span(seconds) {
  if (seconds === null || seconds === undefined) return "—";
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} 秒`;
  if (s < 3600) return `${Math.floor(s / 60)} 分钟`;
  if (s < 86400) return `${Math.floor(s / 3600)} 小时${s % 3600 >= 60 ? ` ${Math.floor((s % 3600) / 60)} 分` : ""}`;
  return `${Math.floor(s / 86400)} 天${s % 86400 >= 3600 ? ` ${Math.floor((s % 86400) / 3600)} 小时` : ""}`;
}

// <time-since at soon? late?>: how long ago, coloured after so many seconds; <time-left at>: a clock counting down, and red once it has run out.
class Ticking extends HTMLElement {
  static observedAttributes = ["at"];
  attributeChangedCallback() { this.show(); }
  connectedCallback() { this.show(); this.timer = setInterval(() => this.show(), 15000); }
  disconnectedCallback() { clearInterval(this.timer); }
}

class TimeSince extends Ticking {
  show() {
    const gone = (now() - new Date(this.getAttribute("at"))) / 1000, over = (name) => this.hasAttribute(name) && gone > Number(this.getAttribute(name));
    this.className = over("late") ? "late" : over("soon") ? "soon" : "";
    this.textContent = span(gone);
  }
}

class TimeLeft extends Ticking {
  show() {
    const left = (new Date(this.getAttribute("at")) - now()) / 1000;
    this.className = left < 0 ? "late" : left < 3600 ? "soon" : "";
    this.textContent = left < 0 ? `已超 ${span(-left)}` : `剩 ${span(left)}`;
    this.title = moment(this.getAttribute("at"));
  }
}

customElements.define("time-since", TimeSince);
customElements.define("time-left", TimeLeft);
