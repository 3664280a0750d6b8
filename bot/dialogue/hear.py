"""Hearing: fold one understood message into the case. Pure; what to do about it is `decide`'s business."""
from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from bot.dialogue import answers
from bot.dialogue.case import Case, CaseFact, CaseIssue, CaseRisk
from bot.dialogue.correct import corrections
from bot.dialogue.understood import FACT_OF, Found, Understood
from bot.nlu import wishes
from bot.nlu.normalise import fold
from bot.vocabulary import FACTS, RISK_LEVELS

IDENTIFIERS = ("order_id", "tracking_no", "ticket_id", "batch_no")
# Acts that are answered by themselves, whatever was asked; the least confidence that the NLU must have.
ACTS = {"ask_human": .45, "ask_progress": .5, "urge": .5, "ask_how_to_complain": .5, "ask_policy": .5, "ask_product": .55, "ask_bot_identity": .55,
        "withdraw": .5, "restart": .55, "data_rights": .5, "dissatisfied_result": .5, "rate": .5, "wait": .5, "evidence": .5, "callback_time": .5,
        "reject_solution": .5, "suggest_or_praise": .5, "thank": .45, "goodbye": .45, "greet": .45, "abuse": .5, "chitchat": .55, "out_of_scope": .6,
        "complain_bot": .5}
# While a question is open these are more likely an answer than a new matter, unless the NLU is sure.
_MOSTLY_ANSWERS = {"ask_product", "chitchat", "out_of_scope", "suggest_or_praise", "rate", "greet", "thank", "goodbye", "wait", "evidence", "callback_time", "urge",
                   "data_rights", "ask_progress", "reject_solution", "dissatisfied_result", "restart", "complain_bot", "abuse", "ask_bot_identity"}
_PERSON = re.compile(r"转\s*人工|人工(?:客服|服务|坐席|台|电话)|^人工+|(?:找|叫|换|要|来|让|请|派)(?:个|一个|你们)?(?:真人|活人|人工|人来|人跟我|管事|能拍板|能做主|领导|经理|主管|负责人)|真人(?:客服|来|跟|和)|客服(?:的)?(?:电话|热线|号码)(?:是)?(?:多少|几|给|发)|"
                     r"(?:不|别)(?:想)?(?:跟|和|同|让|用)(?:你这)?(?:个)?机器人|搵个真人|找个人|接(?:个|一个)?(?:能|会)?(?:说人话|管事|做主|拍板)")
_NO_PERSON = re.compile(r"(?:不用|不要|别|先不|无需|不必|暂不|暂时不|取消)(?:了|先)?(?:转|找|叫|要)?人工")
_BRIEF = {"thank": 14, "goodbye": 14, "greet": 14, "abuse": 40}      # a longer message says more than that
_NAMES = ("product", "brand", "model", "where", "courier", "staff", "company")
_PREPOSITION = re.compile(r"^(?:就)?(?:是)?(?:(?:送|寄)到|在|到|去)")
_NOBODY = re.compile(r"没人|没(?:吃|喝|咽|伤|事|出)|人(?:都)?没事|都好|平安|安全")
_HURT = re.compile(r"(?<!没)(?<!不用)(?<!没去)(?:医院|急诊|120|住院|挂(?:完|了|着)?水|输液|还(?:在)?(?:吐|拉|疼|晕|流血)|不舒服(?!的?没))")


def hear(case: Case, u: Understood) -> Case:
    """The case after this message; `case` itself stays as it was."""
    case = case.copy()
    case.turn += 1
    case.done, case.reasons, case.changed, case.added = [], [], [], False
    case.message, case.message_id, case.heard_at = u.text, u.message, u.at
    case.secrets = list(u.secrets)
    case.progress_at = case.progress_at or u.at
    before = _known(case)
    _feel(case, u)
    pending, case.act = case.pending, ""
    choice, case.labels = u.choice or case.labels.get(u.text.strip()), {}
    if _sets_aside(case, u):
        pass
    elif choice:
        _choose(case, choice)
    elif pending == "confirm":
        _confirm(case, u)
    elif pending == "consent":
        _consent(case, u)
    elif pending == "option":
        _option(case, u)
    elif pending == "demand":
        _wish(case, u)
    elif pending == "rating" and u.first("rating"):
        case.rating, case.act = int(u.first("rating").value), "rated"
    elif pending == "withdraw":
        case.act = "withdraw_confirmed" if answers.is_yes(u.text) or u.is_("withdraw") else ""
        case.pending = None
    elif pending:
        _answer(case, u, pending)
    if not case.act:
        _listen(case, u, asked=pending)
    case.correcting = False
    _count(case, u, before)
    return case


