"""Random walks of an abstract customer: any message, in any order, and the promises of DESIGN §6 hold after every turn.

`TINGSU_NIGHTLY=1` walks ten times as far.
"""
from __future__ import annotations

import os
from collections import Counter

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.dialogue.case import Case
from bot.dialogue.steps import TERMINAL, Step
from bot.vocabulary import COMPLAINT_INTENTS, EMOTIONS, ENTITIES, FACTS, INTENTS, RISK_LEVELS, RISKS, STAGES
from tests.bot.dialogue.walking import PERSON, VALUES, Said, Walk, to_the_end

TURNS = 12                                                   # per walk
WALKS = (20_000 if os.environ.get("TINGSU_NIGHTLY") == "1" else 2_000) // TURNS + 1
TEXTS = ("对", "不对", "不是这样的", "不知道", "不想说", "等一下我找找", "刚才说过了", "没有了", "第二个", "都不行", "好的", "嗯", "转账记录我有", "13800001234", "……", "啊？", "就是漏水了怎么办呢",
         "不用了谢谢", "是上周五，不是上周六", "不是万达店，是银泰店", "退款就行", "你们真行", "a", "1", "人呢")
BUTTONS = ("continue", "skip", "confirm:yes", "confirm:no", "consent:yes", "consent:no", "option:repair", "option:nothing", "rate:2", "human")

WALKING = dict(phases=(Phase.explicit, Phase.generate), report_multiple_bugs=False)   # a walk is read as it was found

rarely = st.sampled_from([False] * 19 + [True])
free = st.builds(
    Said, intent=st.sampled_from(INTENTS), confidence=st.sampled_from([0.2, 0.47, 0.58, 0.7, 0.95]), text=st.sampled_from(TEXTS),
    entities=st.lists(st.sampled_from([e for e in ENTITIES if e in VALUES]), max_size=3, unique=True).map(tuple),
    issues=st.one_of(st.just(()), st.lists(st.sampled_from(COMPLAINT_INTENTS), max_size=2, unique=True).map(tuple)),
    risks=st.one_of(st.just(()), st.just(()), st.just(()), st.sampled_from(RISKS).map(lambda r: (r,))), emotion=st.sampled_from(EMOTIONS), secret=rarely,
    button=st.one_of(st.none(), st.none(), st.none(), st.none(), st.sampled_from(BUTTONS)))
messages = st.integers(0, 9).flatmap(lambda n: st.just(Said(fitting=True)) if n < 3 else free)
conversations = st.lists(messages, min_size=TURNS, max_size=TURNS)


@settings(max_examples=WALKS, **WALKING)
@given(conversations)
def test_every_turn_of_every_walk_keeps_the_promises(said):
    keep_promises(Walk(), said)


