"""Anger is heard, never answered in kind, and the complaint goes on."""
from __future__ import annotations

import pytest

FURIOUS = "气死我了！！你们这帮骗子，洗衣机用三天就漏水，还不给退！"


async def test_the_furious_are_heard_twice_in_different_words(talk):
    first = await talk(FURIOUS)
    second = await talk("我跑了三趟你们店，没一个人管，太欺负人了！！")
    listened = [m.text for a in (first, second) for m in a.messages if m.stage == "listening"]
    assert 1 <= len(listened) <= 2 and len(set(listened)) == len(listened)
    assert first.asks is None


async def test_listening_is_not_endless(talk):
    await talk.says(FURIOUS, "我跑了三趟！！", "没人管！！")
    assert (await talk("你们就是黑店！！")).asks or "handover" in talk.heard[-1].stages


async def test_saying_that_this_is_all_starts_the_questions(talk):
    await talk(FURIOUS)
    assert (await talk("就这些，你看怎么办吧")).asks


@pytest.mark.parametrize("insult", ["你们全是骗子", "一群饭桶", "垃圾，倒闭算了", "傻逼公司", "滚犊子"])
async def test_an_insult_gets_one_calm_reply(talk, insult):
    await talk("买的电饭煲用了三天就坏了")
    answer = await talk(insult)
    assert answer.messages and "骂人" not in answer.text


async def test_an_insult_is_never_taken_as_the_answer(talk):
    await talk("买的电饭煲用了三天就坏了")
    await talk.until("when")
    await talk("傻逼")
    assert (await talk.case()).value("when") is None


async def test_after_three_insults_a_person_comes_and_the_complaint_is_filed(talk):
    await talk.says("买的电饭煲用了三天就坏了", "你们就是一群骗子废物", "垃圾公司，滚", "傻逼玩意儿")
    assert any("handover" in a.stages for a in talk.heard)
    assert talk.ticket()["issues"][0]["cause"] == "complain_quality"


async def test_who_only_vents_is_filed_too(talk):
    await talk.says("我要投诉", "你们太过分了，气死我了", "反正就是很生气")
    await talk.until("filed")
    assert talk.ticket()["status"] == "filed"


async def test_sarcasm_is_a_complaint(talk):
    assert "apology" in (await talk("呵呵，真行，三天坏两回，长见识了")).stages
