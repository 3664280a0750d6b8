"""What is decided by its words alone, and what is another matter than the question that stands open. Pure."""
from __future__ import annotations

import re

from bot.dialogue import remarks
from bot.dialogue.case import Case
from bot.dialogue.understood import Understood
from bot.vocabulary import RISK_LEVELS

# Acts that are answered by themselves, whatever was asked; the least confidence that the NLU must have.
ACTS = {"ask_human": .45, "ask_progress": .5, "urge": .5, "ask_how_to_complain": .5, "ask_policy": .5, "ask_product": .55, "ask_bot_identity": .55,
        "withdraw": .5, "restart": .55, "data_rights": .5, "dissatisfied_result": .5, "rate": .5, "wait": .5, "evidence": .5, "callback_time": .5,
        "reject_solution": .5, "suggest_or_praise": .5, "thank": .45, "goodbye": .45, "greet": .45, "abuse": .5, "chitchat": .55, "out_of_scope": .6,
        "complain_bot": .5}
BRIEF = {"thank": 14, "goodbye": 14, "greet": 14, "abuse": 40}       # a longer message says more than that
# While a question is open these are more likely an answer than a new matter, unless the NLU is sure.
_MOSTLY_ANSWERS = {"ask_product", "chitchat", "out_of_scope", "suggest_or_praise", "rate", "greet", "thank", "goodbye", "wait", "evidence", "callback_time", "urge",
                   "data_rights", "ask_progress", "reject_solution", "dissatisfied_result", "restart", "complain_bot", "abuse", "ask_bot_identity"}
_PERSON = re.compile(r"转\s*人工|人工(?:客服|服务|坐席|台|电话)|^人工+|(?:找|叫|换|要|来|让|请|派)(?:个|一个|你们)?(?:真人|活人|人工|人来|人跟我|管事|能拍板|能做主|领导|经理|主管|负责人)|真人(?:客服|来|跟|和)|客服(?:的)?(?:电话|热线|号码)(?:是)?(?:多少|几|给|发)|"
                     r"(?:不|别)(?:想)?(?:跟|和|同|让|用)(?:你这)?(?:个)?机器人|搵个真人|找个人|接(?:个|一个)?(?:能|会)?(?:说人话|管事|做主|拍板)")
_NO_PERSON = re.compile(r"(?:不用|不要|别|先不|无需|不必|暂不|暂时不|取消)(?:了|先)?(?:转|找|叫|要)?人工")


def wants_person(u: Understood) -> bool:
    return not _NO_PERSON.search(u.text) and (bool(_PERSON.search(u.text)) or u.is_("ask_human", at_least=.6))


def set_aside(case: Case, u: Understood) -> bool:
    """Decided by its words alone, whatever stands open. True when the message is dealt with."""
    if case.consent is None and (remarks.keeps_contact_back(u.text) or remarks.childs_age(u.text) is not None):
        case.consent = False
        if len(u.text) <= 12 and case.pending:
            case.act = "refused"
            return True
    if u.first("ticket_id") and not u.issues and len(u.text) <= 40 and case.pending != "ticket_id":
        case.act = "ask_progress"
        return True
    if _about_a_ticket(case, u):
        return True
    if case.pending != "rating" and u.is_("rate", at_least=.5) and u.first("rating"):
        case.rating, case.act = min(5, int(u.first("rating").value)), "rated"
        return True
    if case.pending and not u.choice and (remarks.says_nothing(u.text) or (remarks.asks_to_wait(u.text) and not u.entities and not u.issues)):
        case.act = "wait"
        return True
    return False


def _about_a_ticket(case: Case, u: Understood) -> bool:
    """After filing: how it stands, or hurry up. Before: the digits that prove a number asked about."""
    if case.looked_up and remarks.only_digits(u.text):
        case.act = "ask_progress"
    elif case.ticket_seen and not case.pending and not u.issues and remarks.urges(u.text):
        case.act = "urge"
    elif case.ticket_seen and not case.pending and not u.is_("dissatisfied_result", at_least=.5) and remarks.asks_where_it_stands(u.text):
        case.act = "ask_progress"
    return bool(case.act)


def interrupts(case: Case, u: Understood, asked: str) -> bool:
    """The message is another matter than the question that stands open."""
    if wants_person(u) or any(r.text for r in u.risks if RISK_LEVELS.get(r.name, 0) >= 3) or u.is_("self_harm", "violence_threat", at_least=.4):
        return True
    if remarks.asks_a_rule(u.text) or (u.is_("abuse", at_least=.5) and not u.entities):
        return True
    if u.intent in ("ask_policy", "ask_how_to_complain", "withdraw", "ask_progress") and u.confidence >= .6:
        return True
    if u.is_("complain_bot", at_least=.6):
        return remarks.is_about_the_robot(u.text)
    if {"evidence": "evidence", "contact_time": "callback_time"}.get(asked) == u.intent:
        return False
    return u.intent in _MOSTLY_ANSWERS and u.confidence >= .9 and asked not in ("demand", "what_happened") and len(u.text) > 3


def stands_alone(case: Case, u: Understood) -> bool:
    """The intent is an act of its own, sure enough, and its words bear it out."""
    if u.intent not in ACTS or u.confidence < ACTS[u.intent]:
        return False
    if u.intent == "withdraw":
        return remarks.drops_it(u.text)
    if u.intent == "complain_bot":
        return remarks.is_about_the_robot(u.text)
    if u.intent == "restart":
        return remarks.starts_over(u.text)
    if u.intent == "dissatisfied_result":
        return case.ticket_seen or not case.complains
    return True
