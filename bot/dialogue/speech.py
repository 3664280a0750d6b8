"""Free speech: a message that answers nothing. A grievance, facts, or an act of its own. Pure."""
from __future__ import annotations

from bot.dialogue import answers, remarks
from bot.dialogue.aside import BRIEF, stands_alone, wants_person
from bot.dialogue.case import Case, CaseFact, CaseIssue
from bot.dialogue.correct import corrections
from bot.dialogue.fits import place
from bot.dialogue.grieve import grieve, plainly, surely_complains
from bot.dialogue.note import absorb, apply, demand, tell
from bot.dialogue.understood import Understood
from bot.vocabulary import FACTS

_BEGINNING = 4              # turns in which a scrap of a sentence is the start of a story
_QUESTIONS = ("ask_policy", "ask_product", "ask_how_to_complain")


def listen(case: Case, u: Understood, asked: str | None) -> None:
    """Keep what the message tells; `case.act` says what it does."""
    if _has_finished(case, u) or _asks_a_rule(case, u):
        return
    new = _grievances(case, u, asked)
    story = new or u.intent.startswith("complain_") or u.is_("provide_facts", "group_complaint", "vulnerable_user", "threat_external", at_least=.4)
    if story and u.intent != "complain_bot":
        tell(case, u)
    if u.is_("provide_demand", at_least=.5) or (story and u.first("demand")):
        demand(case, u)
    correcting = corrections(case, u) if case.issues and not new else {}
    apply(case, correcting)
    learned = _facts(case, u, story=story)
    case.act = _act(case, u, new=new, correcting=bool(correcting), told=bool(new or story or learned))


def _has_finished(case: Case, u: Understood) -> bool:
    """「就是这些」「我说过了」: nothing new; who only said that there is something has complained by now."""
    said = answers.already_said(u.text)
    if u.entities or not (answers.has_finished(u.text) or (case.issues and said)):
        return False
    case.act = "reproached" if said else "continue"
    if case.told and not case.issues:
        case.issues.append(CaseIssue("complain_general", case.told[0]["text"], case.told[0]["message"], .5))
    return True


def _asks_a_rule(case: Case, u: Understood) -> bool:
    if not remarks.asks_a_rule(u.text) or remarks.urges(u.text) or u.emotion not in ("calm", "dissatisfied") or u.is_("withdraw", "ask_progress", at_least=.6):
        return False
    case.act = u.intent if u.intent in _QUESTIONS else "ask_policy"
    return True


def _grievances(case: Case, u: Understood, asked: str | None) -> bool:
    """While a fact is asked for, only a message that surely complains adds a grievance."""
    return False if asked in FACTS and not surely_complains(u) else grieve(case, u)


def _facts(case: Case, u: Understood, *, story: bool) -> bool:
    """Take the facts; True when one was not known."""
    known = set(case.facts)
    if not (u.is_("callback_time", "ask_progress", "ask_policy", "ask_product", at_least=.6) and not story):
        absorb(case, u)
    if u.is_("callback_time", at_least=.5) and "contact_time" not in case.facts and case.issues:
        case.facts["contact_time"] = CaseFact(u.text, u.text, u.message)
    if story and "where" not in case.facts and (spot := place(u.text)):
        case.facts["where"] = CaseFact(spot, spot, u.message)
    return bool(set(case.facts) - known)


def _has_told_enough(case: Case) -> bool:
    """Who wants something, or was invited twice, complains: the longest sentence says of what."""
    if not case.told or not (case.demand or len(case.said.get("invite", ())) >= 2):
        return False
    most = max(case.told, key=lambda t: len(t["text"]))
    case.issues.append(CaseIssue("complain_general", most["text"], most["message"], .5))
    return True


def _act(case: Case, u: Understood, *, new: bool, correcting: bool, told: bool) -> str:
    """What the message does, by its strongest sign."""
    if wants_person(u):
        return "ask_human"
    scrap = case.turn <= _BEGINNING and not case.issues and u.intent in ("out_of_scope", "chitchat") and remarks.begins_to_tell(u.text)
    if not scrap and stands_alone(case, u) and len(u.text) <= BRIEF.get(u.intent, 4000) and not (new and u.intent.startswith("complain")):
        return u.intent
    if correcting:
        return "corrected"
    if not case.issues and plainly(case, u):
        tell(case, u)
        return "told"
    if not case.issues and not new and _has_told_enough(case):
        return "told"
    if told or u.is_("provide_demand", at_least=.5):
        return "told"
    if u.is_("affirm", "deny", "refuse", "dont_know", at_least=.5) or answers.has_finished(u.text) or answers.is_yes(u.text):
        return "continue"
    if len(u.text) >= 4:
        tell(case, u)
    return "told" if case.turn <= _BEGINNING and not case.issues and remarks.begins_to_tell(u.text) else "unclear"
