"""Which grievances of a message enter the case, and how sure they are. Pure."""
from __future__ import annotations

import re

from bot.dialogue import answers, remarks
from bot.dialogue.case import STORY, SURE, Case, CaseIssue
from bot.dialogue.understood import Grievance, Understood

_UPSET = ("dissatisfied", "angry", "furious", "distressed")
_CLEAR = .85                # a clause this sure complains whatever the message does
_GUESS = .18                # below this even the likeliest cause is not worth guessing
_RIVAL = .55                # a second cause this nearly as likely is offered beside an uncertain first
_EQUAL = .7                 # a little surer it must be beside one that is less uncertain
_DOUBT = .5                 # from here on a cause is not doubted
_BREAK = re.compile(r"[,，。;；!！?？\s]")
_NO_CAUSE = ("complain_general", "complain_bot")


def grieve(case: Case, u: Understood) -> bool:
    """Add the message's grievances; a general one gives way to a stated cause, a guess to a sure one. True when any was added."""
    known, added = set(case.causes), False
    for issue in u.issues:
        if issue.cause in known or not _counts(case, issue, u, known):
            continue
        case.issues.append(_issue(issue, u))
        known.add(issue.cause)
        added = True
    _settle(case, u)
    return added


def _counts(case: Case, issue: Grievance, u: Understood, known: set[str]) -> bool:
    """Beside another only what is stated; in a run-on, whose clauses nobody can tell apart, also what the whole sounds like."""
    if len(u.text.strip()) <= 3 and issue.confidence < .6:
        return False
    run_on = issue.cause == u.intent and not _BREAK.search(u.text) and all(i.message == u.message for i in case.issues)
    if known and (issue.cause == "complain_general" or (issue.confidence < SURE and not run_on)):
        return False
    return issue.cause != "complain_bot" or (u.intent == "complain_bot" and remarks.is_about_the_robot(u.text) and (not case.issues or u.confidence >= .75))


def _issue(issue: Grievance, u: Understood) -> CaseIssue:
    return CaseIssue(issue.cause, issue.text or u.text, u.message, issue.confidence, _rival(issue, u) if len(u.issues) < 2 else "")


def _rival(issue: Grievance, u: Understood) -> str:
    """The cause that an uncertain one may be mistaken for."""
    near = _RIVAL if issue.confidence < SURE else _EQUAL
    rival, likely = next(((c, p) for c, p in u.ranking if c.startswith("complain_") and c not in (*_NO_CAUSE, issue.cause)), ("", 0.0))
    return rival if issue.confidence < _DOUBT and likely >= near * issue.confidence else ""


def _settle(case: Case, u: Understood) -> None:
    """What is stated now takes the place of what was only general or guessed before."""
    if len(case.issues) > 1:
        case.issues = [i for i in case.issues if i.cause != "complain_general"] or case.issues[:1]
    if any(i.sure and i.message == u.message for i in case.issues):
        case.issues = [i for i in case.issues if i.sure or i.message == u.message]


def surely_complains(u: Understood) -> bool:
    """More than an answer that happens to sound like a grievance: the whole message is one, or one of its clauses surely is."""
    whole = u.intent.startswith("complain_") and u.confidence >= .6
    return len(u.text) > 12 and bool(u.issues) and (whole or any(i.confidence >= _CLEAR for i in u.issues))


def replace_by(case: Case, u: Understood) -> bool:
    """「不是假货，是发错了」: the one grievance was named wrongly; its words stay."""
    new = next((i for i in u.issues if i.confidence >= SURE and i.cause not in (*case.causes, "complain_general", "complain_bot")), None)
    if new is None or len(case.issues) != 1 or not answers.is_no(u.text):
        return False
    old = case.issues[0]
    case.issues = [CaseIssue(new.cause, old.text, old.message, new.confidence)]
    return True


def plainly(case: Case, u: Understood) -> bool:
    """Who says that there is a complaint, or tells a long story in anger, complains, though no cause is understood."""
    helpless = u.is_("vulnerable_user", at_least=.4) and u.first("product") and len(u.text) >= STORY
    upset = helpless or u.emotion in _UPSET and len(u.text) >= STORY - 2 and u.confidence < .45 and not u.text.rstrip().endswith(("?", "？"))
    if case.issues or not (upset or remarks.plainly_complains(u.text)):
        return False
    guess = next(((c, p) for c, p in u.ranking if p >= _GUESS and c.startswith("complain_") and c not in _NO_CAUSE), ("complain_general", .5))
    cause, confidence = ("complain_quality", .5) if remarks.says_broken(u.text) else guess
    case.issues.append(_issue(Grievance(cause, u.text, confidence), u))
    return True
