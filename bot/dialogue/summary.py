"""Saying back what the customer told: the read-back, the ticket's summary, and short names for their matter."""
from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from functools import lru_cache

import yaml

from bot.dialogue.case import Case

_WEEKDAYS = "一二三四五六日"


@lru_cache(maxsize=1)
def names() -> dict[str, dict[str, str]]:
    """Chinese names of causes, facts and demands (`names.yml`)."""
    return yaml.safe_load(Path(__file__).with_name("names.yml").read_text(encoding="utf-8"))


def cause_name(cause: str) -> str:
    return names()["causes"].get(cause, "投诉")


def mask_phone(phone: str) -> str:
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 7 else "****"


def shown(fact: str, value: str, text: str) -> str:
    """A fact as the customer should read it: dates absolute with their words, money with 元, phones masked."""
    if fact == "contact_phone":
        return mask_phone(value)
    if fact == "when":
        return _shown_time(value, text)
    if fact == "amount" and re.fullmatch(r"[\d.]+", value):
        return f"{value}元"
    return text if fact in ("quantity", "people_count", "evidence") and text else value


def _shown_time(value: str, text: str) -> str:
    m = re.match(r"(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}))?$", value)
    if not m:
        return text or value
    day = date(int(m[1]), int(m[2]), int(m[3]))
    clock = f" {m[4]}:{m[5]}" if m[4] else ""
    absolute = f"{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）{clock}"
    return absolute if not text or re.search(r"\d+月\d+", text) else f"{text}，{absolute}"


def clip(text: str, most: int = 40) -> str:
    """The customer's words, shortened at a natural break."""
    text = re.sub(r"\s+", " ", text).strip(" ，,。；;、")
    if len(text) <= most:
        return text
    cut = max(text.rfind(p, 0, most) for p in "，,。；;！!？? ")
    return text[:cut if cut > most // 2 else most].rstrip("，,。；;、 ") + "…"


def issue_lines(case: Case) -> list[str]:
    """One line per stretch of the customer's own words: what it is called, and the words. A guess is not called anything."""
    called: dict[str, list[str]] = {}
    for issue in sorted(case.issues, key=lambda i: not i.sure):
        words = clip(issue.text).replace("“", "‘").replace("”", "’")
        if issue.sure or words not in called:
            called.setdefault(words, []).append(cause_name(issue.cause if issue.sure else "complain_general"))
    return [f"{'、'.join(names_)}：“{words}”" if words else "、".join(names_) for words, names_ in called.items()]


def fact_lines(case: Case, *, personal: bool = True) -> list[str]:
    labels = names()["facts"]
    lines = []
    for fact in labels:
        if fact in case.facts and (personal or fact not in ("contact_phone", "contact_name", "address")):
            known = case.facts[fact]
            lines.append(f"{labels[fact]}：{clip(shown(fact, known.value, known.text), 60)}")
    return lines


def demand_line(case: Case) -> str:
    wishes = [d for d in case.demand if d != "其他"]
    words = clip(case.demand_text, 40)
    if wishes and words and len(words) <= 40:
        return f"{'、'.join(wishes)}（“{words}”）"
    return "、".join(wishes) or (f"“{words}”" if words else "还没想好")


def read_back(case: Case) -> str:
    """The faithful summary to be confirmed, a line per point."""
    lines = issue_lines(case) + fact_lines(case)
    if case.demand:
        lines.append(f"您的诉求：{demand_line(case)}")
    if case.anonymous:
        lines.append("联系方式：不留，匿名登记")
    return "\n".join(f"· {line}" for line in lines)


def ticket_summary(case: Case) -> str:
    """One paragraph for staff; no phone number in it."""
    parts = [*issue_lines(case), *fact_lines(case, personal=False)]
    if case.demand:
        parts.append(f"诉求：{demand_line(case)}")
    return "；".join(parts)


def matter(case: Case) -> str:
    """A few words for what this is about: 洗衣机的质量问题."""
    product = case.facts["product"].text if "product" in case.facts else ""
    cause = cause_name(case.named[0]) if case.issues else "您反映的事"
    return f"{clip(product, 12)}的{cause}" if product else cause


def clock_words(moment: str | datetime | None, now: datetime) -> str:
    """今天18:00, 明天12:00, 11月24日12:00."""
    if not moment:
        return ""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    days = (at.date() - now.date()).days
    day = {0: "今天", 1: "明天", 2: "后天"}.get(days, f"{at.month}月{at.day}日")
    return f"{day}{at.hour}:{at.minute:02d}"
