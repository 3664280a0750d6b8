"""Which of the names that were found are the thing, the place or the person complained of (the taxonomy's product, store, staff). Pure."""
from __future__ import annotations

import re
from dataclasses import replace
from typing import Sequence

from bot.nlu import concepts, gazetteer
from bot.nlu.features import segment
from bot.nlu.span import Span

_IDLE = ("chitchat", "out_of_scope", "greet", "thank", "goodbye", "ask_policy", "ask_how_to_complain", "abuse", "self_harm", "violence_threat")
_ABOUT_PEOPLE = ("complain_attitude", "complain_staff_misconduct", "complain_discrimination", "complain_delivery_service", "complain_onsite_service",
                 "provide_facts", "correct_facts")
_ABOUT_GOODS = ("complain_quality", "complain_wrong_missing", "complain_lost_damaged", "complain_counterfeit", "complain_return_exchange", "complain_food_safety",
                "complain_delivery_delay", "complain_after_sales", "complain_injury_safety", "provide_facts", "correct_facts")
_SHORT = 40             # a common noun in a longer story is rarely what it is about
_BADGE = re.compile(r"工号 ?[:是]? ?[a-z0-9]{2,10}")
_WHOSE = re.compile(r"^(?:你们|你家|他们|那个|那位|这个|这位|一个)+(?:的)?")
_ROLES = ("service_roles", "service_roles_home", "managers")


def chosen(folded: str, found: Sequence[Span], intent: str, *, asked: str | None = None) -> list[Span]:
    """The names that count: whole words; no person who is only a role where the matter is another; no thing where nothing is told of one."""
    spans = [Span("staff", m.start(), m.end(), m.group().replace(" ", ""), 1.0) for m in _BADGE.finditer(folded)]
    ends = _word_ends(folded)
    for span in found:
        if span.entity in ("product", "staff") and intent in _IDLE and asked != span.entity:
            continue
        if span.entity == "staff" and intent not in _ABOUT_PEOPLE and asked != "staff" and _only_a_role(str(span.value)):
            continue
        spans.append(_whole(span, folded, ends) if span.entity == "product" else span)
    if all(s.entity != "product" for s in spans) and (asked == "product" or intent in _ABOUT_GOODS and len(folded) <= _SHORT):
        spans += [s for s in gazetteer.find(folded) if s.entity == "product"][:1]
    return spans


def _only_a_role(said: str) -> bool:
    """收银, 你们经理: names nobody."""
    bare = _WHOSE.sub("", said)
    return any(end - start == len(bare) and set(names) & set(_ROLES) for start, end, names in concepts.find(bare))


def _word_ends(folded: str) -> list[int]:
    ends, at = [0], 0
    for word in segment(folded[:600]):
        at += len(word)
        ends.append(at)
    return ends


def _whole(span: Span, folded: str, ends: list[int]) -> Span:
    """玻璃水 in 玻璃水杯 → 玻璃水杯: a name does not begin or end inside a word."""
    start = max((e for e in ends if e <= span.start), default=span.start)
    end = min((e for e in ends if e >= span.end), default=span.end)
    if (start, end) == (span.start, span.end) or span.start - start > 2 or end - span.end > 2:
        return span
    return replace(span, start=start, end=end, value=folded[start:end])
