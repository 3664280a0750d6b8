"""Which grievances enter the case, and which are only suspected."""
from __future__ import annotations

import pytest

from bot.dialogue.case import Case, CaseIssue
from bot.dialogue.grieve import grieve, plainly, replace_by, surely_complains
from bot.dialogue.understood import Found, Grievance, Understood


def said(text: str, *issues: tuple[str, float], intent: str = "", confidence: float = .9, ranking=(), emotion: str = "calm", entities=(), message: str = "2") -> Understood:
    return Understood(text=text, message=message, intent=intent or (f"complain_{issues[0][0]}" if issues else "unclear"), confidence=confidence, emotion=emotion,
                      issues=tuple(Grievance(f"complain_{c}", text, p) for c, p in issues), ranking=tuple((f"complain_{c}", p) for c, p in ranking), entities=entities)


def causes(case: Case) -> list[str]:
    return [c.removeprefix("complain_") for c in case.causes]


def with_(*causes_: str, **more) -> Case:
    return Case(issues=[CaseIssue(f"complain_{c}", "先前的话", "1", **more) for c in causes_])


def test_two_stated_causes_are_two_issues():
    case = Case()
    assert grieve(case, said("送晚了，还少一件", ("delivery_delay", .9), ("wrong_missing", .8))) and causes(case) == ["delivery_delay", "wrong_missing"]


def test_a_guess_is_no_second_issue():
    case = with_("quality")
    assert not grieve(case, said("你们也不管，真是的", ("after_sales", .3))) and causes(case) == ["quality"]


def test_in_a_run_on_the_second_may_be_what_the_whole_sounds_like():
    case = Case()
    grieve(case, said("洗衣机漏水了然后打电话你们也不管", ("after_sales", .44), ("quality", .2), intent="complain_quality"))
    assert causes(case) == ["after_sales", "quality"]


def test_a_general_grievance_gives_way_to_a_stated_one():
    case = with_("general")
    assert grieve(case, said("两天就死机了", ("quality", .9))) and causes(case) == ["quality"]


def test_a_guess_gives_way_to_a_stated_one():
    case = with_("counterfeit", confidence=.26)
    assert grieve(case, said("颜色尺码都发错了", ("wrong_missing", .9))) and causes(case) == ["wrong_missing"]


@pytest.mark.parametrize("confidence, rival, ranking", [
    (.26, "complain_wrong_missing", [("counterfeit", .26), ("wrong_missing", .16)]), (.4, "complain_food_safety", [("counterfeit", .4), ("food_safety", .31)]),
    (.26, "", [("counterfeit", .26), ("wrong_missing", .05)]), (.4, "", [("counterfeit", .4), ("food_safety", .2)]), (.6, "", [("counterfeit", .6), ("food_safety", .55)])])
def test_an_uncertain_cause_has_a_rival_when_another_is_nearly_as_likely(confidence, rival, ranking):
    case = Case()
    grieve(case, said("收到的跟买的不是一回事", ("counterfeit", confidence), ranking=ranking))
    assert case.issues[0].rival == rival and case.guessed == (confidence < .35 or bool(rival))


def test_a_guess_is_never_named():
    case = Case(issues=[CaseIssue("complain_counterfeit", "标签都不对", "1", .26)])
    assert case.named == ["complain_general"] and Case().named == []


@pytest.mark.parametrize("text", ["我跟你讲", "刚才那个算了", "那个"])
def test_without_a_word_about_the_robot_nobody_complains_about_it(text):
    assert not grieve(Case(), said(text, ("bot", .9)))


def test_two_letters_that_happen_to_sound_like_a_grievance_are_none():
    assert not grieve(Case(), said("同款", ("discrimination", .36)))


def test_a_cause_named_wrongly_is_replaced_and_its_words_stay():
    case = with_("counterfeit")
    assert replace_by(case, said("不是假货，是发错了颜色", ("wrong_missing", .8)))
    assert causes(case) == ["wrong_missing"] and case.issues[0].text == "先前的话"


def test_more_of_the_same_replaces_nothing():
    case = with_("counterfeit")
    assert not replace_by(case, said("还少发了一件", ("wrong_missing", .8))) and causes(case) == ["counterfeit"]


@pytest.mark.parametrize("u, sure", [
    (said("三百二十八一晚", ("price_billing", .9)), False), (said("又扣我三十六块流量费，那人说你自己按的怪谁", ("attitude", .95), confidence=.4), True),
    (said("十五号在你们店里面取的衣服", ("onsite_service", .5), intent="provide_facts"), False), (said("送来一看门上有一个大坑还不给换", ("quality", .5)), True)])
def test_what_surely_complains_while_a_fact_is_asked_for(u, sure):
    assert surely_complains(u) is sure


@pytest.mark.parametrize("u, cause", [
    (said("东西坏的，烦", confidence=.3), "quality"), (said("我要投诉你们", confidence=.3), "general"),
    (said("登录七天送皮肤，我一天没落，给我吞了", confidence=.16, emotion="dissatisfied"), "general"),
    (said("转一下停一下，才买俩月的东西", confidence=.2, emotion="angry", ranking=[("quality", .2)]), "quality"),
    (said("我七十多了看不清，买的助听器一戴就叫", intent="vulnerable_user", confidence=.7, entities=(Found("product", "助听器", "助听器"),)), "general")])
def test_who_is_upset_and_tells_a_story_complains_whatever_it_is_called(u, cause):
    case = Case()
    assert plainly(case, u) and causes(case) == [cause]


@pytest.mark.parametrize("u", [said("今天天气真不错呀适合出去玩", confidence=.3), said("七天无理由退货怎么算的呢？", confidence=.3, emotion="dissatisfied"), said("烦", confidence=.2)])
def test_who_is_calm_or_asks_does_not(u):
    assert not plainly(Case(), u)
