"""What beats everything: a risk, a number that must not be typed, a person who is needed now. Pure."""
from __future__ import annotations

from bot.dialogue.case import Case
from bot.dialogue.steps import FILING_RISKS, GRAVE_RISKS, PERSON_RISKS, SPOKEN_RISKS, Step
from bot.vocabulary import RISK_LEVELS

PATIENCE = 2                # messages in a row that nobody understood
STALL = 3                   # turns without progress
STALL_SECONDS = 180.0       # GB/T 47746-2026: no solution in about three minutes


def first_of_all(case: Case) -> Step | None:
    unanswered = [r for r in SPOKEN_RISKS if r in case.risks and not case.risks[r].answered]
    if unanswered:
        return Step("safety", f"risk: {unanswered[0]}")
    if case.secrets and "guard_secret" not in case.done:
        return Step("guard_secret", "an identity or card number was typed")
    reason = _person_reason(case)
    if reason:
        return Step("request_handover", reason)
    if _new_risk(case) and "safety" in case.done:
        return Step("supplement", "a risk told after filing")
    if _to_be_filed(case) and case.ticket is None and "file_risk" not in case.done:
        return Step("file_risk", "a risk of L3 is filed at once")
    return None


def _to_be_filed(case: Case) -> bool:
    """Before the customer has confirmed it."""
    dropped = "hazard" in case.risks and case.act in ("withdraw", "restart")
    return case.complains and (dropped or any(r in case.risks for r in FILING_RISKS))


def _person_reason(case: Case) -> str | None:
    """Why a person must take over now; None when not, or when one was already called."""
    if case.act == "ask_human":
        return "asked for a person"
    if case.handover:
        return None
    grave = next((r for r in PERSON_RISKS if r in case.risks and case.risks[r].message == case.message_id), None)
    if grave:
        return f"risk: {grave}"
    if not case.complains and any(r in case.risks and case.risks[r].message == case.message_id for r in GRAVE_RISKS):
        return "risk: a grave one without a grievance"
    if not case.complains and case.stalled > STALL and case.act in ("continue", "unclear", "declined"):
        return "no progress"
    if case.secrets:
        return "security content"
    if case.failures >= PATIENCE:
        return "not understood twice"
    if case.abuse >= 3:
        return "abuse three times"
    if case.complains and not case.ticket_seen and not case.confirmed:
        if case.read_backs >= 4:
            return "four read-backs without agreement"
        if case.stalled >= STALL or (case.stalled >= 2 and case.heard_at - case.progress_at >= STALL_SECONDS):
            return "no progress"
        if len(case.moods) >= 5 and case.moods[-3:] == ["furious"] * 3:
            return "furious and not calming"
    return None


def _new_risk(case: Case) -> bool:
    """The latest message told a risk that the ticket does not know yet."""
    return bool(case.ticket) and not {"supplement", "file_risk", "request_handover"} & set(case.done) and any(RISK_LEVELS.get(r, 0) >= 3 and k.message == case.message_id for r, k in case.risks.items())
