"""Answers as people give them: by button, by word, by half a sentence."""
from __future__ import annotations

import pytest

OPENING = "上周六在万达店花四百六买的洗衣机，才用三天就漏水"


@pytest.mark.parametrize("yes", ["对", "对的", "嗯嗯", "是的没错", "没毛病", "ok", "可以，提交吧", "都对", "👌"])
async def test_yes_in_every_shape_files(talk, yes):
    await talk(OPENING)
    await talk.until("confirm")
    answer = await talk(yes)
    assert "filed" in answer.stages and talk.ticket()["status"] == "filed"


async def test_the_confirm_button_files(talk):
    await talk(OPENING)
    asked = await talk.until("confirm")
    assert {"confirm:yes", "confirm:no"} <= set(asked.options)
    assert "filed" in (await talk("", choice="confirm:yes")).stages


async def test_a_buttons_label_typed_by_hand_is_that_button(talk):
    await talk(OPENING)
    asked = await talk.until("confirm")
    assert "filed" in (await talk(asked.options["confirm:yes"])).stages


@pytest.mark.parametrize("answer, value", [("上周六", "2026-11-21"), ("11月15号", "2026-11-15"), ("前天下午三点", "2026-11-21T15:00"), ("昨儿个", "2026-11-22"), ("就三天前吧", "2026-11-20")])
async def test_times_as_people_say_them(talk, answer, value):
    await talk("店员态度太差了，爱买不买的样子")
    await talk.until("when")
    await talk(answer)
    assert (await talk.case()).value("when") == value


async def test_no_order_number_but_a_tracking_number(talk):
    await talk("东西坏了，要投诉")
    await talk.until("order_id", when="上周六", product="电饭煲")
    await talk("没有订单号，就这个运单号SD7300047514")
    case = await talk.case()
    assert case.value("tracking_no") == "SD7300047514" and case.value("order_id") is None


async def test_no_question_is_left_after_everything_is_filed_and_chosen(talk):
    await talk(OPENING)
    await talk.until("filed")
    assert (await talk("第一个吧")).asks is None
