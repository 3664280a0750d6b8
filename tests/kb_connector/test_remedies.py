"""Published options: enough of them, the fix before the extra, and the same for everybody."""
from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from kb_connector.policy_loader import load_policy
from kb_connector.remedies import Remedies
from kb_connector.time import SHANGHAI

POLICY = load_policy()
REMEDIES = Remedies(POLICY)
CAUSES = sorted(POLICY.remedies.causes)
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("severity", ["L0", "L1", "L2", "L3", "L4"])
def test_every_cause_shows_three_to_five_options_base_first(cause, severity):
    options = REMEDIES.options([cause], severity, {})
    assert 3 <= len(options) <= 5
    assert [option.kind for option in options] == sorted(option.kind for option in options)
    assert options[0].kind == "base" and all(option.detail.endswith("。") for option in options)


@settings(max_examples=60, deadline=None)
@given(causes=some.lists(some.sampled_from(CAUSES), min_size=1, max_size=3), severity=some.sampled_from(["L1", "L2", "L3"]),
       demand=some.lists(some.sampled_from(["退款", "更换", "道歉", "赔偿"]), max_size=2),
       name=some.sampled_from(["王先生", "阿依古丽", "Smith", "李女士"]), region=some.sampled_from(["上海", "喀什", "外地", "农村"]),
       gender=some.sampled_from(["男", "女"]), tier=some.sampled_from(["new", "vip", "dealer"]))
def test_who_somebody_is_never_changes_the_options(causes, severity, demand, name, region, gender, tier):
    person = {"contact_name": name, "address": region, "gender": gender, "tier": tier, "contact_phone": "13600000404"}
    assert REMEDIES.options(causes, severity, person, demand=demand) == REMEDIES.options(causes, severity, {}, demand=demand)


def test_the_wish_leads_but_takes_nothing_away():
    plain, wished = (REMEDIES.options(["complain_quality"], "L1", {}, demand=demand) for demand in ((), ("退款",)))
    assert wished[0].id == "return_refund" and {each.id for each in plain} == {each.id for each in wished}


def test_the_first_cause_comes_before_the_others():
    options = [each.id for each in REMEDIES.options(["complain_invoice", "complain_attitude"], "L2", {})]
    assert options[:3] == ["issue_invoice", "correct_invoice", "written_answer"] and "apology" in options


def test_a_graver_case_shows_the_graver_row():
    assert "full_refund" in [each.id for each in REMEDIES.options(["complain_quality"], "L4", {})]


def check(rule_id, **facts):
    return next(each for each in REMEDIES.rule_checks(facts, NOW) if each.rule_id == rule_id)


@pytest.mark.parametrize("received, online, verdict", [
    ("2026-11-23", "yes", "likely"), ("2026-11-16", "yes", "likely"), ("2026-11-15", "yes", "unlikely"),
    ("2026-11-16", "no", "unlikely"), ("2026-11-16", None, "unclear"), (None, "yes", "unclear"), ("前几天", "yes", "unclear"),
    ("2026-12-01", "yes", "unclear")])
def test_seven_days_count_from_the_day_after_receipt(received, online, verdict):
    facts = {name: value for name, value in (("received_on", received), ("online", online)) if value}
    assert check("seven_day_no_reason", **facts).verdict == verdict


@pytest.mark.parametrize("exception", ["custom", "perishable", "opened_digital", "periodical", "agreed", "定作商品"])
def test_the_exceptions_are_told(exception):
    found = check("seven_day_no_reason", received_on="2026-11-20", online="yes", exception=exception)
    assert found.verdict == "unlikely" and "一般不适用" in found.text


@pytest.mark.parametrize("rule_id, received, verdict", [
    ("quality_return", "2026-11-16", "likely"), ("quality_return", "2026-11-15", "unlikely"),
    ("quality_exchange", "2026-11-08", "likely"), ("quality_exchange", "2026-11-07", "unlikely"),
    ("warranty_repair", "2025-11-23", "likely"), ("warranty_repair", "2025-11-22", "unlikely")])
def test_return_exchange_and_repair_terms(rule_id, received, verdict):
    assert check(rule_id, received_on=received).verdict == verdict


def test_every_rule_answer_is_only_a_first_reference():
    for facts in ({}, {"received_on": "2026-11-20", "online": "yes"}, {"received_on": "2020-01-01", "online": "no"}):
        for found in REMEDIES.rule_checks(facts, NOW):
            assert found.text.startswith("初步参考：") and "以核定为准" in found.text


def test_rules_can_be_asked_for_one_cause_only():
    assert [each.rule_id for each in REMEDIES.rule_checks({}, NOW, causes=["complain_contract_prepaid"])] == ["refund_fifteen_days"]
