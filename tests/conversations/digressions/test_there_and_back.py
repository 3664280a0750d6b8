"""A question in the middle is answered, with its source, and the conversation returns to where it was."""
from __future__ import annotations

import pytest

OPENING = "买的电饭煲用了三天就坏了"


@pytest.mark.parametrize("question, words", [("七天无理由退货怎么算", "七天"), ("退换货运费谁出啊", "运费"), ("投诉多久有结果", "工作日"), ("投诉收费吗", "费")])
async def test_a_question_is_answered_from_the_knowledge_base_and_the_open_point_comes_back(talk, question, words):
    open_point = (await talk(OPENING)).asks
    answer = await talk(question)
    assert answer.stages[0] == "answering" and words in answer.texts[0] and answer.sources
    assert answer.asks == open_point


async def test_a_question_at_the_read_back_does_not_confirm(talk):
    await talk(OPENING)
    await talk.until("confirm")
    answer = await talk("投诉要准备什么材料")
    assert answer.stages[0] == "answering" and answer.asks == "confirm" and talk.tickets() == []


async def test_a_question_is_never_taken_as_the_answer(talk):
    await talk("才用三天就开不了机，质量太差")
    await talk.until("product")
    await talk("七天无理由退货怎么算")
    assert (await talk.case()).value("product") is None


async def test_without_a_basis_it_says_so_and_offers_a_person(talk):
    answer = await talk("你们老板的生日是几月几号")
    assert "human" in answer.options or "转人工" in answer.text
    assert not answer.sources


async def test_asked_whether_it_is_human_it_tells_the_truth_and_goes_on(talk):
    open_point = (await talk(OPENING)).asks
    answer = await talk("你是真人吗")
    assert ("机器人" in answer.text or "程序" in answer.text) and answer.asks == open_point


async def test_small_talk_is_answered_shortly_and_the_point_comes_back(talk):
    open_point = (await talk(OPENING)).asks
    answer = await talk("哈哈，你吃饭了没呀")
    assert answer.asks == open_point


async def test_urging_before_filing_goes_on(talk):
    open_point = (await talk(OPENING)).asks
    answer = await talk("能不能快点")
    assert answer.asks == open_point or answer.asks is not None


async def test_waiting_is_granted_and_the_question_stays_open(talk):
    await talk(OPENING)
    await talk.until("order_id", when="上周六")
    waiting = await talk("等一下我找找")
    assert waiting.asks is None
    await talk("找到了，TS20260222")
    assert (await talk.case()).value("order_id") == "TS20260222"


async def test_twenty_common_questions_need_no_person(house):
    questions = ["七天无理由退货怎么算", "哪些商品不支持七天无理由", "怎么申请退货", "怎么换货", "退换货运费谁出", "退款多久到账", "三包期限是多久", "怎么申请保修", "怎么开发票", "下单后多久发货",
                 "快递丢了怎么赔", "下单后能改地址吗", "会员费能退吗", "怎么取消自动续费", "投诉的流程是什么", "投诉多久有结果", "可以匿名投诉吗", "除了这里还能找谁投诉", "你们保存了我哪些信息",
                 "客服几点上班"]
    unanswered = []
    for question in questions:
        answer = await house.customer()(question)
        if "answering" not in answer.stages or not answer.sources:
            unanswered.append(question)
    assert not unanswered


@pytest.mark.parametrize("opening, question, source", [
    (OPENING, "这种投诉你们一般多久给答复", "投诉处理办法"), ("家里宽带断了三天没人修", "投诉宽带你们一般多久给答复", "电信"), (OPENING, "你们延误怎么赔", "投诉补偿标准")])
async def test_the_companys_own_rules_come_before_those_of_another_line_of_business(talk, opening, question, source):
    await talk(opening)
    answer = await talk(question)
    assert answer.stages[0] == "answering" and source in answer.texts[0]
