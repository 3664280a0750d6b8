// What every part of the desk shares: who is signed in, the words, the live line, the preferences.
import { Live } from "./live.js";

export const live = new Live();
export const session = { staff: null, words: {}, people: {} };
export const may = (permission) => session.staff?.may.includes(permission);

export function preference(name, fallback = null) {
  try { return localStorage.getItem(`desk:${name}`) ?? fallback; } catch { return fallback; }
}

export function prefer(name, value) {
  try { value === null ? localStorage.removeItem(`desk:${name}`) : localStorage.setItem(`desk:${name}`, value); } catch { /* private mode */ }
}

// What a person leaves on this computer (drafts, what they have read) is theirs: the next one to sign in here does not see it.
const own = (name) => `${session.staff.name}:${name}`;
export const mine = (name, fallback = null) => (session.staff ? preference(own(name), fallback) : fallback);
export const keepMine = (name, value) => { if (session.staff) prefer(own(name), value); };

export function dress() {
  const root = document.documentElement, theme = preference("theme", "auto");
  root.dataset.theme = theme === "auto" ? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light") : theme;
  root.dataset.size = preference("size", "s");
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dress);

export const CHANNELS = { web: "网页", rest: "接口", socketio: "网页", wechat: "公众号", wecom: "微信客服" };
export const STATES = { bot: "机器人接待", requested: "请求人工", queued: "排队中", assigned: "待接待", active: "接待中", wrap_up: "整理小结", returned: "已交还机器人",
  closed: "已结束", no_agent: "无人在岗", off_hours: "非工作时间", timed_out: "等待超时", abandoned: "客户已离开" };
export const customerName = (id) => `客户 ${String(id).replace(/[^\p{L}\p{N}]/gu, "").slice(-4) || id}`;
