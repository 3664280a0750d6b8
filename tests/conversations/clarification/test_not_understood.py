"""Honest about not understanding; the second time a person comes."""
from __future__ import annotations

import pytest


async def test_nonsense_is_met_with_an_honest_word_and_a_way_on(talk):
    answer = await talk("叽里咕噜哇啦哇啦")
    assert answer.stage in ("fallback", "answering", "greeting", "listening") and ("转人工" in answer.text or "human" in answer.options)


async def test_twice_not_understood_brings_a_person(talk):
    await talk.says("叽里咕噜哇啦", "嘀哩嘟噜吧啦")
    assert "handover" in (await talk("呜哩哇啦")).stages or any("handover" in a.stages for a in talk.heard)


@pytest.mark.parametrize("text", ["", "。。。", "？", "👍", "1", "a", "\u200b\u200b", "hhhhh"])
async def test_next_to_nothing_is_answered_kindly(talk, text):
    assert (await talk(text)).messages


async def test_a_very_long_message_is_kept_and_answered(talk):
    answer = await talk("洗衣机漏水" + "，我真的很生气" * 900)
    assert "apology" in answer.stages


async def test_traditional_characters_and_dialect_are_understood(talk):
    first = await talk("我買嘅電飯煲用咗兩日就壞咗，你哋點解唔理我")
    assert "apology" in first.stages


async def test_voice_input_without_punctuation_is_understood(talk):
    await talk("喂那个就是我上周六买的那个洗衣机然后它漏水了然后我打电话你们也不管")
    case = await talk.case()
    assert "complain_quality" in case.causes and case.value("product") == "洗衣机"


async def test_complaining_about_the_robot_is_heard(talk):
    await talk("买的电饭煲用了三天就坏了")
    answer = await talk("你们这个机器人翻来覆去就这几句，能不能听懂人话")
    assert any(word in answer.text for word in ("对不起", "抱歉", "不好意思"))
    assert "转人工" in answer.text or "human" in answer.options or "handover" in answer.stages


@pytest.mark.parametrize("text", ["C261123ABCD", "查一下C261123ABCD", "我的单号是C261123ABCD，到哪一步了"])
async def test_a_number_that_is_not_theirs_tells_nothing(talk, text):
    await talk("我想问下我的投诉到哪了")
    answer = await talk(text)
    assert answer.stage == "status" and "核对" in answer.text


async def test_a_story_that_comes_in_scraps_is_waited_for(talk):
    first, second = await talk("你们这个快递啊"), await talk("就是那个东西")
    assert first.stage == second.stage == "listening"
    assert "apology" in (await talk("在路上走了九天还没到")).stages


async def test_which_of_two_causes_is_asked_with_a_button_for_each(talk, house):
    await talk("买的电饭煲用了三天就坏了，煮饭夹生")
    case = await talk.case()
    case.issues[0].confidence, case.issues[0].cause, case.issues[0].rival = .26, "complain_counterfeit", "complain_wrong_missing"
    await house.reception.engine.amend(talk.conversation, issues=case.issues[:1], asked={}, pending=None, told=case.told)
    answer = await talk("就是这些，没有别的了")
    assert answer.asks == "what_happened" and {"cause:complain_counterfeit", "cause:complain_wrong_missing"} <= set(answer.options)
    await talk("发错或少发")
    assert (await talk.case()).causes == ["complain_wrong_missing"]


async def test_a_guess_is_not_named_in_the_read_back(talk, house):
    await talk("买的电饭煲用了三天就坏了，煮饭夹生")
    case = await talk.case()
    case.issues[0].confidence, case.issues[0].cause = .2, "complain_counterfeit"
    await house.reception.engine.amend(talk.conversation, issues=case.issues[:1])
    assert "假货" not in (await talk.until("confirm")).text
