"""Coming back: progress, urging, more facts, dissatisfaction, a score, another day."""
from __future__ import annotations

import re
from datetime import datetime

import pytest

OPENING = "买的电饭煲用了三天就坏了"


@pytest.fixture
async def filed(talk):
    await talk(OPENING)
    await talk.until("filed", contact_phone="13800001234")
    await talk("第一个吧")
    return talk


async def test_progress_in_one_turn_with_state_and_clock(filed):
    answer = await filed("我那个投诉到哪一步了")
    assert answer.stage == "status" and filed.ticket()["number"] in answer.text and "立案" in answer.text


async def test_from_elsewhere_the_last_four_digits_open_it(filed, house):
    number = filed.ticket()["number"]
    stranger = house.customer()
    refused = await stranger(f"帮我查一下{number}")
    assert "立案" not in refused.text and "后四位" in refused.text
    assert "立案" in (await stranger(f"{number}，尾号1234")).text


async def test_urging_is_written_on_the_ticket(filed):
    answer = await filed("都几天了，能不能快点，催一催")
    assert answer.stage == "status"
    assert "urged" in [row["what"] for row in filed.ticket()["timeline"]]


async def test_a_fact_told_later_reaches_the_ticket(filed):
    await filed("刚找到订单号，TS20260037")
    assert filed.ticket()["facts"]["order_id"]["value"] == "TS20260037"


async def test_after_a_day_the_conversation_goes_on(filed, house):
    house.clock.forward(days=1)
    answer = await filed("你好，我昨天投诉那个电饭煲，有消息了吗")
    assert answer.stage == "status" and filed.ticket()["number"] in answer.text


async def test_hello_on_another_day_shows_where_it_stands(filed, house):
    house.clock.forward(days=1)
    assert (await filed("你好")).ticket == filed.ticket()["number"]


async def test_not_satisfied_reopens_what_was_closed(filed, house):
    number = filed.ticket()["number"]
    house.records.tickets.act(number, "withdraw", actor="customer", role="customer")
    answer = await filed("没解决啊怎么就结了，我不满意，重新给我处理")
    assert "抱歉" in answer.text or "对不起" in answer.text
    assert filed.ticket()["status"] == "reopened"


async def test_a_score_is_kept_and_a_low_one_not_argued_with(filed):
    answer = await filed("我给一分")
    assert filed.ticket()["satisfaction"]["score"] == 1
    assert "抱歉" in answer.text or "对不起" in answer.text


async def test_five_points_are_thanked_for(filed):
    answer = await filed("五分，挺好的")
    assert filed.ticket()["satisfaction"]["score"] == 5 and answer.stage == "survey"


async def test_an_earlier_complaint_is_apologised_for_and_raised(talk):
    answer = await talk("我上周就投诉过了，说好三天回电话，到现在没下文，这是第三次说这事了")
    assert "apology" in answer.stages
    await talk.until("filed")
    assert talk.ticket()["severity"] >= "L2"


async def test_data_rights_are_noted_and_never_argued_with(filed):
    answer = await filed("把我的手机号删了，我要撤回同意")
    assert "权利" in answer.text or "登记" in answer.text or "答复" in answer.text
    assert "data request" in [row["what"] for row in filed.ticket()["timeline"]]


@pytest.mark.parametrize("words", ["怎么还没人给我打电话", "到底处理没有啊", "那你们多久给我答复"])
async def test_whatever_the_words_it_is_told_where_it_stands(filed, words):
    answer = await filed(words)
    assert answer.stage == "status" and filed.ticket()["number"] in answer.text and len(filed.ticket()["issues"]) == 1


async def test_hurry_is_no_question_about_a_rule(filed):
    answer = await filed("这个能快点吗")
    assert answer.stage == "status" and answer.sources == []


async def test_the_last_four_digits_may_come_in_a_second_message(filed, house):
    number, stranger = filed.ticket()["number"], house.customer()
    assert "立案" not in (await stranger(number)).text
    assert "立案" not in (await stranger("尾号9999")).text
    assert "立案" in (await stranger("尾号1234")).text


async def test_a_second_grievance_goes_onto_the_same_number(filed):
    answer = await filed("还有个事，你们送货师傅态度特别差，张嘴就骂人")
    assert "apology" in answer.stages and filed.ticket()["number"] in answer.text
    assert "complain_attitude" in [i["cause"] for i in filed.ticket()["issues"]]


async def test_due_times_at_night_are_hours_when_somebody_answers(talk, house):
    house.clock.forward(hours=12, minutes=41)
    await talk("再不管我就打12315，买的电饭煲用了三天就坏了，没人管")
    answer = await talk.until("filed", contact_phone="13800001234")
    plan = datetime.fromisoformat(talk.ticket()["due"]["plan"])
    assert f"{plan.hour}:{plan.minute:02d}" == "22:41" and "22:41" not in answer.texts[0] and re.search(r"后天9:00", answer.text)
