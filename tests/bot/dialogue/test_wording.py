"""The phrasebook: every sentence filled in, none repeated while another is left; the read-back is faithful."""
from __future__ import annotations

from datetime import datetime

import pytest

from bot.dialogue.case import Case, CaseFact, CaseIssue
from bot.dialogue.summary import clock_words, read_back, shown, ticket_summary
from bot.dialogue.wording import Phrasebook
from bot.settings import SHANGHAI


def test_no_sentence_twice_while_another_is_left():
    words, case = Phrasebook({"utter_wait": ["一", "二", "三"]}), Case()
    assert {words.say("wait", case) for _ in range(3)} == {"一", "二", "三"}


def test_when_all_are_used_the_last_one_is_still_not_repeated_at_once():
    words, case = Phrasebook({"utter_wait": ["一", "二"]}), Case()
    said = [words.say("wait", case) for _ in range(9)]
    assert all(a != b for a, b in zip(said, said[1:]))


def test_a_sentence_with_a_hole_is_never_said():
    words = Phrasebook({"utter_sorry": ["{product}让您受累了", "让您受累了"]})
    assert [words.say("sorry", Case()), words.say("sorry", Case(), product="洗衣机")] == ["让您受累了", "洗衣机让您受累了"]
    with pytest.raises(KeyError, match="no variant fits"):
        Phrasebook({"utter_sorry": ["{product}让您受累了"]}).say("sorry", Case())


def test_the_read_back_has_every_fact_the_wish_and_no_whole_phone_number():
    case = Case(issues=[CaseIssue("complain_quality", "三天就漏水")], demand=["更换"], demand_text="换台新的",
                facts={"product": CaseFact("洗衣机"), "when": CaseFact("2026-11-21", "上周六"), "amount": CaseFact("460", "四百六"), "contact_phone": CaseFact("13800001234")})
    text = read_back(case)
    for words in ("三天就漏水", "洗衣机", "上周六", "11月21日（周六）", "460元", "138****1234", "更换", "换台新的"):
        assert words in text
    assert "13800001234" not in text + ticket_summary(case)
    assert "138" not in ticket_summary(case)


@pytest.mark.parametrize("fact, value, text, expected", [
    ("when", "2026-11-21T20:00", "周六晚上八点", "周六晚上八点，11月21日（周六） 20:00"), ("when", "2026-11-20", "11月20日", "11月20日（周五）"), ("when", "前阵子", "前阵子", "前阵子"),
    ("amount", "19.9", "十九块九", "19.9元"), ("contact_phone", "02788881234", "", "027****1234"), ("quantity", "2", "俩", "俩")])
def test_facts_are_shown_as_people_read_them(fact, value, text, expected):
    assert shown(fact, value, text) == expected


@pytest.mark.parametrize("moment, words", [("2026-11-23T18:00:00+08:00", "今天18:00"), ("2026-11-24T09:05:00+08:00", "明天9:05"), ("2026-12-01T12:00:00+08:00", "12月1日12:00"), (None, "")])
def test_moments_are_said_by_day_and_clock(moment, words):
    assert clock_words(moment, datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)) == words
