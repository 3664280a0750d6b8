"""Answers that agree or not: to the read-back, to the consent, to the published options. Pure."""
from __future__ import annotations

import re

from bot.dialogue import answers, remarks
from bot.dialogue.aside import interrupts, wants_person
from bot.dialogue.case import Case
from bot.dialogue.correct import corrections
from bot.dialogue.fits import IDENTIFIERS
from bot.dialogue.grieve import grieve, replace_by
from bot.dialogue.note import absorb, apply, demand, tell
from bot.dialogue.press import take_option
from bot.dialogue.understood import Understood

_REJECTS = re.compile(r"都不(?:行|要|满意|接受)|不接受|太少|打发|没一个")
_BARE_NO = re.compile(r"^(?:不对|不是|错了|有误|不准确|不正确)[,，。!！ 、]*")


def confirm(case: Case, u: Understood) -> None:
    """To the read-back: right, wrong somewhere, this is right instead, or something more."""
    if wants_person(u):
        return
    changed = corrections(case, u)
    if changed:
        apply(case, changed)
        case.act = "corrected"
    elif case.correcting and u.entities:
        absorb(case, u, replace=True)
        case.act = "corrected"
    elif answers.is_yes(u.text) or (u.is_("affirm", at_least=.6) and not answers.is_no(u.text)):
        case.confirmed, case.act = True, "confirmed"
    elif u.is_("withdraw", at_least=.5) and remarks.drops_it(u.text):
        case.act = "withdraw"
    elif replace_by(case, u):
        tell(case, u)
        case.act = "corrected"
    elif answers.is_no(u.text) or u.is_("deny", at_least=.6):
        _denied(case, u)
    elif not interrupts(case, u, "confirm"):
        tell(case, u)
        grieve(case, u)
        absorb(case, u, replace=len(u.text) <= 30)
        case.act = "corrected" if case.changed else "supplemented"


def _denied(case: Case, u: Understood) -> None:
    case.act = "denied"
    if len(_BARE_NO.sub("", u.text).strip()) > 4 and not u.is_("deny", at_least=.9):
        tell(case, u)
        absorb(case, u, replace=True)
        case.act = "corrected"


def consent(case: Case, u: Understood) -> None:
    """To the consent question; a phone number is a yes, a second silence a no."""
    if u.first("phone") or answers.is_yes(u.text) or u.is_("affirm", at_least=.6):
        case.consent, case.act = True, "consented"
        absorb(case, u)
    elif not wants_person(u) and (answers.is_no(u.text) or answers.will_not_say(u.text) or u.is_("refuse", "deny", at_least=.5)):
        case.consent, case.act = False, "refused"
        for fact in ("contact_phone", "contact_name"):
            case.facts.pop(fact, None)
    elif case.asked.get("consent", 0) >= 2 and not interrupts(case, u, "consent"):
        case.consent, case.act = False, "refused"
    elif u.is_("provide_demand", at_least=.5):
        demand(case, u)
        case.act = "answered"


def option(case: Case, u: Understood) -> None:
    """To the published options: this one, none of them, something else, not yet."""
    if wants_person(u):
        return
    if remarks.drops_it(u.text) and u.is_("withdraw", at_least=.4):
        case.act = "withdraw"
        return
    if answers.is_thinking(u.text):
        case.act = "undecided"
        return
    chosen = answers.ordinal(u.text, [o["label"] for o in case.proposed])
    if chosen is None and (u.issues and len(u.text) > 12 or any(e.entity in IDENTIFIERS for e in u.entities)):
        return                                               # something new, not an opinion
    rejects = u.is_("reject_solution", at_least=.5) or (answers.is_no(u.text) and chosen is None) or _REJECTS.search(u.text)
    if rejects and not (chosen is not None and u.is_("affirm")):
        tell(case, u)
        _counter(case, u)
    elif chosen is not None:
        take_option(case, chosen)
    elif answers.is_yes(u.text) or u.is_("affirm", at_least=.6):
        take_option(case, 0)
    elif u.is_("provide_demand", at_least=.5):
        _counter(case, u)
    elif u.is_("thank", "goodbye", at_least=.5) or answers.does_not_know(u.text):
        case.act = "undecided"


def _counter(case: Case, u: Understood) -> None:
    case.opinion, case.act = u.text, "countered"
    demand(case, u)
