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
