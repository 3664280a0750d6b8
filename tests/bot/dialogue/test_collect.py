"""Only what is missing is asked, in the bank's order, and not too much of it."""
from __future__ import annotations

import pytest

from bot.dialogue.case import Case, CaseFact, CaseIssue
from bot.dialogue.collect import missing_fact, question_bank
from bot.vocabulary import COMPLAINT_INTENTS


def case(cause: str, *known: str, **more) -> Case:
    return Case(issues=[CaseIssue(cause, "说的话")], facts={f: CaseFact("x") for f in known}, **more)


@pytest.mark.parametrize("cause", COMPLAINT_INTENTS)
def test_every_cause_has_its_own_questions(cause):
    assert cause in question_bank().causes


@pytest.mark.parametrize("cause", [c for c in COMPLAINT_INTENTS if c != "complain_bot"])
def test_nothing_known_is_asked_and_asking_ends(cause):
    told = case(cause)
    for turn in range(10):
        fact = missing_fact(told)
        if fact is None:
            break
        assert fact not in told.facts
        told.asked[fact], told.facts[fact] = 1, CaseFact("x")
    assert turn <= question_bank().most


def test_an_order_number_stands_for_a_tracking_number():
    assert missing_fact(case("complain_lost_damaged", "order_id")) == "product"


def test_what_was_declined_is_not_asked_again():
    assert missing_fact(case("complain_quality", "product", "when", declined=["order_id"])) is None


def test_an_unknown_fact_in_the_bank_is_named(tmp_path):
    wrong = tmp_path / "collect.yml"
    wrong.write_text("questions: 3\ndefault: [when]\neither: []\ncauses: {complain_quality: [colour]}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="collect.yml: causes.complain_quality: unknown name colour"):
        question_bank(wrong)


def test_a_parcel_has_a_tracking_number_and_a_fitter_none():
    parcel = case("complain_delivery_delay", told=[{"text": "快递走了九天还没到", "message": "1"}])
    fitter = case("complain_delivery_service", "when", told=[{"text": "师傅把热水器装歪了", "message": "1"}])
    assert (missing_fact(parcel), missing_fact(fitter)) == ("tracking_no", "address")


def test_which_of_two_likely_causes_comes_before_everything():
    guess = Case(issues=[CaseIssue("complain_counterfeit", "标签不对", "1", .26, "complain_wrong_missing")], told=[{"text": "买的是白色羽绒服，到手一件黑的", "message": "1"}])
    assert missing_fact(guess) == "what_happened"
    guess.declined = ["what_happened"]
    assert missing_fact(guess) == "order_id"


def test_who_tells_nothing_is_not_asked_for_details():
    assert missing_fact(case("complain_general", asked={"what_happened": 1}, declined=["what_happened"])) is None


def test_what_a_service_is_stands_in_the_story():
    story = [{"text": "老子就想销个号，让我跑三趟营业厅了", "message": "1"}]
    assert missing_fact(case("complain_after_sales", told=story)) == "when"
    assert missing_fact(case("complain_quality", told=story)) == "product"
