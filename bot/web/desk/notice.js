// Short messages, dialogs, sound and the title badge.
import { button, fill, h } from "./dom.js";
import { preference } from "./state.js";

const region = h("div.toasts", { role: "status", "aria-live": "polite" });

export function toast(text, kind = "info", { href = null } = {}) {
  if (!region.isConnected) document.body.append(region);
  const note = h(`p.toast.${kind}`, {}, text, href ? h("a", { href, onclick: () => note.remove() }, "去看看") : null);
  region.append(note);
  setTimeout(() => note.remove(), kind === "error" ? 8000 : 4000);
}

export async function attempt(work, { quiet = false } = {}) {
  try { return await work(); } catch (error) {
    if (!quiet || error.status) toast(error.message, "error");
    return null;
  }
}

// A modal form. `build` gives its fields; `submit` resolves to close it, and its error is shown inside.
export function ask(title, build, submit, { action = "确定", kind = "primary" } = {}) {
  const problem = h("p.problem", { role: "alert" });
  const dialog = h("dialog.dialog", { "aria-label": title });
  const form = h("form", {
    method: "dialog",
    onsubmit: async (event) => {
      event.preventDefault();
      fill(problem);
      try { await submit(form); dialog.close(); } catch (error) { fill(problem, error.message); }
    },
  }, h("h2", {}, title), build, problem, h("div.row.end", {}, button("取消", () => dialog.close()), h(`button.btn.${kind}`, { type: "submit" }, action)));
  dialog.append(form);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  if (kind !== "danger" && !form.querySelector("input, select, textarea")) form.querySelector("[type=submit]").focus();
  return dialog;
}

let unread = 0;
export function badge(count) {
  unread = count;
  document.title = (unread ? `(${unread}) ` : "") + "听诉 · 工作台";
}

let audio = null;
export function chime(loud = false, { force = false } = {}) {
  const wanted = preference("sound", "on");
  if (!force && (wanted === "off" || (wanted === "grave" && !loud))) return;
  try {
    audio ??= new AudioContext();
    [0, loud ? 0.22 : null, loud ? 0.44 : null].filter((at) => at !== null).forEach((at) => {
      const tone = audio.createOscillator(), volume = audio.createGain();
      tone.frequency.value = loud ? 880 : 660;
      volume.gain.setValueAtTime(0.12, audio.currentTime + at);
      volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + at + 0.2);
      tone.connect(volume).connect(audio.destination);
      tone.start(audio.currentTime + at);
      tone.stop(audio.currentTime + at + 0.22);
    });
  } catch { /* no sound without a first click: the badge stays */ }
}

// Beside the badge, for those who asked for it: on the desktop, without a word of what was said.
export function notify(text) {
  if (!document.hidden || preference("notify") !== "on" || globalThis.Notification?.permission !== "granted") return;
  const shown = new Notification("听诉 · 工作台", { body: text, tag: text });
  shown.onclick = () => { window.focus(); shown.close(); };
}
