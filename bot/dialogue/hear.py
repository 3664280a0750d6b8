"""Hearing: fold one understood message into the case. Pure; what to do about it is `decide`'s business.

What is set aside by its words (`aside`), buttons (`press`), answers that agree (`assent`), tell a fact (`inform`) or a wish (`wish`), free
speech (`speech`).
"""
from __future__ import annotations

from bot.dialogue import answers, remarks
from bot.dialogue.aside import set_aside
from bot.dialogue.assent import confirm, consent, option
from bot.dialogue.case import Case, CaseFact, CaseRisk
from bot.dialogue.credible import credible
from bot.dialogue.inform import answer
from bot.dialogue.plausible import plausible
from bot.dialogue.press import press
from bot.dialogue.speech import listen
from bot.dialogue.understood import Understood
from bot.dialogue.wish import wish


def hear(case: Case, u: Understood) -> Case:
    """The case after this message; `case` itself stays as it was."""
    case, u = _fresh(case, u), credible(plausible(u), case.pending)
    before = _known(case)
    _feel(case, u)
    pending, case.act = case.pending, ""
    choice, case.labels = u.choice or case.labels.get(u.text.strip()), {}
    if set_aside(case, u):
        pass
    elif choice:
        press(case, choice)
    elif pending:
        _to_the_question(case, u, pending)
    if not case.act:
        listen(case, u, asked=pending)
    _see_the_page(case, u)
    case.correcting = False
    _count(case, u, before)
    return case


_ON_THE_PAGE = {"order": "order_id", "store": "where"}       # what the page tells needs no question; the read-back shows it


def _see_the_page(case: Case, u: Understood) -> None:
    """After the customer's own words, which go first."""
    for name, fact in _ON_THE_PAGE.items():
        if u.page.get(name) and not case.settled(fact):
            case.facts[fact] = CaseFact(u.page[name], u.page[name], u.message)


def _fresh(case: Case, u: Understood) -> Case:
    case = case.copy()
    case.turn += 1
    case.done, case.reasons, case.changed, case.added = [], [], [], False
    case.message, case.message_id, case.heard_at = u.text, u.message, u.at
    case.secrets = list(u.secrets)
    case.progress_at = case.progress_at or u.at
    return case


def _to_the_question(case: Case, u: Understood, asked: str) -> None:
    if asked in _ANSWERS:
        _ANSWERS[asked](case, u)
    else:
        answer(case, u, asked)


def _rate(case: Case, u: Understood) -> None:
    if score := u.first("rating"):
        case.rating, case.act = min(5, int(score.value)), "rated"


def _withdraw(case: Case, u: Understood) -> None:
    stays = answers.is_no(u.text) or remarks.keeps_it(u.text)
    case.act = "continue" if stays else "withdraw_confirmed" if answers.is_yes(u.text) or u.is_("withdraw") else ""
    case.pending = None


_ANSWERS = {"confirm": confirm, "consent": consent, "option": option, "demand": wish, "rating": _rate, "withdraw": _withdraw}


def _known(case: Case) -> tuple:
    """What counts as progress: changes when anything new is known or settled."""
    return (len(case.issues), len(case.facts), len(case.demand), len(case.declined), len(case.risks), case.consent, case.confirmed, case.chosen,
            case.rating, len(case.told), case.withdrawn)


def _count(case: Case, u: Understood, before: tuple) -> None:
    moved = _known(case) != before or bool(case.changed)
    if moved:
        case.added, case.stalled, case.progress_at = True, 0, u.at
    else:
        case.stalled += 1
    case.failures = case.failures + 1 if case.act == "unclear" else 0


def _feel(case: Case, u: Understood) -> None:
    case.moods = [*case.moods[-9:], u.emotion]
    for risk in u.risks:
        if risk.name not in case.risks:
            case.risks[risk.name] = CaseRisk(risk.text, u.message)
    if u.is_("vulnerable_user", at_least=.5) or "vulnerable" in case.risks:
        case.vulnerable = True
