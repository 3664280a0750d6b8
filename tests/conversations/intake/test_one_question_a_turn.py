"""Collecting: one question, the right one, and enough is enough."""
from __future__ import annotations


async def test_a_vague_complaint_is_asked_openly_what_happened(talk):
    await talk("我要投诉")
    second = await talk("就是不好用")
    assert second.asks in (None, "what_happened", "product")


async def test_at_most_three_facts_are_asked_before_the_wish(talk):
    await talk("东西质量太差")
    await talk.until("demand")
    assert len({a.asks for a in talk.heard if a.asks and a.asks != "demand"}) <= 3


async def test_what_is_asked_in_the_store_case_is_when_and_who(talk):
    await talk("和平路店的店员说爱买不买")
    await talk.until("demand")
    asked = {a.asks for a in talk.heard}
    assert "when" in asked and not asked & {"where", "order_id", "tracking_no"}


async def test_several_facts_in_one_answer_are_all_taken(talk):
    await talk("买的东西坏了，要投诉")
    await talk("洗衣机，上周六在万达店买的，订单号TS20260222，花了2399")
    facts = (await talk.case()).facts
    assert {"product", "when", "order_id", "amount"} <= set(facts)


async def test_spoken_amounts_and_dates_become_plain_values(talk):
    await talk("上周六晚上八点在你们店花了四百六买的电饭煲，煮不熟饭")
    case = await talk.case()
    assert (case.value("amount"), case.value("when")) == ("460", "2026-11-21T20:00")


async def test_a_burst_of_short_messages_is_one_story(talk):
    await talk.says("我要投诉", "昨天买的", "电饭煲", "煮出来全是夹生的")
    await talk.until("filed")
    values = {n: f["value"] for n, f in talk.ticket()["facts"].items()}
    assert values["product"] == "电饭煲" and values["when"] == "2026-11-22"


async def test_a_long_rant_with_six_facts_is_understood_at_once(talk):
    await talk("我真是服了你们，11月15号在你们和平路店买的扫地机器人，花了1299，订单TS20260222，店员说能过两公分的门槛，结果一公分都过不去，打电话给售后，那边说这是正常现象让我自己垫高，"
               "我家老人还差点被它绊倒，前前后后打了四个电话，每次都说登记了会回电，到今天一个电话都没有接到，你们到底管不管")
    facts = (await talk.case()).facts
    assert {"when", "product", "amount", "order_id", "where"} <= set(facts)


async def test_a_place_said_in_passing_is_not_asked_for(talk):
    await talk("你们食堂三楼窗口打菜的阿姨不戴口罩手套，一边打菜一边打喷嚏")
    await talk.until("confirm")
    assert "where" not in [a.asks for a in talk.heard] and "食堂三楼窗口" in talk.heard[-1].text


async def test_what_is_not_complained_about_is_not_named_in_the_apology(talk):
    answer = await talk("你们食堂三楼窗口打菜的阿姨不戴口罩手套，一边打菜一边打喷嚏")
    assert "口罩" not in answer.text
