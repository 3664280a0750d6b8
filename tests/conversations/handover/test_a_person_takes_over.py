"""「转人工」 from anywhere, in the same turn, without a question; what was told goes along."""
from __future__ import annotations

import pytest

OPENING = "上周六买的电饭煲用了三天就坏了"
GOALS = ["when", "order_id", "demand", "consent", "contact_phone", "confirm", "option"]


@pytest.mark.parametrize("words", ["转人工", "叫个活人来", "人工人工人工", "我不跟机器人说", "找你们经理", "给我找个真人客服"])
async def test_in_the_first_turn_whatever_the_words(talk, words):
    answer = await talk(words)
    assert answer.stages[0] == "handover" and answer.asks is None


@pytest.mark.parametrize("goal", GOALS)
async def test_from_every_question(talk, goal):
    await talk("买的电饭煲用了三天就坏了")
    await talk.until(goal)
    answer = await talk("转人工")
    assert answer.stages[0] == "handover" and answer.asks is None


async def test_by_button(talk):
    first = await talk(OPENING)
    assert first.options["human"] == "转人工"
    assert (await talk("", choice="human")).stages[0] == "handover"


async def test_what_was_told_is_filed_before_the_person_comes(talk):
    await talk.says(OPENING, "转人工")
    ticket = talk.ticket()
    assert ticket["issues"][0]["cause"] == "complain_quality" and ticket["facts"]["product"]["value"] == "电饭煲"


async def test_a_case_is_called_filed_only_when_there_is_one(talk):
    answer = await talk("转人工")
    assert "立案" not in answer.text or talk.tickets()


async def test_with_nobody_there_the_true_wait_is_told(talk):
    await talk(OPENING)
    answer = await talk("转人工")
    assert "没有" in answer.text or "不在线" in answer.text or "叫不到" in answer.text
    assert "10:" in answer.text or "12:" in answer.text or "18:" in answer.text


async def test_at_night_the_hours_are_told_and_it_is_filed_all_the_same(talk, house):
    house.clock.now = house.clock.now.replace(hour=2)
    await talk(OPENING)
    answer = await talk("转人工")
    assert "9:00" in answer.text and talk.ticket()["status"] == "filed"


async def test_while_waiting_the_customer_may_go_on_telling(talk):
    await talk.says(OPENING, "转人工", "订单号是TS20260037")
    assert talk.ticket()["facts"]["order_id"]["value"] == "TS20260037"


async def test_while_waiting_a_question_is_still_answered(talk):
    await talk.says(OPENING, "转人工")
    assert "answering" in (await talk("七天无理由退货怎么算")).stages


async def test_the_desks_queue_has_the_conversation(talk, house):
    await talk.says(OPENING, "转人工")
    assert house.reception.handovers.current(talk.conversation).state != "bot"
