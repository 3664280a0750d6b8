"""What comes next, and why: a pure function of the case. No Rasa, no I/O; some ten microseconds.

One customer message is answered by a short chain of steps. After each, `decide` is asked again with the case that the
step left behind, until it says `listen`. First what beats everything (a person, a risk), then what this message wants,
then the protocol's next open point.
"""
from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.case import Case
from bot.dialogue.collect import missing_fact
from bot.vocabulary import RISK_LEVELS

PERSON_RISKS = ("danger_now", "injury", "food_poisoning", "self_harm", "violence", "account_fraud")   # personal or property safety: GB/T 47746-2026
FILING_RISKS = ("media_legal", "group", "discrimination", "staff_misconduct", "data_leak", "hazard")  # L3: filed at once, a lead is told
SPOKEN_RISKS = (*PERSON_RISKS, *FILING_RISKS, "minor", "vulnerable", "punitive_claim")
PATIENCE = 2                # messages in a row that nobody understood
STALL = 3                   # turns without progress
STALL_SECONDS = 180.0       # GB/T 47746-2026: no solution in about three minutes
TERMINAL = frozenset({"ask_fact", "ask_wish", "ask_consent", "confirm", "listen_on", "propose_remedy", "request_handover", "clarify", "close", "greet", "invite",
                      "ask_correction", "ask_withdraw", "restart", "wait"})


@dataclass(frozen=True)
class Step:
    """`name` is the action without its prefix; `asks` what it asks for; `reason` is kept for staff."""

    name: str
    reason: str
    asks: str | None = None

    @property
    def action(self) -> str:
        return "action_listen" if self.name == "listen" else f"action_{self.name}"


LISTEN = Step("listen", "the answer is complete")
# act → (step that answers it, reason)
REACTIONS = {
    "ask_policy": "answer", "ask_how_to_complain": "answer", "ask_product": "answer",
    "ask_progress": "show_status", "urge": "urge", "dissatisfied_result": "reopen", "withdraw_confirmed": "withdraw",
    "rated": "take_rating", "rate": "take_rating", "chosen": "take_choice", "countered": "take_choice", "undecided": "take_choice",
    "ask_bot_identity": "reassure", "wait": "wait", "evidence": "reassure", "data_rights": "take_data_request", "suggest_or_praise": "reassure",
    "chitchat": "reassure", "out_of_scope": "reassure", "abuse": "calm", "complain_bot": "reassure", "callback_time": "reassure",
    "reproached": "reassure", "incomplete": "reassure", "restart": "restart", "thank": "close", "goodbye": "close"}


def decide(case: Case) -> Step:
    """The next step for this case."""
    if case.done and case.done[-1] in TERMINAL:
        return LISTEN
    return _first_of_all(case) or _react(case) or _protocol(case)


def _did(case: Case, step: str) -> bool:
    return step in case.done


# ---------------------------------------------------------------- 1. what beats everything

def _first_of_all(case: Case) -> Step | None:
    unanswered = [r for r in SPOKEN_RISKS if r in case.risks and not case.risks[r].answered]
    if unanswered:
        return Step("safety", f"risk: {unanswered[0]}")
    if case.secrets and not _did(case, "guard_secret"):
        return Step("guard_secret", "an identity or card number was typed")
    reason = _person_reason(case)
    if reason:
        return Step("request_handover", reason)
    if _new_risk(case) and _did(case, "safety"):
        return Step("supplement", "a risk told after filing")
    if any(r in case.risks for r in FILING_RISKS) and case.ticket is None and case.complains and not _did(case, "file_risk"):
        return Step("file_risk", "a risk of L3 is filed at once")
    return None


def _person_reason(case: Case) -> str | None:
    """Why a person must take over now; None when not, or when one was already called."""
    if case.act == "ask_human":
        return "asked for a person"
    if case.handover:
        return None
    grave = next((r for r in PERSON_RISKS if r in case.risks and case.risks[r].message == case.message_id), None)
    if grave:
        return f"risk: {grave}"
    if not case.complains and any(r in case.risks and case.risks[r].message == case.message_id for r in FILING_RISKS):
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


# ---------------------------------------------------------------- 2. what this message wants

