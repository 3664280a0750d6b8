/** Clock and calendar words. */
import { WORDS } from "./wording.js";

export const clockOf = (date) => `${two(date.getHours())}:${two(date.getMinutes())}`;

export const dayKey = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;

export function dayName(date, now = new Date()) {
  const midnight = (day) => new Date(day.getFullYear(), day.getMonth(), day.getDate());
  const daysAgo = Math.round((midnight(now) - midnight(date)) / 86400000);
  if (daysAgo === 0) return WORDS.today;
  if (daysAgo === 1) return WORDS.yesterday;
  const year = date.getFullYear() === now.getFullYear() ? "" : `${date.getFullYear()}年`;
  return `${year}${date.getMonth() + 1}月${date.getDate()}日 ${WORDS.weekdays[date.getDay()]}`;
}

const two = (number) => String(number).padStart(2, "0");
