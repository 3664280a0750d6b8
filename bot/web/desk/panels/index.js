// Which panels the packet has. A new one is a file with { id, title, render(detail, packet) } and a line here.
import { demand } from "./demand.js";
import { facts } from "./facts.js";
import { history } from "./history.js";
import { issues } from "./issues.js";
import { knowledge } from "./knowledge.js";
import { next } from "./next.js";
import { orders } from "./orders.js";
import { remedies } from "./remedies.js";
import { risks } from "./risks.js";
import { ticket } from "./ticket.js";

export const panels = [next, risks, ticket, issues, facts, demand, remedies, knowledge, orders, history];