def _sets_aside(case: Case, u: Understood) -> bool:
    """What is decided by its words alone, whatever stands open. True when the message is dealt with."""
    if case.consent is None and (answers.keeps_contact_back(u.text) or answers.childs_age(u.text) is not None):
        case.consent = False
        if len(u.text) <= 12 and case.pending:
            case.act = "refused"
            return True
    if u.first("ticket_id") and not u.issues and len(u.text) <= 40 and case.pending != "ticket_id":
        case.act = "ask_progress"
        return True
    if case.pending != "rating" and u.is_("rate", at_least=.5) and u.first("rating"):
        case.rating, case.act = min(5, int(u.first("rating").value)), "rated"
        return True
    if case.pending and answers.says_nothing(u.text) and not u.choice:
        case.act = "wait"
        return True
    return False


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


# ---------------------------------------------------------------- a button

def _choose(case: Case, choice: str) -> None:
    kind, _, rest = choice.partition(":")
    if kind == "human":
        case.act = "ask_human"
    elif kind == "continue":
        case.act = "continue"
    elif kind == "confirm":
        if case.pending == "withdraw":
            case.act = "withdraw_confirmed" if rest == "yes" else "continue"
        elif case.pending == "confirm":
            case.confirmed, case.act = rest == "yes", "confirmed" if rest == "yes" else "denied"
    elif kind == "consent":
        case.consent = rest == "yes"
        case.act = "consented" if case.consent else "refused"
    elif kind == "option":
        _take(case, next((i for i, o in enumerate(case.proposed) if o["id"] == rest), None))
    elif kind == "rate" and rest.isdigit():
        case.rating, case.act = min(5, int(rest)), "rated"
    elif kind == "photo":
        case.facts.setdefault("evidence", CaseFact("已发照片", "照片", case.message_id))
        case.act = "evidence"
    elif kind == "skip" and case.pending:
        _decline(case, case.pending)
        case.act = "skipped"


# ---------------------------------------------------------------- answers to what was asked

def _interrupts(case: Case, u: Understood, asked: str) -> bool:
    """The message is another matter than the question that stands open."""
    if wants_person(u) or any(r.text for r in u.risks if RISK_LEVELS.get(r.name, 0) >= 3) or u.is_("self_harm", "violence_threat", at_least=.4):
        return True
    if answers.asks_a_rule(u.text) or (u.is_("abuse", at_least=.5) and not u.entities):
        return True
    if u.intent in ("ask_policy", "ask_how_to_complain", "withdraw", "ask_progress", "complain_bot") and u.confidence >= .6:
        return True
    if {"evidence": "evidence", "contact_time": "callback_time"}.get(asked) == u.intent:
        return False
    return u.intent in _MOSTLY_ANSWERS and u.confidence >= .9 and asked not in ("demand", "what_happened") and len(u.text) > 3


def _confirm(case: Case, u: Understood) -> None:
    if wants_person(u):
        return
    changed = corrections(case, u)
    if changed:
        _apply(case, changed)
        case.act = "corrected"
    elif case.correcting and u.entities:
        _absorb(case, u, replace=True)
        case.act = "corrected"
    elif answers.is_yes(u.text) or (u.is_("affirm", at_least=.6) and not answers.is_no(u.text)):
        case.confirmed, case.act = True, "confirmed"
    elif u.is_("withdraw", at_least=.5) and answers.drops_it(u.text):
        case.act = "withdraw"
    elif answers.is_no(u.text) or u.is_("deny", at_least=.6):
        rest = re.sub(r"^(?:不对|不是|错了|有误|不准确|不正确)[,，。!！ 、]*", "", u.text).strip()
        case.act = "denied"
        if len(rest) > 4 and not u.is_("deny", at_least=.9):
            _tell(case, u)
            _absorb(case, u, replace=True)
            case.act = "corrected"
    elif not _interrupts(case, u, "confirm"):
        _tell(case, u)
        _grieve(case, u)
        _absorb(case, u, replace=len(u.text) <= 30)
        case.act = "corrected" if case.changed else "supplemented"


def _consent(case: Case, u: Understood) -> None:
    phone = u.first("phone")
    if phone or answers.is_yes(u.text) or u.is_("affirm", at_least=.6):
        case.consent, case.act = True, "consented"
        _absorb(case, u)
    elif not wants_person(u) and (answers.is_no(u.text) or answers.will_not_say(u.text) or u.is_("refuse", "deny", at_least=.5)):
        case.consent, case.act = False, "refused"
        for fact in ("contact_phone", "contact_name"):
            case.facts.pop(fact, None)
    elif case.asked.get("consent", 0) >= 2 and not _interrupts(case, u, "consent"):
        case.consent, case.act = False, "refused"
    elif u.is_("provide_demand", at_least=.5):
        _demand(case, u)
        case.act = "answered"


