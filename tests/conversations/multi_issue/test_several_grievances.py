"""Several grievances: each becomes an issue with its own words and status, under one number."""
from __future__ import annotations

import pytest


@pytest.mark.parametrize("text, causes", [
    ("洗衣机用三天就漏水，打电话客服爱答不理", {"complain_quality", "complain_attitude"}),
    ("东西发错了，找你们退还要扣我运费", {"complain_wrong_missing"}),
    ("快递迟了一个礼拜，到手箱子压扁了里面全碎了", {"complain_delivery_delay", "complain_lost_damaged"}),
    ("宽带断了四回，话费还多扣我十九块九", {"complain_network_outage", "complain_price_billing"}),
    ("上菜等了一个多小时，菜里还吃出一根头发", {"complain_onsite_service", "complain_food_safety"})])
async def test_two_in_one_message(talk, text, causes):
    await talk(text)
    assert causes <= set((await talk.case()).causes)


async def test_each_issue_keeps_its_own_words_and_status(talk):
    await talk("洗衣机用三天就漏水，打电话客服爱答不理的")
    await talk.until("filed")
    issues = {i["cause"]: i for i in talk.ticket()["issues"]}
    assert "漏水" in issues["complain_quality"]["description"] and "爱答不理" in issues["complain_attitude"]["description"]
    assert {i["status"] for i in issues.values()} == {"open"}


async def test_a_second_grievance_in_the_middle_joins_the_first(talk):
    await talk("快递都一个礼拜了还没到")
    answer = await talk("而且你们客服态度特别差，问两句就直接挂我电话")
    assert "apology" in answer.stages
    await talk.until("filed")
    assert {"complain_delivery_delay", "complain_attitude"} <= {i["cause"] for i in talk.ticket()["issues"]}


async def test_a_new_grievance_after_filing_keeps_the_number(talk):
    await talk("买的电饭煲用了三天就坏了")
    await talk.until("filed")
    number = talk.ticket()["number"]
    await talk("还有个事，你们多扣了我十九块九的运费")
    ticket = talk.ticket()
    assert ticket["number"] == number and "complain_price_billing" in [i["cause"] for i in ticket["issues"]]


async def test_two_wishes_are_both_kept(talk):
    await talk("洗衣机用三天就漏水，打电话客服爱答不理的")
    await talk.until("filed", demand="换台新的，再让那个客服给我道歉")
    assert {"更换", "道歉"} <= set(talk.ticket()["demand"])


async def test_a_wish_told_at_once_is_not_asked_again(talk):
    await talk("上周六买的电热水壶漏水，订单TS20260037，给我退款")
    await talk.until("confirm")
    assert "demand" not in {a.asks for a in talk.heard}
    assert (await talk.case()).demand == ["退款"]
