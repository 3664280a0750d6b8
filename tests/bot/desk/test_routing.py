"""Whom a waiting conversation is offered to, and how long a wait may be: skills, last agent, severity, working hours."""
from datetime import datetime

import pytest

from bot.desk.handover_rows import Handover
from bot.desk.routing import best_agent, deal
from bot.desk.rules import load_rules
from bot.desk.staff import Staff
from kb_connector.time import SHANGHAI, iso
from tests.bot.desk.desk_fakes import OPEN

WANG, LI, SUN = Staff("wang", "小王", "agent", ("logistics",)), Staff("li", "小李", "agent", ("safety",)), Staff("sun", "小孙", "agent")


def waiting(conversation="c1", skill=None, severity="L1", minutes=0, previous=None):
    return Handover(conversation, "queued", "queue", skill=skill, severity=severity, previous_agent=previous, requested_at=iso(OPEN.replace(minute=30 - minutes)))


def dealt(*queue, agents=(WANG, LI, SUN), load=None, apart=None):
    return {h.conversation: s.name for h, s in deal(queue, agents, load or {}, now=OPEN.replace(minute=30), rules=load_rules(), apart=apart or {})}


def test_the_wanted_skill_is_preferred_and_a_generalist_takes_its_place():
    assert dealt(waiting(skill="safety")) == {"c1": "li"}
    assert dealt(waiting(skill="safety"), agents=(WANG, SUN)) == {"c1": "sun"}


def test_specialists_are_spared_where_no_skill_is_wanted():
    assert dealt(waiting()) == {"c1": "sun"}


def test_another_department_takes_it_only_after_a_while_or_when_it_is_grave():
    assert dealt(waiting(skill="safety"), agents=(WANG,)) == {}
    assert dealt(waiting(skill="safety", minutes=3), agents=(WANG,)) == {"c1": "wang"}
    assert dealt(waiting(skill="safety", severity="L3"), agents=(WANG,)) == {"c1": "wang"}
    assert dealt(waiting(skill="safety", minutes=3)) == {"c1": "li"}


def test_the_agent_whom_the_customer_knows_comes_first_among_equals():
    other = Staff("ma", "小马", "agent")
    assert dealt(waiting(previous="sun"), agents=(other, SUN), load={"sun": 2}) == {"c1": "sun"}
    assert dealt(waiting(previous="sun"), agents=(other, SUN), load={"sun": 5}) == {"c1": "ma"}


def test_load_is_measured_against_what_each_may_hold():
    small, big = Staff("a", "甲", "agent", capacity=2), Staff("b", "乙", "agent", capacity=10)
    assert dealt(waiting(), agents=(small, big), load={"a": 1, "b": 3}) == {"c1": "b"}


def test_the_queue_is_dealt_out_until_nobody_is_free_and_the_complained_of_is_passed_over():
    one = Staff("a", "甲", "agent", capacity=1)
    assert dealt(waiting("c1", severity="L3"), waiting("c2"), agents=(one,)) == {"c1": "a"}
    assert dealt(waiting("c1"), waiting("c2"), agents=(one,), apart={"c1": frozenset({"a"})}) == {"c2": "a"}
    assert best_agent(waiting(), (), {}) is None


@pytest.mark.parametrize("display, role, shown", [("小王", "agent", "客服专员"), ("管理员", "admin", "同事"), ("赵主管", "lead", "同事"), ("客服专员小王", "agent", "同事")])
def test_the_greeting_says_a_role_once(display, role, shown):
    assert Staff("x", display, role).title == shown


@pytest.mark.parametrize("at, opening", [
    ("2026-11-23T12:30", "2026-11-23T13:30"),        # between the two shifts
    ("2026-11-23T18:00", "2026-11-24T09:00"),        # after the last one
    ("2026-11-28T09:30", "2026-11-28T10:00"),        # a Saturday has hours of its own
    ("2026-10-02T10:00", "2026-10-08T09:00"),        # the National Day holiday, until the first workday
    ("2026-09-30T17:59", None),                      # its eve is open
    ("2026-10-10T09:00", None)])                     # a Saturday that is a workday to make up for it
def test_split_shifts_and_chinese_holidays_decide_what_the_customer_is_told(desk, clock, at, opening):
    clock.now = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)
    desk.handovers.heartbeat("wang")
    _, notice = desk.handovers.request("c1", channel="web", reason="asked for a person", severity="L1", ticket=None)
    assert notice.key == ("queue_off_hours" if opening else "queue_next")
    assert (notice.values.get("opening") or "")[:16] == (opening or "")


def test_a_wait_that_meets_the_lunch_break_counts_from_the_next_shift(desk, clock):
    clock.now = OPEN.replace(hour=12, minute=20)
    desk.handovers.request("c1", channel="web", reason="asked for a person", severity="L1", ticket=None)
    assert desk.handovers.get("c1").deadline == iso(OPEN.replace(hour=13, minute=40))
