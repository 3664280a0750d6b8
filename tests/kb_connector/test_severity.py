"""The rule table of severities."""
from __future__ import annotations

from decimal import Decimal

import pytest

from kb_connector.severity import assess, one_up


@pytest.mark.parametrize("causes, risks, amount, people, repeat, level", [
    ([], [], None, None, False, "L0"),
    (["complain_quality"], [], None, None, False, "L1"),
    (["complain_attitude"], [], None, None, False, "L2"),
    (["complain_false_ad"], [], None, None, False, "L2"),
    (["complain_discrimination"], [], None, None, False, "L3"),
    (["complain_quality"], [], Decimal("499.99"), None, False, "L1"),
    (["complain_quality"], [], Decimal(500), None, False, "L2"),
    (["complain_quality"], [], Decimal(5000), None, False, "L3"),
    (["complain_quality"], [], None, 2, False, "L1"),
    (["complain_quality"], [], None, 3, False, "L3"),
    (["complain_quality"], [], None, 10, False, "L4"),
    (["complain_food_safety"], ["food_poisoning"], None, 1, False, "L3"),
    (["complain_food_safety"], ["food_poisoning"], None, 2, False, "L4"),
    (["complain_quality"], ["media_legal"], None, None, False, "L3"),
    (["complain_quality"], ["minor"], None, None, False, "L2"),
    ([], ["self_harm"], None, None, False, "L4"),
    (["complain_quality"], [], None, None, True, "L2"),
    (["complain_attitude"], [], None, None, True, "L3"),
    (["complain_injury_safety"], ["danger_now"], None, None, True, "L4")])
def test_the_highest_rule_wins(policy, causes, risks, amount, people, repeat, level):
    found = assess(policy, causes=causes, risks=risks, amount=amount, people_count=people, repeat=repeat)
    assert found.level == level
    assert bool(found.reasons) is (level != "L0")


def test_the_weightiest_reason_comes_first_and_in_chinese(policy):
    reasons = assess(policy, causes=["complain_quality"], risks=["media_legal"], amount=Decimal(800)).reasons
    assert reasons == ("风险信号“媒体或法律途径”", "涉及金额 800 元", "问题类型“质量问题”")


def test_repetition_never_makes_an_emergency():
    assert [one_up(level) for level in ("L0", "L1", "L2", "L3", "L4")] == ["L1", "L2", "L3", "L3", "L4"]
