// Messages on their way to customers: kept in the browser until the server has them, whatever page is open meanwhile.
import { DESK, post } from "./api.js";
import { keepMine, live, mine, session } from "./state.js";

const AGAIN = 3000;

class Outbox extends EventTarget {
  #entries = [];
  #sending = false;

  // After signing in: what an earlier page could not send goes out now.
  open() {
    this.#entries = JSON.parse(mine("outbox", "[]"));
    live.addEventListener("online", this.flush);
    this.flush();
  }

  of(conversation) { return this.#entries.filter((entry) => entry.conversation === conversation); }

  add(entry) {
    this.#entries.push({ client_id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, ...entry });
    this.#changed();
    this.flush();
  }

  drop(id) {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter((entry) => entry.client_id !== id);
    if (before !== this.#entries.length) this.#changed();
  }

  // One after the other; a refused one stays, with the reason, until its words are taken back.
  flush = async () => {
    if (this.#sending || !session.staff) return;
    this.#sending = true;
    const stuck = new Set();
    for (let entry; (entry = this.#entries.find((each) => !each.problem && !stuck.has(each.conversation)));) {
      if (!(await this.#send(entry))) stuck.add(entry.conversation);
    }
    this.#sending = false;
    clearTimeout(this.again);
    if (stuck.size) this.again = setTimeout(this.flush, AGAIN);
  };

  async #send(entry) {
    try {
      const { problem: _, ...body } = entry;
      await post(`${DESK}/message`, body);
      this.drop(entry.client_id);
    } catch (error) {
      if (error.status === 0 || error.status === 401 || error.status >= 500 || error.code === "in_progress") return false;
      entry.problem = error.message;
      this.#changed();
    }
    return true;
  }

  #changed() {
    keepMine("outbox", this.#entries.length ? JSON.stringify(this.#entries) : null);
    this.dispatchEvent(new CustomEvent("changed"));
  }
}

export const outbox = new Outbox();
