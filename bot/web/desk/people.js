// Names of those who act on a case, as people say them.
import { session } from "./state.js";

const SAME = { team_lead: "lead", gm_plus_legal: "总经理与法务" };
const ACTORS = { bot: "机器人", system: "系统", customer: "客户", api: "接口" };

export const roleName = (code) => session.words.roles[SAME[code] || code] || SAME[code] || code;
export const actorName = (code) => ACTORS[code] || (code === session.staff?.name ? "我" : session.people[code] || code);