@settings(max_examples=WALKS // 5, **WALKING)
@given(conversations)
def test_the_promises_hold_while_the_ticket_system_is_away(said):
    keep_promises(Walk(records_away=True), said)


@settings(max_examples=WALKS // 10, **WALKING)
@given(st.lists(messages, min_size=1, max_size=8))
def test_every_path_can_end_in_a_number_a_withdrawal_or_a_person(said):
    walk = Walk()
    for message in said:
        walk.say(message)
    assert to_the_end(walk, most=14) < 14, f"no end in sight:\n{walk}"


def keep_promises(walk: Walk, said: list[Said]) -> None:
    for message in said:
        before = walk.copy()
        steps = walk.say(message)
        for promise in PROMISES:
            assert promise(before, steps, walk), f"broken: {promise.__doc__}\n{walk}"


# ---------------------------------------------------------------- the promises: (before, steps, after) → kept?

def answered(before: Walk, steps: list[Step], after: Walk) -> bool:
    """every customer message gets a reply"""
    return any(s.name != "file_risk" for s in steps)


def short(before: Walk, steps: list[Step], after: Walk) -> bool:
    """a turn has at most five steps and its chain ends"""
    return len(steps) <= 5 and (not steps or steps[-1].name in TERMINAL or len(steps) < 5)


def no_step_twice(before: Walk, steps: list[Step], after: Walk) -> bool:
    """no step is taken twice in one turn"""
    return len({s.name for s in steps}) == len(steps)


def one_question(before: Walk, steps: list[Step], after: Walk) -> bool:
    """one question a turn"""
    return sum(bool(s.asks) for s in steps) <= 1


def apology_first(before: Walk, steps: list[Step], after: Walk) -> bool:
    """the apology comes before the first question"""
    story = [s.name for _, done in after.log for s in done]
    if "restart" in story:
        return True
    first = next((i for i, s in enumerate(story) if s in ("ask_fact", "ask_wish", "ask_consent", "confirm")), None)
    return first is None or "apologise" in story[:first]


def confirmed_first(before: Walk, steps: list[Step], after: Walk) -> bool:
    """no ticket before confirmation outside a handover or a grave risk"""
    if before.case.ticket or not after.case.ticket:
        return True
    names = [s.name for s in steps]
    read_back = any(s.name == "confirm" for _, done in before.log for s in done)
    return "request_handover" in names or ("file_risk" in names and after.case.grave >= 3) or ("file_ticket" in names and read_back and after.case.confirmed)


def asked_little(before: Walk, steps: list[Step], after: Walk) -> bool:
    """nothing is asked more than three times"""
    return all(n <= 3 for fact, n in after.case.asked.items() if fact in (*FACTS, "demand", "consent"))


def known_not_asked(before: Walk, steps: list[Step], after: Walk) -> bool:
    """what was told or declined is not asked for"""
    return all(s.asks not in before_facts(after) for s in steps if s.name == "ask_fact")


def before_facts(walk: Walk) -> set[str]:
    return set(walk.case.facts) | set(walk.case.declined)


def consent_first(before: Walk, steps: list[Step], after: Walk) -> bool:
    """the phone number is asked for only with consent"""
    return all(after.case.consent for s in steps if s.asks in ("contact_phone", "contact_name"))


def no_loop(before: Walk, steps: list[Step], after: Walk) -> bool:
    """no question more than three turns in a row without progress"""
    last = [next((s for s in done if s.asks), None) for _, done in after.log[-4:]]
    stuck = len(last) == 4 and all(last) and len({(s.name, s.asks) for s in last if s}) == 1
    return not (stuck and after.case.stalled >= 3)


def person_at_once(before: Walk, steps: list[Step], after: Walk) -> bool:
    """转人工 works within the same turn from every state"""
    return all("request_handover" in [s.name for s in after.copy().say(asking)] for asking in PERSON)


def grave_risk_is_seen(before: Walk, steps: list[Step], after: Walk) -> bool:
    """a risk of L3 or above reaches a person or a ticket at once; a hazard that hurt nobody at the latest when the complaint is confirmed or dropped"""
    waits = after.case.complains and not (after.case.withdrawn or after.case.confirmed) and {r for r in after.case.risks if RISK_LEVELS[r] >= 3} == {"hazard"}
    return after.case.grave < 3 or waits or bool(after.case.handover or after.case.ticket)


def grave_risk_is_written_down(before: Walk, steps: list[Step], after: Walk) -> bool:
    """a grave risk told after filing is put on the ticket in the same turn"""
    new = [r for r in after.case.risks if r not in before.case.risks and RISK_LEVELS[r] >= 3]
    return not (new and before.case.ticket) or any(s.name in ("supplement", "file_risk", "request_handover", "file_ticket") for s in steps)


def known_places(before: Walk, steps: list[Step], after: Walk) -> bool:
    """stage, question and the case's JSON are those of the contract"""
    asks = {*FACTS, "demand", "confirm", "option", "rating", "consent", None}
    return after.case.stage in STAGES and all(s.asks in asks for s in steps) and Case.load(after.case.dump()) == after.case


PROMISES = (answered, short, no_step_twice, one_question, apology_first, confirmed_first, asked_little, known_not_asked, consent_first, no_loop, person_at_once,
            grave_risk_is_seen, grave_risk_is_written_down, known_places)


@pytest.mark.parametrize("promise", PROMISES, ids=lambda p: p.__name__)
def test_each_promise_is_worded(promise):
    assert promise.__doc__


def test_the_walks_are_as_long_as_promised():
    assert WALKS * TURNS >= 2_000 and Counter(PROMISES).most_common(1)[0][1] == 1
