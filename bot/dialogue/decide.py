"""What comes next, and why: a pure function of the case. No Rasa, no I/O; some ten microseconds.

One customer message is answered by a short chain of steps. After each, `decide` is asked again with the case that the
step left behind, until it says `listen`. First what beats everything (a person, a risk), then what this message wants,
then the protocol's next open point.
"""
from __future__ import annotations

from bot.dialogue.case import Case
from bot.dialogue.collect import missing_fact
from bot.dialogue.steps import LISTEN, REACTIONS, TERMINAL, Step
from bot.dialogue.urgent import first_of_all


def decide(case: Case) -> Step:
    """The next step for this case."""
    if case.done and case.done[-1] in TERMINAL:
        return LISTEN
    return first_of_all(case) or _react(case) or _protocol(case)


def _did(case: Case, step: str) -> bool:
    return step in case.done


# ---------------------------------------------------------------- what this message wants

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


# ---------------------------------------------------------------- the protocol

def _protocol(case: Case) -> Step:
    if case.withdrawn and not case.added and not case.handover:
        return LISTEN if case.done else Step("close", "withdrawn")
    if case.handover:
        return LISTEN if set(case.done) - {"file_risk"} else Step("supplement", "a person was called; what is said is added")
    if not case.complains:
        return _without_complaint(case)
    fresh = [c for c in case.causes if c not in case.apologised]
    if fresh:
        return Step("apologise", f"apology for {fresh[0]}")
    if case.ticket_seen:
        return _after_filing(case)
    if _should_listen(case):
        return Step("listen_on", "let the customer finish")
    return _collect(case)


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
