"""What a message leaves in the case: the customer's sentences, facts, grievances and wishes. Pure."""
from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from bot.dialogue import answers
from bot.dialogue.case import Case, CaseFact
from bot.dialogue.understood import FACT_OF, Found, Understood
from bot.dialogue.wanted import wanted

_OPENING, _LATEST = 10, 30     # of the customer's sentences, kept in the case
NO_WISH_YET = "还没想好"


def tell(case: Case, u: Understood) -> None:
    """Keep the customer's own sentence, once."""
    if u.text.strip() and (not case.told or case.told[-1]["message"] != u.message or not u.message):
        case.told.append({"text": u.text.strip(), "message": u.message})
        del case.told[_OPENING:-_LATEST]                      # the transcript keeps all; the case must not grow with the conversation


# ---------------------------------------------------------------- facts

def absorb(case: Case, u: Understood, *, replace: bool = False) -> None:
    """Facts from the message's entities; the first telling stays unless `replace`."""
    for entity in u.entities:
        fact = FACT_OF.get(entity.entity)
        if fact is None or not (entity.value or entity.entity == "time") or (fact == "ticket_id" and u.is_("ask_progress")):
            continue
        if fact == "contact_phone" and case.consent is False:
            continue
        if fact == "when" and _lies_ahead(entity, u):
            continue
        if replace or fact not in case.facts or (fact == "when" and len(case.facts[fact].value) < 10 <= len(str(entity.value or ""))):
            put(case, fact, entity, u)


def put(case: Case, fact: str, entity: Found, u: Understood) -> None:
    """One fact from one entity; what was known otherwise counts as changed."""
    value = str(entity.value) if entity.value not in (None, "") else entity.text
    old = case.value(fact)
    case.facts[fact] = CaseFact(value, entity.text, u.message)
    if fact in case.declined:
        case.declined.remove(fact)
    if old is not None and old != value:
        case.changed.append(fact)


def apply(case: Case, changes: dict[str, CaseFact]) -> None:
    """Corrections, as `correct` found them."""
    for fact, new in changes.items():
        case.facts[fact] = new
        if fact in case.declined:
            case.declined.remove(fact)
        case.changed.append(fact)


def decline(case: Case, fact: str) -> None:
    """The customer will not or cannot say it."""
    if fact not in case.declined:
        case.declined.append(fact)


def _lies_ahead(entity: Found, u: Understood) -> bool:
    """A deadline or an appointment, not the day it happened."""
    today = datetime.fromtimestamp(u.at, timezone(timedelta(hours=8))).date().isoformat() if u.at else ""
    return bool(today and re.match(r"\d{4}-\d\d-\d\d", str(entity.value or "")) and str(entity.value)[:10] > today)


# ---------------------------------------------------------------- wishes

def demand(case: Case, u: Understood) -> bool:
    """Add the message's wishes; False when it holds none."""
    found = wishes_in(case, u)
    if not found:
        return False
    case.demand = list(dict.fromkeys([*(d for d in case.demand if d != "其他"), *found]))
    words = answers.without_reproach(u.text) if case.pending == "demand" or u.is_("provide_demand") else _sentence(u)
    known = case.demand_text if case.demand_text != NO_WISH_YET else ""
    case.demand_text = known if known and case.pending != "demand" else words[:120]
    return True


def wishes_in(case: Case, u: Understood) -> list[str]:
    """Classes of demand in the message; the answer to the wish question needs no 「我要」."""
    found = [str(e.value) for e in u.entities if e.entity == "demand" and e.value]
    if case.pending != "demand":
        return found
    said = wanted(u.text)
    if "部分退款" in said and "退款" not in said:
        found = [f for f in found if f != "退款"]
    return list(dict.fromkeys(found + said))


def _sentence(u: Understood) -> str:
    """The part of the message that holds the wish."""
    start = next(e.start for e in u.entities if e.entity == "demand" and e.value)
    breaks = [m.end() for m in re.finditer(r"[，,。！!？?；;\n]", u.text)]
    a = max((b for b in breaks if b <= start), default=0)
    z = min((b for b in breaks if b > start), default=len(u.text))
    return u.text[a:z].strip("，,。！!？?；; ")
