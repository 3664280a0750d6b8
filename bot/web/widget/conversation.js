/**
 * What was said, in order, each message once. Knows no DOM and no network.
 *
 * A row is a message of the server, or one of ours still on its way (`status` sending | failed). Ours are kept in the
 * outbox until the server has accepted them, so a reload or a lost line loses nothing.
 */
const OVERLAP = 5;

export class Conversation {
  #rows = new Map();
  #arrivals = 0;
  #outbox;

  /** @param outbox {{read(): object[], write(rows: object[]): void}} kept across reloads, shared by tabs */
  constructor(outbox) {
    this.#outbox = outbox;
    this.adoptOutbox();
  }

  /** Rows in order: what the server has by its ids, then what is on its way. */
  get rows() {
    return [...this.#rows.values()].sort((a, b) => a.order - b.order || a.arrival - b.arrival);
  }

  get pending() {
    return this.rows.filter((row) => row.status === "sending");
  }

  /** The bot's latest message, as long as the customer has said nothing since; its options can be answered. */
  get question() {
    const rows = this.rows;
    const latest = rows.findLastIndex((row) => row.actor === "bot");
    if (latest < 0 || rows.slice(latest).some((row) => row.actor === "customer")) return null;
    return rows[latest];
  }

  /**
   * The id to continue after. A few messages back on purpose: ids may become visible to us out of order, and seeing a
   * message again costs nothing because each is kept once.
   */
  get resumeAfter() {
    const heard = this.rows.filter((row) => row.heard);
    return heard.at(-1 - OVERLAP)?.id ?? null;
  }

  /** How far the server's messages reach, in their order. */
  get latest() {
    return this.rows.findLast((row) => row.heard)?.order ?? 0;
  }

  unreadSince(order) {
    return this.rows.filter((row) => row.heard && row.actor !== "customer" && row.order > order).length;
  }

  /** Something the customer says now. */
  say(words) {
    const row = { client_id: newId(), at: new Date().toISOString(), actor: "customer", ...words };
    this.#outbox.write([...this.#outbox.read(), row]);
    return this.#add(row.client_id, { ...row, status: "sending", order: Infinity });
  }

  /** Show what another tab, or this one before a reload, has not yet got through. */
  adoptOutbox() {
    for (const row of this.#outbox.read()) {
      if (!this.#rows.has(row.client_id)) this.#add(row.client_id, { ...row, status: "sending", order: Infinity });
    }
  }

  /** Take a message of the server. True if it was not known before. */
  take(message) {
    const key = message.client_id ?? message.id;
    const known = this.#rows.get(key);
    if (message.client_id) this.#settle(message.client_id);
    this.#add(key, { ...known, ...message, status: "sent", heard: true, order: orderOf(message.id) });
    return known?.id === undefined;
  }

  /** The server has it. */
  accepted(clientId, id) {
    this.#settle(clientId);
    const row = this.#rows.get(clientId);
    if (row && !row.heard) this.#add(clientId, { ...row, id, status: "sent", order: orderOf(id) });
  }

  /** Not delivered; it stays visible and can be sent again. */
  failed(clientId) {
    const row = this.#rows.get(clientId);
    if (row?.status === "sending") this.#add(clientId, { ...row, status: "failed" });
  }

  again(clientId) {
    const row = this.#rows.get(clientId);
    if (row?.status === "failed") this.#add(clientId, { ...row, status: "sending" });
  }

  /** The server's part of the conversation is another one now. */
  forgetHeard() {
    for (const [key, row] of this.#rows) if (row.status === "sent") this.#rows.delete(key);
  }

  knows(message) {
    return this.#rows.get(message.client_id ?? message.id)?.id === message.id;
  }

  #add(key, row) {
    const arrival = this.#rows.get(key)?.arrival ?? (this.#arrivals += 1);
    const kept = { ...row, key, arrival };
    this.#rows.set(key, kept);
    return kept;
  }

  #settle(clientId) {
    const waiting = this.#outbox.read();
    const left = waiting.filter((row) => row.client_id !== clientId);
    if (left.length < waiting.length) this.#outbox.write(left);
  }
}

/** The frame that carries a row to the server. */
export function frameOf(row) {
  if (row.choice) return { type: "choice", id: row.client_id, choice: row.choice, text: row.text };
  const frame = { type: "message", id: row.client_id, text: row.text };
  return row.upload ? { ...frame, attachment: row.upload } : frame;
}

function orderOf(id) {
  const number = Number(id);
  return Number.isFinite(number) ? number : Number.MAX_SAFE_INTEGER;
}

/** crypto.randomUUID needs https; a shop in a local network may have none. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
