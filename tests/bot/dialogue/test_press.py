"""Every button does one thing, whatever its label."""
from __future__ import annotations

import pytest

from bot.dialogue.case import Case, CaseIssue
from bot.dialogue.press import press

OPTIONS = [{"id": "repair", "label": "免费维修"}, {"id": "refund", "label": "退货退款"}]


@pytest.mark.parametrize("choice, case, act", [
    ("human", Case(), "ask_human"), ("continue", Case(), "continue"), ("confirm:yes", Case(pending="confirm"), "confirmed"), ("confirm:no", Case(pending="confirm"), "denied"),
    ("confirm:yes", Case(pending="withdraw"), "withdraw_confirmed"), ("confirm:no", Case(pending="withdraw"), "continue"), ("consent:yes", Case(), "consented"), ("consent:no", Case(), "refused"),
    ("option:refund", Case(proposed=OPTIONS), "chosen"), ("rate:4", Case(), "rated"), ("photo", Case(), "evidence"), ("skip", Case(pending="when"), "skipped"),
    ("cause:complain_quality", Case(issues=[CaseIssue("complain_counterfeit")]), "answered")])
def test_it_is_understood(choice, case, act):
    press(case, choice)
    assert case.act == act


@pytest.mark.parametrize("choice", ["confirm:yes", "option:nothing", "rate:x", "skip", "cause:complain_quality", "cause:no_such", "nothing", ""])
def test_a_button_of_another_moment_does_nothing(choice):
    case = Case()
    press(case, choice)
    assert case == Case()


def test_the_cause_that_was_picked_is_sure():
    case = Case(issues=[CaseIssue("complain_counterfeit", confidence=.26, rival="complain_wrong_missing")])
    press(case, "cause:complain_wrong_missing")
    assert case.named == ["complain_wrong_missing"] and not case.guessed and case.settled("what_happened")
