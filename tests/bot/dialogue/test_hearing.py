"""One message after another into the case: what answers, what is set aside, what is something else."""
from __future__ import annotations

import pytest

from bot.dialogue.case import Case, CaseFact, CaseIssue, CaseRisk
from bot.dialogue.hear import hear
from bot.dialogue.understood import Found, Grievance, RiskSign, Understood


def case(pending: str | None = None, *causes: str, **more) -> Case:
    return Case(issues=[CaseIssue(f"complain_{c}", "先前的话", "1") for c in causes or ("quality",)], pending=pending, asked={pending: 1} if pending else {}, turn=2, **more)


def said(text: str, intent: str = "provide_facts", confidence: float = .9, entities=(), issues=(), **more) -> Understood:
    found = tuple(Found(e, words, value, text.index(words), text.index(words) + len(words)) for e, words, value in entities)
    return Understood(text=text, message="9", intent=intent, confidence=confidence, entities=found, issues=tuple(Grievance(f"complain_{c}", text, p) for c, p in issues), **more)


@pytest.mark.parametrize("asked, text, entities, value", [
    ("amount", "四十五", (), "45"), ("amount", "挂号费50", (), "50"), ("order_id", "取衣单0456789", (), "0456789"), ("where", "在城东店", (), "城东店"),
    ("order_id", "YN20261107-12", [("order_id", "YN20261107", "YN20261107")], "YN20261107-12"), ("staff", "姓吴的保洁", (), "姓吴的保洁")])
def test_an_answer_is_the_fact_that_was_asked_for(asked, text, entities, value):
    after = hear(case(asked), said(text, entities=entities))
    assert (after.value(asked), after.act) == (value, "answered")


def test_one_number_is_one_fact():
    after = hear(case("tracking_no"), said("SD7300012121", entities=[("order_id", "SD7300012121", "SD7300012121")]))
    assert after.value("tracking_no") == "SD7300012121" and "order_id" not in after.facts


@pytest.mark.parametrize("asked, text, more", [("where", "你们得给我个说法，该赔赔", {"intent": "provide_demand"}), ("where", "好的", {}), ("product", "你们是土匪吧！", {}), ("where", "充了好几次", {}),
    ("when", "退钱", {"intent": "provide_demand"})])
def test_what_is_no_name_of_anything_is_not_taken_for_one(asked, text, more):
    after = hear(case(asked), said(text, **more))
    assert asked not in after.facts and after.act in ("told", "continue")


@pytest.mark.parametrize("asked, text, entity", [("where", "昨天", ("time", "昨天", "2026-11-22")), ("product", "在中山店", ("store", "中山店", "中山店"))])
def test_an_answer_to_another_question_is_kept_as_that(asked, text, entity):
    after = hear(case(asked), said(text, entities=[entity]))
    assert asked not in after.facts and {"where": "when", "product": "where"}[asked] in after.facts


def test_a_wish_that_comes_later_takes_the_place_of_none():
    after = hear(case("consent", demand=["其他"], demand_text="还没想好"), said("赔我", "provide_demand", entities=[("demand", "赔我", "赔偿")]))
    assert (after.demand, after.demand_text) == (["赔偿"], "赔我")


@pytest.mark.parametrize("asked", ["when", "order_id", "demand", "what_happened"])
def test_who_looks_something_up_is_waited_for(asked):
    after = hear(case(asked), said("等下，我去翻一下发票", intent="unclear"))
    assert (after.act, after.pending) == ("wait", asked) and asked not in after.facts


def test_a_grievance_told_instead_of_the_answer_is_kept():
    after = hear(case("amount", "auto_renew"), said("又扣我三十六块，那人说你自己按的怪谁", "complain_auto_renew", .45, [("amount", "三十六块", "36")],
                                                     [("attitude", .99), ("price_billing", .94)]))
    assert after.causes == ["complain_auto_renew", "complain_attitude", "complain_price_billing"] and after.value("amount") == "36"


def test_being_told_that_it_was_said_is_no_grievance():
    after = hear(case("what_happened", "general"), said("这个我前面已经说过了", "complain_previous_handling", .9, issues=[("previous_handling", .9)]))
    assert after.causes == ["complain_general"] and after.act == "reproached" and after.settled("what_happened")


