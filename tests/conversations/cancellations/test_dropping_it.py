"""Withdrawing, restarting, leaving: granted without asking why, and nothing is lost."""
from __future__ import annotations

from datetime import timedelta

import pytest

from bot.reception.caretaker import Caretaker
from actions import services

OPENING = "买的电饭煲用了三天就坏了"


@pytest.mark.parametrize("words", ["算了不投诉了", "撤了吧，他们给解决了", "不用处理了，取消投诉"])
async def test_before_filing_it_is_simply_dropped(talk, words):
    await talk(OPENING)
    end = await talk(words)
    assert end.stage == "closing" and talk.tickets() == []


async def test_after_filing_it_is_asked_once_and_then_withdrawn(talk):
    await talk(OPENING)
    await talk.until("filed")
    asked = await talk("算了不投诉了")
    assert asked.asks == "confirm" and talk.ticket()["status"] == "filed"
    await talk("是的")
    assert talk.ticket()["status"] == "withdrawn"


async def test_no_means_that_the_ticket_stays(talk):
    await talk(OPENING)
    await talk.until("filed")
    await talk.says("算了不投诉了", "不，还是继续吧")
    assert talk.ticket()["status"] == "filed"


async def test_a_withdrawn_complaint_can_be_told_again(talk):
    await talk(OPENING)
    await talk("算了不投诉了")
    again = await talk("不行，我还是要投诉，那个电饭煲又坏了")
    assert "closing" not in again.stages
    await talk.until("filed")
    assert talk.ticket()["status"] == "filed"


async def test_starting_over_forgets_what_was_not_filed(talk):
    await talk(OPENING)
    again = await talk("从头来，我重新说")
    assert again.stage == "greeting"
    await talk("快递三天没动了")
    assert [i.cause for i in (await talk.case()).issues] == ["complain_delivery_delay"]


@pytest.mark.parametrize("answer", ["从周一开始", "从昨天早上八点开始的", "从上个月开始就这样"])
async def test_since_monday_does_not_start_over(talk, answer):
    await talk("我家宽带断了")
    await talk.until("when")
    await talk(answer)
    assert [i.cause for i in (await talk.case()).issues] == ["complain_network_outage"]
    assert (await talk.case()).value("when")


async def test_thanks_in_the_middle_do_not_end_it(talk):
    await talk(OPENING)
    await talk.until("demand")
    assert (await talk("好的谢谢")).asks == "demand"


async def test_who_leaves_in_the_middle_finds_it_filed(talk, house):
    await talk(OPENING)
    house.clock.now += timedelta(minutes=31)
    await Caretaker(house.reception, services.current(), idle_minutes=30).file_abandoned()
    ticket = talk.ticket()
    assert ticket["status"] == "filed" and ticket["issues"][0]["cause"] == "complain_quality"
    assert ticket["number"] in house.reception.transcript.latest(talk.conversation)[-1].text


async def test_goodbye_after_filing_leaves_the_number(talk):
    await talk(OPENING)
    await talk.until("filed")
    await talk("第一个吧")
    end = await talk("好的谢谢，再见")
    assert end.stage == "closing" and end.ticket == talk.ticket()["number"]


@pytest.mark.parametrize("words", ["算了还是要投诉", "别撤了", "不是，继续处理"])
async def test_who_changes_their_mind_at_the_question_keeps_the_ticket(talk, words):
    await talk(OPENING)
    await talk.until("filed")
    await talk("我不想投诉了")
    await talk(words)
    assert talk.ticket()["status"] == "filed"