def _option(case: Case, u: Understood) -> None:
    if wants_person(u):
        return
    if answers.drops_it(u.text) and u.is_("withdraw", at_least=.4):
        case.act = "withdraw"
        return
    if answers.is_thinking(u.text):
        case.act = "undecided"
        return
    labels = [o["label"] for o in case.proposed]
    chosen = answers.ordinal(u.text, labels)
    if chosen is None and (u.issues and len(u.text) > 12 or any(e.entity in IDENTIFIERS for e in u.entities)):
        return                                               # something new, not an opinion
    rejects = u.is_("reject_solution", at_least=.5) or (answers.is_no(u.text) and chosen is None) or re.search(r"都不(?:行|要|满意|接受)|不接受|太少|打发|没一个", u.text)
    if rejects and not (chosen is not None and u.is_("affirm")):
        case.opinion, case.act = u.text, "countered"
        _tell(case, u)
        _demand(case, u)
    elif chosen is not None:
        _take(case, chosen)
    elif answers.is_yes(u.text) or u.is_("affirm", at_least=.6):
        _take(case, 0)
    elif u.is_("provide_demand", at_least=.5):
        case.opinion, case.act = u.text, "countered"
        _demand(case, u)
    elif u.is_("thank", "goodbye", at_least=.5) or answers.does_not_know(u.text):
        case.act = "undecided"


def _take(case: Case, index: int | None) -> None:
    if index is None or index >= len(case.proposed):
        return
    case.chosen, case.act = case.proposed[index]["id"], "chosen"


def _wish(case: Case, u: Understood) -> None:
    if _interrupts(case, u, "demand"):
        return
    if u.intent.startswith("complain_") and not _wishes(case, u) and len(u.text) > 12 and case.asked.get("demand", 0) < 2:
        return                                               # still telling: the wish stays open, once
    _absorb(case, u)
    if answers.does_not_know(u.text) or answers.is_thinking(u.text):
        case.demand, case.demand_text, case.act = case.demand or ["其他"], case.demand_text or "还没想好", "answered"
        return
    if not u.first("demand") and (u.is_("thank", "greet", "goodbye", "affirm", at_least=.5) or answers.already_said(u.text) or (u.is_("provide_facts", at_least=.5) and u.entities)):
        return
    if not _demand(case, u):
        case.demand, case.demand_text = [*case.demand, "其他"], answers.without_reproach(u.text) or u.text
    case.act = "answered"


def _answer(case: Case, u: Understood, fact: str) -> None:
    """The answer to the question about `fact`, if it is one."""
    text = answers.without_reproach(u.text)
    if fact == "safety_now" and _NOBODY.search(u.text):
        for name in ("injury", "food_poisoning"):
            if name in case.risks and case.risks[name].message == u.message:
                del case.risks[name]
        u = replace(u, risks=tuple(r for r in u.risks if r.name not in ("injury", "food_poisoning")))
    elif fact == "safety_now" and _HURT.search(u.text):
        name = "food_poisoning" if "complain_food_safety" in case.causes else "injury"
        case.risks.setdefault(name, CaseRisk(u.text, u.message))
    entity = _matching(u, fact)
    if entity is None and fact in IDENTIFIERS and (number := u.first("phone")) and str(number.value).startswith("0"):
        entity = number                                      # a baggage tag looks like a landline
        u = replace(u, entities=tuple(e for e in u.entities if e is not number))
    if _interrupts(case, u, fact) and (entity is None or wants_person(u) or u.risks):
        return
    changed = corrections(case, u) if entity is None or fact in case.facts or u.is_("correct_facts", at_least=.5) else {}
    if changed and fact not in changed:
        _apply(case, changed)
        case.act = "corrected"
        return
    fresh = bool(u.issues) and u.intent.startswith("complain_") and u.confidence >= .6 and len(u.text) > 12 and not answers.already_said(u.text)
    if fresh:
        _grieve(case, u)
        _tell(case, u)
    if entity is not None:
        _set(case, fact, entity, u)
        _absorb(case, u)
        case.act = "answered"
    elif answers.has_finished(text) and fact == "what_happened":
        _decline(case, fact)
        case.act = "answered"
    elif answers.already_said(u.text) and (not text or answers.already_said(text)):
        _decline(case, fact)
        case.act = "reproached"
    elif answers.does_not_know(text) or answers.will_not_say(text) or u.is_("dont_know", "refuse", at_least=.6):
        _decline(case, fact)
        _absorb(case, u)
        case.act = "declined"
    elif fresh:
        case.act = "answered"
    elif fact in IDENTIFIERS or fact == "contact_phone":
        _identifier(case, u, fact, text)
    elif fact in _NAMES and re.search(r"[!！?？]|你们是", text):
        _tell(case, u)                                       # said in anger: not the name of anything
        case.act = "told"
    elif text:
        case.facts[fact] = CaseFact(_PREPOSITION.sub("", text).strip() or text, text, u.message)
        _absorb(case, u)
        case.act = "answered"