@pytest.mark.parametrize("text, cause", [("第二个", "complain_wrong_missing"), ("就是发错或少发", "complain_wrong_missing"), ("疑似假货", "complain_counterfeit")])
def test_which_of_two_causes(text, cause):
    before = case("what_happened")
    before.issues = [CaseIssue("complain_counterfeit", "标签都不对", "1", .26, "complain_wrong_missing")]
    after = hear(before, said(text, intent="unclear", confidence=.2))
    assert after.named == [cause] and after.settled("what_happened")


@pytest.mark.parametrize("text", ["好的，谢谢", "13800001234", "就是这些，没有别的了", "你接着问"])
def test_what_holds_no_wish_is_none(text):
    phone = [("phone", "13800001234", "13800001234")] if text[0] == "1" else ()
    assert hear(case("demand"), said(text, "thank" if "谢" in text else "provide_facts", entities=phone)).demand == []


@pytest.mark.parametrize("text", ["没了", "没什么要求", "还没想好", "你们看着办吧"])
def test_wanting_nothing_in_particular_is_accepted(text):
    after = hear(case("demand"), said(text, "dont_know", .5))
    assert (after.demand, after.demand_text, after.act) == (["其他"], "还没想好", "answered")


def test_the_narrower_wish_is_the_one_noted():
    after = hear(case("demand"), said("差价退我", "provide_demand", entities=[("demand", "退我", "退款")]))
    assert after.demand == ["部分退款"]


@pytest.mark.parametrize("text, act", [("怎么还没人给我打电话", "ask_progress"), ("这个能快点吗", "urge"), ("多久能给我答复", "ask_progress")])
def test_after_filing_it_is_about_the_ticket(text, act):
    assert hear(case(ticket="C261123ABCD", ticket_seen=True), said(text, "ask_policy", .6)).act == act


def test_the_digits_prove_the_number_that_was_asked_about():
    assert hear(Case(looked_up="C261123ABCD"), said("尾号1234", "provide_facts", .3)).act == "ask_progress"
    assert hear(Case(), said("尾号1234", "provide_facts", .3)).act != "ask_progress"


@pytest.mark.parametrize("text, act", [("对，撤了", "withdraw_confirmed"), ("算了还是要投诉", "continue"), ("别撤", "continue"), ("不是", "continue")])
def test_a_withdrawal_is_meant_or_not(text, act):
    assert hear(case("withdraw", ticket="C261123ABCD", ticket_seen=True), said(text, "withdraw", .8)).act == act


def test_a_scrap_at_the_beginning_is_the_start_of_a_story():
    after = hear(Case(), said("你们这个快递啊", "suggest_or_praise", .33))
    assert after.act == "told" and after.told and after.failures == 0


def test_later_what_is_not_understood_is_not_understood():
    assert hear(Case(turn=9), said("你们这个快递啊", "suggest_or_praise", .33)).act == "unclear"


def test_who_wants_something_complains_by_the_longest_sentence():
    told = [{"text": "那个", "message": "1"}, {"text": "我买的助听器一戴就叫", "message": "2"}]
    after = hear(Case(told=told, turn=2), said("给我换一个", "provide_demand", entities=[("demand", "换一个", "更换")]))
    assert after.causes == ["complain_general"] and after.issues[0].text == "我买的助听器一戴就叫"


def test_a_score_is_only_a_score():
    assert hear(case("rating"), said("还行吧", "rate", .4)).facts == {}


@pytest.mark.parametrize("text, risk", [("没人吃出毛病", False), ("还在医院挂水", True)])
def test_the_answer_decides_whether_somebody_is_hurt(text, risk):
    after = hear(case("safety_now", "food_safety"), said(text, risks=(RiskSign("food_poisoning", text),)))
    assert ("food_poisoning" in after.risks) is risk


def test_a_correction_of_another_fact_leaves_the_question_open():
    before = case("order_id", facts={"when": CaseFact("2026-11-21", "上周六")})
    after = hear(before, said("说错了，不是上周六，是上周五", "correct_facts", entities=[("time", "上周五", "2026-11-20")]))
    assert after.value("when") == "2026-11-20" and not after.settled("order_id")


def test_a_risk_keeps_its_first_words():
    after = hear(case(risks={"injury": CaseRisk("烫伤了", "1")}), said("手还疼", risks=(RiskSign("injury", "疼"),)))
    assert after.risks["injury"].text == "烫伤了"


def test_a_wish_is_kept_though_something_grave_is_told_with_it():
    after = hear(case("demand"), said("把钱退我，不然我曝光你们", "threat_external", .9, risks=(RiskSign("media_legal", "曝光"),)))
    assert after.demand == ["退款"] and "media_legal" in after.risks
