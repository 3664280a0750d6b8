"""A button was pressed, or its label typed. Pure."""
from __future__ import annotations

from bot.dialogue.case import Case, CaseFact
from bot.dialogue.note import decline
from bot.vocabulary import COMPLAINT_INTENTS


def press(case: Case, choice: str) -> None:
    """`choice` is the button's id: kind, or kind:rest."""
    kind, _, rest = choice.partition(":")
    if kind in _PRESSED:
        _PRESSED[kind](case, rest)


def take_option(case: Case, index: int | None) -> None:
    """One of the published ways to settle it."""
    if index is None or index >= len(case.proposed):
        return
    case.chosen, case.act = case.proposed[index]["id"], "chosen"


def _human(case: Case, _: str) -> None:
    case.act = "ask_human"


def _continue(case: Case, _: str) -> None:
    case.act = "continue"


def _confirm(case: Case, rest: str) -> None:
    if case.pending == "withdraw":
        case.act = "withdraw_confirmed" if rest == "yes" else "continue"
    elif case.pending == "confirm":
        case.confirmed, case.act = rest == "yes", "confirmed" if rest == "yes" else "denied"


def _consent(case: Case, rest: str) -> None:
    case.consent = rest == "yes"
    case.act = "consented" if case.consent else "refused"


def _option(case: Case, rest: str) -> None:
    take_option(case, next((i for i, o in enumerate(case.proposed) if o["id"] == rest), None))


def _rate(case: Case, rest: str) -> None:
    if rest.isdigit():
        case.rating, case.act = min(5, int(rest)), "rated"


def _photo(case: Case, _: str) -> None:
    case.facts.setdefault("evidence", CaseFact("已发照片", "照片", case.message_id))
    case.act = "evidence"


def _skip(case: Case, _: str) -> None:
    if case.pending:
        decline(case, case.pending)
        case.act = "skipped"


def _cause(case: Case, rest: str) -> None:
    """Which of two likely causes it is."""
    if rest in COMPLAINT_INTENTS and case.issues:
        case.issues[0].cause, case.issues[0].confidence, case.issues[0].rival = rest, 1.0, ""
        decline(case, "what_happened")
        case.act = "answered"


_PRESSED = {"human": _human, "continue": _continue, "confirm": _confirm, "consent": _consent, "option": _option, "rate": _rate, "photo": _photo, "skip": _skip,
            "cause": _cause}
