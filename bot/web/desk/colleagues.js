// Choosing a colleague: who is at the desk and how much they have in hand.
import { DESK, get } from "./api.js";
import { chip, h } from "./dom.js";
import { attempt } from "./notice.js";
import { pick } from "./picking.js";
import { session } from "./state.js";

export async function colleagues() {
  const found = await attempt(() => get(`${DESK}/colleagues`));
  return found?.items.filter((each) => each.name !== session.staff.name).sort((a, b) => b.available - a.available || a.load - b.load) ?? null;
}

export const presence = (each) => (each.available ? "在岗" : each.present ? "暂停接待" : "不在岗");

export function pickColleague(title, choose) {
  pick(title, "名字、账号或角色", async () => {
    const people = await colleagues();
    return people && { rows: (words) => people.filter((each) => (each.display + each.name + each.role_name).toLowerCase().includes(words)).map((each) => ({
      body: h("span.line", {}, h("strong", {}, each.display), h("span.muted", {}, each.role_name), h("span.push"), chip(presence(each), each.available ? "ok" : "")),
      choose: () => choose(each.display),
    })) };
  });
}
