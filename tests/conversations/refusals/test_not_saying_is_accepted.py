"""Not knowing and not wanting to say are fine; a complaint can be filed without a name."""
from __future__ import annotations

import pytest

OPENING = "买的电饭煲用了三天就坏了"


@pytest.mark.parametrize("words", ["不知道", "忘了", "记不清了", "不想说", "找不到了", "没有", "不方便", "跳过"])
async def test_one_refusal_is_enough(talk, words):
    first = await talk(OPENING)
    second = await talk(words)
    assert second.asks and second.asks != first.asks


async def test_knowing_nothing_at_all_still_gives_a_number(talk):
    await talk("东西坏了要投诉")
    await talk.until("filed", when="不知道", demand="没想好", contact_phone="不想留")
    assert talk.ticket()["status"] == "filed"


@pytest.mark.parametrize("words", ["不同意", "不留电话", "匿名吧", "我不想留手机号", "凭什么给你们电话"])
async def test_without_consent_it_is_filed_anonymously(talk, words):
    await talk(OPENING)
    await talk.until("filed", when="上周六", consent=words)
    ticket = talk.ticket()
    assert ticket["anonymous"] is True and ticket["contact"] == {"name": None, "phone_masked": None}
    assert "contact_phone" not in {a.asks for a in talk.heard}


async def test_an_anonymous_grave_complaint_is_anonymous_too(talk):
    await talk("师傅私下跟我要两百块红包")
    await talk.until("filed", when="昨天", consent="不同意")
    assert talk.ticket()["anonymous"] is True


async def test_consent_comes_before_the_phone_and_says_who_and_what_for(talk):
    await talk(OPENING)
    asked = await talk.until("consent", when="上周六")
    assert "听诉百货" in asked.text and "匿名" in asked.text and {"consent:yes", "consent:no"} <= set(asked.options)


async def test_a_phone_given_by_itself_is_consent(talk):
    await talk(OPENING)
    await talk.until("filed", when="上周六", consent="13800001234")
    assert talk.ticket()["contact"]["phone_masked"] == "138****1234"


async def test_an_incomplete_number_is_asked_once_more(talk):
    await talk(OPENING)
    await talk.until("contact_phone", when="上周六")
    answer = await talk("1380000123")
    assert answer.asks == "contact_phone" and "不完整" in answer.text or "手机号" in answer.text


async def test_the_skip_button_works_like_words(talk):
    first = await talk(OPENING)
    assert "skip" in first.options
    assert (await talk("", choice="skip")).asks != first.asks


async def test_not_knowing_what_one_wants_is_written_down(talk):
    await talk(OPENING)
    await talk.until("filed", when="上周六", demand="我也没想好")
    assert talk.ticket()["demand"] == ["其他"]


async def test_every_kind_of_wish_is_understood(house):
    wishes = {"退钱就行": "退款", "给我换个新的": "更换", "上门给我修好": "修理", "你们领导给我道个歉": "道歉", "赔我误工费两百": "赔偿", "我就想知道为啥会这样": "解释", "把那个员工处理了": "处理员工",
              "把少的那件补给我": "补足", "赶紧把网恢复了": "恢复服务", "把自动续费取消": "取消"}
    wrong = {}
    for words, demand in wishes.items():
        customer = house.customer()
        await customer(OPENING)
        await customer.until("consent", when="上周六", demand=words)
        if demand not in (found := (await customer.case()).demand):
            wrong[words] = found
    assert not wrong


@pytest.mark.parametrize("words, demand", [("该报的给报了", "赔偿"), ("叫他们把口罩戴上就行", "改进"), ("给个准日子什么时候修好", "解释"), ("重复的那张退掉", "退款")])
async def test_oblique_wishes_have_a_class(talk, words, demand):
    await talk("买的电饭煲用了三天就坏了")
    await talk.until("demand")
    await talk(words)
    assert demand in (await talk.case()).demand


async def test_wanting_nothing_is_written_down_as_that(talk):
    await talk("买的电饭煲用了三天就坏了")
    await talk.until("demand")
    answer = await talk("没什么要求")
    assert answer.asks == "consent" and (await talk.case()).demand == ["其他"]


async def test_who_looks_for_the_number_is_waited_for(talk):
    await talk("买的电饭煲用了三天就坏了")
    await talk.until("order_id")
    assert "order_id" not in (await talk.case()).facts and (await talk("等下，我去翻一下发票")).asks is None
    await talk("TS20260037")
    assert (await talk.case()).value("order_id") == "TS20260037"
