"""The ordinary way: tell, be heard, answer little, see it read back, get a number."""
from __future__ import annotations

import re

import pytest

WASHER = "上周六在你们万达店买的洗衣机，四百六，才用三天就漏水，打客服电话那女的爱答不理的，气死我了！"


async def test_the_first_words_say_that_this_is_a_robot_and_that_a_person_can_be_had(talk):
    first = await talk("你好")
    assert "机器人" in first.text and "转人工" in first.text
    assert "机器人" not in (await talk("我要投诉")).text


async def test_the_apology_names_both_grievances_and_offers_a_person(talk):
    first = await talk(WASHER)
    assert first.stages[0] == "apology"
    assert "质量" in first.texts[0] and "态度" in first.texts[0]
    assert "human" in first.options


async def test_an_angry_customer_is_heard_out_before_the_first_question(talk):
    first = await talk(WASHER)
    assert (first.stage, first.asks) == ("listening", None)


async def test_nothing_told_in_the_first_message_is_asked_again(talk):
    await talk(WASHER)
    await talk.until("filed", order_id="订单号找不到了")
    asked = {m.metadata["asks"] for a in talk.heard for m in a.messages}
    assert not asked & {"product", "when", "where", "amount", "staff", "what_happened"}


async def test_an_ordinary_complaint_is_filed_within_eight_messages(talk):
    await talk("买的电饭煲用了三天就坏了")
    await talk.until("filed", when="上周六")
    assert len(talk.heard) <= 8


async def test_the_number_comes_with_the_next_step_who_and_by_when(talk):
    await talk(WASHER)
    filed = await talk.until("filed")
    text = next(m.text for m in filed.messages if m.stage == "filed")
    assert re.search(r"C261123[0-9A-Z]{4,6}", text) and "部" in text and re.search(r"(今天|明天|后天|\d+月\d+日)\d", text)
    assert filed.ticket == talk.ticket()["number"]


async def test_no_ticket_before_the_customer_has_confirmed(talk):
    await talk("买的电饭煲用了三天就坏了")
    await talk.until("confirm", when="上周六")
    assert talk.tickets() == []
    await talk("对")
    assert talk.ticket()["status"] == "filed"


async def test_the_ticket_holds_what_was_told_with_the_message_it_came_from(talk):
    await talk(WASHER)
    await talk.until("filed", demand="换台新的，再让那个客服给我道歉")
    ticket = talk.ticket()
    values = {name: fact["value"] for name, fact in ticket["facts"].items()}
    assert (values["product"], values["when"], values["where"], values["amount"]) == ("洗衣机", "2026-11-21", "万达店", "460")
    assert all(fact["message"] for fact in ticket["facts"].values())
    assert {i["cause"] for i in ticket["issues"]} == {"complain_quality", "complain_attitude"}
    assert ticket["demand"] == ["更换", "道歉"] and ticket["channel"] == "rest"


async def test_the_phone_is_masked_wherever_it_is_shown(talk):
    await talk(WASHER)
    await talk.until("filed", contact_phone="13800001234")
    assert talk.ticket()["contact"]["phone_masked"] == "138****1234"


async def test_giving_a_phone_number_brings_no_legal_threat_and_no_higher_level(talk):
    await talk("买的电饭煲用了三天就坏了")
    await talk.until("filed", when="上周六", contact_phone="13812345678")
    assert talk.ticket()["risks"] == [] and talk.ticket()["severity"] == "L1"
    assert "权利" not in talk.transcript


async def test_a_tracking_number_brings_no_legal_threat(talk):
    await talk("快递都一个礼拜了还没到")
    await talk("单号SF1234567890123")
    assert [r for r in (await talk.case()).risks] == []


async def test_answers_add_no_grievance_of_their_own(talk):
    await talk("买的电饭煲用了三天就坏了")
    await talk.until("filed", when="上个月20号买的", demand="退款就行")
    assert [i["cause"] for i in talk.ticket()["issues"]] == ["complain_quality"]
    assert sum("apology" in a.stages for a in talk.heard) == 1


@pytest.mark.parametrize("opening, cause", [
    ("我要的黑色你给我发白的", "complain_wrong_missing"), ("都一个礼拜了还没发货", "complain_delivery_delay"), ("玻璃杯到手碎了仨", "complain_lost_damaged"),
    ("说三个工作日退款，今天第九天了还没到账", "complain_refund"), ("页面写纯棉，标签是涤纶", "complain_false_ad"), ("标价35结账变53", "complain_price_billing"),
    ("我没点过续费怎么又扣了", "complain_auto_renew"), ("宽带又断了，这周第四回", "complain_network_outage"), ("店员说爱买不买", "complain_attitude"),
    ("等位俩小时，上菜又一小时", "complain_onsite_service"), ("发票开错抬头了也不给改", "complain_invoice"), ("一点付款就闪退", "complain_app_system"),
    ("你们延误六小时连口水都没有", "complain_travel"), ("办的卡店跑路了，剩的钱不退", "complain_contract_prepaid")])
async def test_every_kind_of_grievance_is_apologised_for_and_filed(talk, opening, cause):
    first = await talk(opening)
    assert "apology" in first.stages
    await talk.until("filed")
    assert cause in [i["cause"] for i in talk.ticket()["issues"]]


@pytest.mark.parametrize("implicit", ["买来三天就开不了机", "打了八个电话没人接", "排了两个钟头轮到我说下班了", "孩子等着穿呢，到现在没影", "这做工也太糙了吧"])
async def test_the_word_complaint_is_not_needed(talk, implicit):
    assert "apology" in (await talk(implicit)).stages
