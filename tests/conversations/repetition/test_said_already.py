"""Nothing is asked twice, nothing is said twice."""
from __future__ import annotations

OPENING = "买的电饭煲用了三天就坏了"


async def test_said_already_with_the_answer_behind_it(talk):
    await talk(OPENING)
    await talk.until("when")
    await talk("刚才说过了，上周六")
    assert (await talk.case()).value("when") == "2026-11-21"


async def test_said_already_alone_is_believed(talk):
    await talk(OPENING)
    await talk.until("when")
    answer = await talk("我前面不是说过了吗")
    assert answer.asks != "when" and ("对不起" in answer.text or "抱歉" in answer.text or "不好意思" in answer.text)


async def test_the_same_grievance_again_is_one_issue(talk):
    await talk.says(OPENING, "坏了坏了坏了！", "跟你说电饭煲坏了")
    assert (await talk.case()).causes.count("complain_quality") == 1


async def test_four_questions_about_one_rule_get_four_answers_and_no_loop(talk):
    for _ in range(4):
        answer = await talk("七天无理由退货怎么算")
        assert "answering" in answer.stages


async def test_a_message_that_is_delivered_twice_is_answered_once(talk):
    first = await talk(OPENING, external="m-1")
    again = await talk.house.customer(talk.conversation)(OPENING, external="m-1")
    assert first.messages and not again.messages


async def test_ten_turns_without_the_same_sentence_twice(talk):
    await talk.says(OPENING, "你好", "嗯", "不知道", "不清楚", "谢谢", "随便", "不同意", "对", "都不行")
    texts = [t for a in talk.heard for t in a.texts]
    assert len(texts) == len(set(texts))
