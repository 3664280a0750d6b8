"""Words with a no in them: what is denied is neither noted nor asked again."""
from __future__ import annotations

import pytest

OPENING = "买的电饭煲用了三天就坏了"


@pytest.mark.parametrize("words", ["不用转人工，先跟你说", "别转人工了，你记吧", "先不要人工"])
async def test_not_wanting_a_person_brings_none(talk, words):
    await talk(OPENING)
    assert "handover" not in (await talk(words)).stages


@pytest.mark.parametrize("words", ["不是，我没有说要退货，我要修", "我不要退款，要换新的"])
async def test_the_wish_that_is_denied_is_not_noted(talk, words):
    await talk(OPENING)
    await talk.until("demand")
    await talk(words)
    demand = (await talk.case()).demand
    assert demand and not {"退货", "退款"} & set(demand)


@pytest.mark.parametrize("praise", ["小王服务特别好，表扬一下", "你们处理得挺快的，谢谢", "东西质量没问题，就想夸夸送货师傅"])
async def test_praise_is_no_complaint(talk, praise):
    assert "apology" not in (await talk(praise)).stages
    assert (await talk.case()).issues == []


@pytest.mark.parametrize("figure", ["笑死我了哈哈，你们的广告", "这价格简直是跳楼价", "想死你们家的炸鸡了"])
async def test_figures_of_speech_are_no_emergency(talk, figure):
    assert "safety" not in (await talk(figure)).stages


async def test_nobody_hurt_means_nobody_hurt(talk):
    await talk("充电宝鼓包了，还好没人受伤")
    assert "injury" not in (await talk.case()).risks


async def test_yes_but_with_a_change_does_not_file(talk):
    await talk("上周六在万达店花四百六买的洗衣机，才用三天就漏水")
    await talk.until("confirm")
    again = await talk("都对，就是时间不对，是上周五")
    assert again.asks == "confirm" and talk.tickets() == []
    assert (await talk.case()).value("when") == "2026-11-20"
