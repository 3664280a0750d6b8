"""The answer to the question for a fact. Pure."""
from __future__ import annotations

import re
from dataclasses import replace

from bot.dialogue import answers
from bot.dialogue.aside import interrupts, wants_person
from bot.dialogue.case import Case, CaseFact, CaseRisk
from bot.dialogue.correct import corrections
from bot.dialogue.fits import IDENTIFIERS, answering
from bot.dialogue.grieve import grieve, surely_complains
from bot.dialogue.note import absorb, apply, decline, demand, put, tell
from bot.dialogue.press import press
from bot.dialogue.summary import cause_name
from bot.dialogue.understood import FACT_OF, Understood
from bot.nlu.numerals import parse

_NAMES = ("product", "brand", "model", "where", "courier", "staff", "company")
_PREPOSITION = re.compile(r"^(?:就)?(?:是)?(?:(?:送|寄)到|在|到|去)")
_NOBODY = re.compile(r"没人|没(?:吃|喝|咽|伤|事|出)|人(?:都)?没事|都好|平安|安全")
_PLACE = re.compile(r"[店家网路街城楼区号市县镇村院场站里室柜馆厅校园桥]|平台|直播|淘宝|京东|抖音|微信|拼多多|(?i:app)|小程序|线[上下]|门口|附近")
_AMOUNT = re.compile(r"\d+(?:\.\d{1,2})?|[一二两三四五六七八九十百千万零]+")
_HURT = re.compile(r"(?<!没)(?<!不用)(?<!没去)(?:医院|急诊|120|住院|挂(?:完|了|着)?水|输液|还(?:在)?(?:吐|拉|疼|晕|流血)|不舒服(?!的?没))")


def answer(case: Case, u: Understood, fact: str) -> None:
    """The answer to the question about `fact`, if it is one."""
    text = answers.without_reproach(u.text)
    if fact == "what_happened" and case.guessed and _which(case, u):
        return
    if fact == "safety_now":
        u = _safety(case, u)
    u, entity = answering(u, fact)
    if interrupts(case, u, fact) and (entity is None or wants_person(u) or u.risks):
        return
    changed = corrections(case, u) if entity is None or fact in case.facts or u.is_("correct_facts", at_least=.5) else {}
    if changed and fact not in changed:
        apply(case, changed)
        case.act = "corrected"
        return
    fresh = surely_complains(u) and not answers.already_said(u.text)
    if fresh or (fact == "what_happened" and u.issues and text and not answers.already_said(text)):
        grieve(case, u)
        tell(case, u)
        if fact == "what_happened":
            decline(case, fact)
    if entity is not None:
        put(case, fact, entity, u)
        absorb(case, replace(u, entities=tuple(e for e in u.entities if e.start != entity.start or FACT_OF.get(e.entity) == fact)))
        case.act = "answered"
    elif not _declines(case, u, fact, text):
        _in_words(case, u, fact, text, fresh=fresh)


def _which(case: Case, u: Understood) -> bool:
    """「第一个」「发错」: one of the two causes that were offered."""
    offered = [case.issues[0].cause, case.issues[0].rival]
    index = answers.ordinal(u.text, [cause_name(c) for c in offered])
    if index is None:
        return False
    press(case, f"cause:{offered[index]}")
    return True


def _safety(case: Case, u: Understood) -> Understood:
    """Nobody is hurt, or somebody is: the words of the answer decide, not the risk that they sound like."""
    if _NOBODY.search(u.text):
        for name in ("injury", "food_poisoning"):
            if name in case.risks and case.risks[name].message == u.message:
                del case.risks[name]
        return replace(u, risks=tuple(r for r in u.risks if r.name not in ("injury", "food_poisoning")))
    if _HURT.search(u.text):
        name = "food_poisoning" if "complain_food_safety" in case.causes else "injury"
        case.risks.setdefault(name, CaseRisk(u.text, u.message))
    return u


def _declines(case: Case, u: Understood, fact: str, text: str) -> bool:
    """Told already, not known, not to be told, or nothing more to tell."""
    if answers.has_finished(text) and fact == "what_happened":
        case.act = "answered"
    elif answers.already_said(u.text) and (not text or answers.already_said(text)):
        case.act = "reproached"
    elif answers.does_not_know(text) or answers.will_not_say(text) or u.is_("dont_know", "refuse", at_least=.6):
        absorb(case, u)
        case.act = "declined"
    else:
        return False
    decline(case, fact)
    return True


def _in_words(case: Case, u: Understood, fact: str, text: str, *, fresh: bool) -> None:
    """No finder knows what was answered: the words themselves are the fact, where they can be."""
    if fresh or fact in case.declined:
        case.act = "answered"
    elif fact in IDENTIFIERS or fact == "contact_phone":
        _identifier(case, u, fact, text)
    elif fact != "safety_now" and answers.is_yes(text):
        case.act = "continue"                                # 「好的」 to a question that wants more than yes
    elif fact in (*_NAMES, "when") and _something_else(u, fact, text):
        tell(case, u)                                        # a wish, another fact, an outcry: kept as that, and the question stays
        demand(case, u)
        absorb(case, u)
        case.act = "told"
    elif fact == "amount" and (number := _AMOUNT.search(text)) and (value := parse(number[0])) is not None:
        case.facts[fact] = CaseFact(f"{value:g}", text, u.message)
        case.act = "answered"
    elif text:
        case.facts[fact] = CaseFact(_PREPOSITION.sub("", text).strip() or text, text, u.message)
        absorb(case, u)
        case.act = "answered"


def _something_else(u: Understood, fact: str, text: str) -> bool:
    """Words that are not the name, place or time that was asked for."""
    other = any(FACT_OF.get(e.entity) not in (None, fact) and len(e.text) >= .6 * len(text) for e in u.entities)
    told = fact == "where" and re.search(r"[了过]", text) and not _PLACE.search(text)
    return bool(other or told or u.first("demand") or u.is_("provide_demand", at_least=.5) or (fact in _NAMES and re.search(r"[!！?？]|你们是", text)))


def _identifier(case: Case, u: Understood, fact: str, text: str) -> None:
    """No whole number in the answer: an incomplete one is asked again, none at all is taken as not at hand."""
    if fact == "contact_phone" and 5 <= len(re.sub(r"\D", "", text)) <= 14:
        case.act = "incomplete"
        return
    token = re.search(r"[A-Za-z0-9-]{5,}", text)
    other = next((e for e in u.entities if e.entity in FACT_OF and FACT_OF[e.entity] != fact), None)
    if token and fact != "contact_phone" and other is None:
        case.facts[fact] = CaseFact(token[0], text, u.message)
    else:
        decline(case, fact)
    absorb(case, u)
    case.act = "answered"
