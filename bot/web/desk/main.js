// The desk: sign in, then the shell with one page at a time.
import { DESK, authorise, get, onSignedOut, post } from "./api.js";
import { fill, h } from "./dom.js";
import { synchronise } from "./when.js";
import "./login.js";
import "./shell.js";
import { outbox } from "./outbox.js";
import { dress, live, session } from "./state.js";

class DeskApp extends HTMLElement {
  connectedCallback() {
    dress();
    onSignedOut(() => this.leave());
    live.addEventListener("signed-out", () => this.leave());
    this.addEventListener("signed-in", () => this.enter());
    this.addEventListener("sign-out", async () => { await post(`${DESK}/logout`).catch(() => {}); this.leave(); });
    this.enter();
  }

  async enter() {
    try {
      const me = await get(`${DESK}/me`);
      authorise(me.csrf);
      session.staff = me.staff;
      synchronise(me.now);
      if (me.staff.must_change) { this.door().changePassword(); return; }
      const [words, colleagues] = await Promise.all([get(`${DESK}/words`), get(`${DESK}/colleagues`)]);
      session.words = words;
      session.people = Object.fromEntries(colleagues.items.map((each) => [each.name, each.display]));
      live.start();
      outbox.open();
      fill(this, h("desk-shell"));
    } catch (error) {
      if (error.status === 401) this.leave();
      else fill(this, h("p.boot", { role: "alert" }, error.message));
    }
  }

  door() {
    const login = h("desk-login");
    fill(this, login);
    return login;
  }

  leave() {
    live.stop();
    authorise(null);
    session.staff = null;
    document.querySelectorAll("dialog").forEach((dialog) => dialog.remove());
    if (!this.querySelector("desk-login")) this.door();
  }
}

customElements.define("desk-app", DeskApp);