def _react(case: Case) -> Step | None:
    if case.act == "withdraw" and not _did(case, "withdraw"):
        if case.ticket_seen or case.complains:
            return Step("ask_withdraw", "asked to drop the complaint", "confirm") if case.ticket_seen else Step("withdraw", "dropped before filing")
        return Step("close", "nothing to withdraw")
    if case.act == "denied" and case.pending == "confirm":
        return Step("ask_correction", "the read-back is wrong somewhere", "confirm")
    if case.act == "corrected" and case.ticket_seen and not _did(case, "supplement"):
        return Step("supplement", "a correction after filing")
    step = REACTIONS.get(case.act)
    if step is None or _did(case, step):
        return None
    if step == "close" and _open(case):
        return Step("reassure", "thanks in the middle") if not _did(case, "reassure") else None
    if case.act == "rate" and not case.ticket_seen and case.complains:
        return None
    return Step(step, f"the message: {case.act}")


def _open(case: Case) -> bool:
    """A complaint is being taken and not yet filed."""
    return case.complains and not case.ticket_seen and not case.withdrawn and not case.handover


# ---------------------------------------------------------------- 3. the protocol

def _protocol(case: Case) -> Step:
    if case.withdrawn and not case.added:
        return LISTEN if case.done else Step("close", "withdrawn")
    if not case.complains:
        return _without_complaint(case)
    if case.handover:
        return LISTEN if set(case.done) - {"file_risk"} else Step("supplement", "a person was called; what is said is added")
    fresh = [c for c in case.causes if c not in case.apologised]
    if fresh:
        return Step("apologise", f"apology for {fresh[0]}")
    if case.ticket_seen:
        return _after_filing(case)
    if _should_listen(case):
        return Step("listen_on", "let the customer finish")
    return _collect(case)


def _new_risk(case: Case) -> bool:
    """The latest message told a risk that the ticket does not know yet."""
    return bool(case.ticket) and not {"supplement", "file_risk", "request_handover"} & set(case.done) and any(RISK_LEVELS.get(r, 0) >= 3 and k.message == case.message_id for r, k in case.risks.items())


def _without_complaint(case: Case) -> Step:
    if case.done:
        return LISTEN
    if case.act == "greet":
        return Step("greet", "hello")
    if case.act in ("told", "continue", "declined", "answered"):
        return Step("invite", "facts without a grievance")
    return Step("clarify", "not understood")


def _should_listen(case: Case) -> bool:
    """An angry customer is heard out before the first question; so is one who only says that there is a complaint."""
    if case.asked or case.act in ("continue",) or case.pending == "option":
        return False
    if not case.knows_what:
        return case.listened < 2 and case.act == "told"
    if case.emotion == "furious":
        return case.listened < 2 and case.act == "told"
    return case.listened < 1 and case.emotion in ("angry", "distressed") and case.act == "told"


def _collect(case: Case) -> Step:
    if case.confirmed:
        return Step("file_ticket", "confirmed by the customer")
    fact = missing_fact(case)
    if fact:
        return Step("ask_fact", f"missing: {fact}", fact)
    if not case.demand and case.asked.get("demand", 0) < 3:
        return Step("ask_wish", "the wish is not known", "demand")
    if "更换" in case.demand and "model" not in case.asked and not case.settled("model") and {"complain_quality", "complain_wrong_missing", "complain_return_exchange"} & set(case.causes):
        return Step("ask_fact", "an exchange: for what", "model")
    if case.consent is None and case.asked.get("consent", 0) < 3:
        return Step("ask_consent", "consent before the first personal datum", "consent")
    if case.consent and not case.settled("contact_phone"):
        return Step("ask_fact", "missing: contact_phone", "contact_phone")
    return Step("confirm", "everything needed is known", "confirm")


def _after_filing(case: Case) -> Step:
    if not case.proposed and case.confirmed and not _did(case, "propose_remedy") and not case.chosen:
        return Step("propose_remedy", "options for the cause", "option")
    if case.added and "apologise" in case.done and not _did(case, "supplement"):
        return Step("supplement", "a further grievance after filing")
    if case.done:
        return LISTEN
    if case.added or case.act in ("told", "answered", "declined", "supplemented"):
        return Step("supplement", "something new after filing")
    if case.act == "greet":
        return Step("show_status", "back again with a ticket")
    return Step("close", "nothing is open") if case.act == "continue" else Step("clarify", "not understood after filing")
