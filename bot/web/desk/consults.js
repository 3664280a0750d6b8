// What colleagues ask me: a small box above the list of conversations; my next note there is the answer.
import { DESK, get, post } from "./api.js";
import { button, fill, h } from "./dom.js";
import { attempt, chime, notify, toast } from "./notice.js";
import { customerName, live, may, session } from "./state.js";
import { moment } from "./when.js";

class DeskConsults extends HTMLElement {
  connectedCallback() {
    live.addEventListener("event", this.event);
    live.addEventListener("online", this.load);
    if (may("chat")) this.load();
  }

  disconnectedCallback() { live.removeEventListener("event", this.event); live.removeEventListener("online", this.load); }

  load = async () => {
    const answer = await get(`${DESK}/consults`).catch(() => null);
    if (answer) this.show(answer.items);
  };

  show(items) {
    fill(this, items.length ? h("details.asked", { open: true }, h("summary", {}, `同事请教我（${items.length}）`), h("ul.points", {}, items.map((each) => h("li", {},
      h("p.line", {}, h("strong", {}, each.display), h("a", { href: `#/chat/${encodeURIComponent(each.conversation)}` }, customerName(each.conversation)), h("span.push.muted.small", {}, moment(each.at))),
      h("p.small.clamp", {}, each.text),
      h("p.line", {}, h("span.muted.small", {}, "在那里写一条备注就是回答"), h("span.push"), button("不用我答", () => this.putAside(each.id), { kind: "quiet" })))))) : null);
  }

  async putAside(id) { await attempt(() => post(`${DESK}/consults/${id}/done`)); this.load(); }

  event = ({ detail }) => {
    if (!["consult", "consult_answered"].includes(detail.type)) return;
    if (detail.by === session.staff.name) this.load();
    if (!detail.to.includes(session.staff.name)) return;
    const words = detail.type === "consult" ? `${detail.display}请教您` : `${detail.display}回答了您的请教`;
    chime();
    notify(words);
    toast(`${words}：${detail.note.text.slice(0, 60)}`, "info", { href: `#/chat/${encodeURIComponent(detail.conversation)}` });
    this.load();
  };
}

customElements.define("desk-consults", DeskConsults);