def _identifier(case: Case, u: Understood, fact: str, text: str) -> None:
    """No whole number in the answer: an incomplete one is asked again, none at all is taken as not at hand."""
    digits = re.sub(r"\D", "", text)
    if fact == "contact_phone" and 5 <= len(digits) <= 14:
        case.act = "incomplete"
        return
    token = re.search(r"[A-Za-z0-9-]{5,}", text)
    other = next((e for e in u.entities if e.entity in FACT_OF and FACT_OF[e.entity] != fact), None)
    if token and fact != "contact_phone" and other is None:
        case.facts[fact] = CaseFact(token[0], text, u.message)
    else:
        _decline(case, fact)
    _absorb(case, u)
    case.act = "answered"


def _matching(u: Understood, fact: str) -> Found | None:
    names = [e for e, f in FACT_OF.items() if f == fact]
    if fact == "tracking_no" or fact == "order_id":
        names = [fact, "order_id" if fact == "tracking_no" else "tracking_no"] if not u.first(fact) else [fact]
        if fact == "order_id" and u.first("tracking_no") and not u.first("order_id"):
            return None                                      # 「没有订单号，就这个运单号」
    if fact == "contact_time":
        return None
    return next((e for n in names for e in u.entities if e.entity == n and (e.value or n == "time")), None)


# ---------------------------------------------------------------- free speech

def wants_person(u: Understood) -> bool:
    return not _NO_PERSON.search(u.text) and (bool(_PERSON.search(u.text)) or u.is_("ask_human", at_least=.6))


def _listen(case: Case, u: Understood, asked: str | None) -> None:
    """A message that answers nothing: a grievance, facts, or an act of its own."""
    if not u.entities and (answers.has_finished(u.text) or case.issues and answers.already_said(u.text)):
        case.act = "reproached" if answers.already_said(u.text) else "continue"
        if case.told and not case.issues:
            case.issues.append(CaseIssue("complain_general", case.told[0]["text"], case.told[0]["message"], .5))
        return
    if answers.asks_a_rule(u.text) and u.emotion in ("calm", "dissatisfied") and not u.is_("withdraw", "ask_progress", at_least=.6):
        case.act = u.intent if u.intent in ("ask_policy", "ask_product", "ask_how_to_complain") else "ask_policy"
        return
    open_question = bool(asked) and not (u.intent.startswith("complain_") and u.confidence >= .6 and len(u.text) > 12)
    new = False if open_question and asked in FACTS else _grieve(case, u)
    story = new or u.intent.startswith("complain_") or u.is_("provide_facts", "group_complaint", "vulnerable_user", "threat_external", at_least=.4)
    if story and u.intent != "complain_bot":
        _tell(case, u)
    if u.is_("provide_demand", at_least=.5) or (story and u.first("demand")):
        _demand(case, u)
    correcting = corrections(case, u) if case.issues and not new else {}
    _apply(case, correcting)
    known = set(case.facts)
    if not (u.is_("callback_time", "ask_progress", "ask_policy", "ask_product", at_least=.6) and not story):
        _absorb(case, u)
    if u.is_("callback_time", at_least=.5) and "contact_time" not in case.facts and case.issues:
        case.facts["contact_time"] = CaseFact(u.text, u.text, u.message)
    learned = bool(set(case.facts) - known)
    if wants_person(u):
        case.act = "ask_human"
    elif _acts(case, u) and len(u.text) <= _BRIEF.get(u.intent, 4000) and not (new and u.intent.startswith("complain")):
        case.act = u.intent
    elif correcting:
        case.act = "corrected"
    elif new or story or learned or u.is_("provide_demand", at_least=.5):
        case.act = "told"
    elif u.is_("affirm", "deny", "refuse", "dont_know", at_least=.5) or answers.has_finished(u.text) or answers.is_yes(u.text):
        case.act = "continue"
    elif answers.plainly_complains(u.text) and not case.issues:
        case.issues.append(CaseIssue("complain_quality" if answers.says_broken(u.text) else "complain_general", u.text, u.message, .5))
        _tell(case, u)
        case.act = "told"
    else:
        case.act = "unclear"


