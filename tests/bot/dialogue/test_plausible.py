"""An intent without the words that it needs gives way to the next."""
from __future__ import annotations

import pytest

from bot.dialogue.plausible import plausible
from bot.dialogue.understood import UNCLEAR, Grievance, Understood

RANKING = (("withdraw", .64), ("complain_quality", .6), ("affirm", .1))


@pytest.mark.parametrize("text, intent", [("这做工也太糙了吧", "complain_quality"), ("算了不投诉了", "withdraw"), ("撤了吧", "withdraw")])
def test_nobody_drops_a_complaint_without_saying_so(text, intent):
    assert plausible(Understood(text=text, intent="withdraw", confidence=.64, ranking=RANKING)).intent == intent


def test_the_cause_of_the_next_reading_is_the_issue():
    u = plausible(Understood(text="我要的黑色你给我发白的", intent="complain_bot", confidence=.64, issues=(Grievance("complain_bot", "", .64),),
                             ranking=(("complain_bot", .64), ("complain_wrong_missing", .55))))
    assert [(i.cause, i.confidence) for i in u.issues] == [("complain_wrong_missing", .55)]


def test_with_no_other_reading_it_is_unclear():
    assert plausible(Understood(text="那个", intent="restart", confidence=.6, ranking=(("restart", .6),))).intent == UNCLEAR


def test_what_needs_no_words_stays():
    u = Understood(text="嗯", intent="affirm", confidence=.9)
    assert plausible(u) is u
