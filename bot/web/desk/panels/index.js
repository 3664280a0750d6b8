// The registry of the packet's panels, in the order in which they stand. A new panel is one small file and one line here:
//   { id, title, folded?, render(detail) }
// `detail` is the answer of GET /api/v1/desk/conversation. `render` gives elements, or null when it has nothing true to show;
// `folded` panels are closed until somebody opens them. Events that a panel may send up: "jump" (a message id), "insert" (words
// for the reply), "changed" (read everything anew).
import { approvals } from "./approvals.js";
import { customer } from "./customer.js";
import { demand } from "./demand.js";
import { facts } from "./facts.js";
import { history } from "./history.js";
import { issues } from "./issues.js";
import { knowledge } from "./knowledge.js";
import { next } from "./next.js";
import { orders } from "./orders.js";
import { promises } from "./promises.js";
import { remedies } from "./remedies.js";
import { risks } from "./risks.js";
import { ticket } from "./ticket.js";

export const panels = [next, risks, ticket, promises, approvals, issues, facts, demand, remedies, knowledge, orders, customer, history];