def _acts(case: Case, u: Understood) -> bool:
    """The intent is an act of its own, sure enough, and its words bear it out."""
    if u.intent not in ACTS or u.confidence < ACTS[u.intent]:
        return False
    if u.intent == "withdraw":
        return answers.drops_it(u.text)
    if u.intent == "restart":
        return answers.starts_over(u.text)
    if u.intent == "dissatisfied_result":
        return case.ticket_seen or not case.complains
    return True


def _grieve(case: Case, u: Understood) -> bool:
    """Add the message's grievances to the case; a general one gives way to a stated cause."""
    known = set(case.causes)
    added = False
    for issue in u.issues:
        if issue.cause == "complain_general" and known or issue.cause in known:
            continue
        if issue.cause == "complain_bot" and not case.issues and u.intent != "complain_bot":
            continue
        case.issues.append(CaseIssue(issue.cause, issue.text or u.text, u.message, issue.confidence))
        known.add(issue.cause)
        added = True
    if len(case.issues) > 1:
        case.issues = [i for i in case.issues if i.cause != "complain_general"] or case.issues[:1]
    return added


def _tell(case: Case, u: Understood) -> None:
    if u.text.strip() and (not case.told or case.told[-1]["message"] != u.message or not u.message):
        case.told.append({"text": u.text.strip(), "message": u.message})


def _absorb(case: Case, u: Understood, *, replace: bool = False) -> None:
    """Facts from the message's entities; the first telling stays unless `replace`."""
    for entity in u.entities:
        fact = FACT_OF.get(entity.entity)
        if fact is None or not (entity.value or entity.entity == "time") or (fact == "ticket_id" and u.is_("ask_progress")):
            continue
        if fact == "contact_phone" and case.consent is False:
            continue
        if fact == "when" and _lies_ahead(entity, u):
            continue
        if replace or fact not in case.facts or (fact == "when" and len(case.facts[fact].value) < 10 <= len(str(entity.value or ""))):
            _set(case, fact, entity, u)


def _lies_ahead(entity: Found, u: Understood) -> bool:
    """A deadline or an appointment, not the day it happened."""
    today = datetime.fromtimestamp(u.at, timezone(timedelta(hours=8))).date().isoformat() if u.at else ""
    return bool(today and re.match(r"\d{4}-\d\d-\d\d", str(entity.value or "")) and str(entity.value)[:10] > today)


def _set(case: Case, fact: str, entity: Found, u: Understood) -> None:
    value = str(entity.value) if entity.value not in (None, "") else entity.text
    old = case.value(fact)
    case.facts[fact] = CaseFact(value, entity.text, u.message)
    if fact in case.declined:
        case.declined.remove(fact)
    if old is not None and old != value:
        case.changed.append(fact)


def _apply(case: Case, changes: dict[str, CaseFact]) -> None:
    for fact, new in changes.items():
        case.facts[fact] = new
        if fact in case.declined:
            case.declined.remove(fact)
        case.changed.append(fact)


def _demand(case: Case, u: Understood) -> bool:
    found = _wishes(case, u)
    if not found:
        return False
    case.demand = list(dict.fromkeys([*(d for d in case.demand if d != "其他"), *found]))
    words = answers.without_reproach(u.text) if case.pending == "demand" or u.is_("provide_demand") else _sentence(u)
    case.demand_text = case.demand_text if case.demand_text and case.pending != "demand" else words[:120]
    return True


def _sentence(u: Understood) -> str:
    """The part of the message that holds the wish."""
    start = next(e.start for e in u.entities if e.entity == "demand" and e.value)
    breaks = [m.end() for m in re.finditer(r"[，,。！!？?；;\n]", u.text)]
    a = max((b for b in breaks if b <= start), default=0)
    z = min((b for b in breaks if b > start), default=len(u.text))
    return u.text[a:z].strip("，,。！!？?；; ")


def _wishes(case: Case, u: Understood) -> list[str]:
    """Classes of demand in the message; the answer to the wish question needs no 「我要」."""
    found = [str(e.value) for e in u.entities if e.entity == "demand" and e.value]
    return found + [str(s.value) for s in wishes.find(fold(u.text), asked=True)] if case.pending == "demand" else found


def _decline(case: Case, fact: str) -> None:
    if fact not in case.declined:
        case.declined.append(fact)
