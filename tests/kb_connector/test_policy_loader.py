"""The policy is read whole, and what is wrong is named by file, line and key."""
from __future__ import annotations

import pytest

from kb_connector.policy_loader import FILES, SHIPPED, PolicyError, load_policy


def overriding(tmp_path, name, old, new):
    text = (SHIPPED / f"{name}.yml").read_text("utf-8")
    assert old in text
    (tmp_path / f"{name}.yml").write_text(text.replace(old, new, 1), "utf-8")
    return tmp_path


def test_a_folder_with_one_file_replaces_only_that_file(tmp_path, policy):
    own = load_policy(overriding(tmp_path, "company", "short_name: 听诉百货", "short_name: 山茶书店"))
    assert (own.company.short_name, own.clocks) == ("山茶书店", policy.clocks)
    assert own.version != policy.version


@pytest.mark.parametrize("name, old, new, said", [
    ("company", "hotline:", "hotlin:", "company.yml:4: hotlin: unknown key"),
    ("company", 'opens: "09:00"', 'opens: "9"', "hours.workday[0]: shift 9-12:00"),
    ("clocks", "first_reply: 2wh", "first_reply: soon", "levels.L2: 'soon' is not a span"),
    ("severity", "level: L2", "level: L9", "'L9' is not one of"),
    ("severity", "at_least: 500", "at_least: viel", "amounts[0].at_least: 'viel' is not a Decimal"),
    ("lifecycle", "to: acknowledged", "to: nowhere", "unknown status 'nowhere'"),
    ("lifecycle", "roles: [team_lead]", "roles: [king]", "moves.reject.roles: 'king'"),
    ("remedies", "L1: [repair, replace", "L1: [repare, replace", "unknown option 'repare'"),
    ("approvals", "rank: 1,", "", "roles.agent.rank: missing"),
    ("sectors", "legal: 7d", "legal: [7d]", "courier.legal: must be a single value"),
    ("company", "sector: general", "sector: mining", "'mining' is not in sectors.yml")])
def test_a_mistake_is_named_where_it_stands(tmp_path, name, old, new, said):
    with pytest.raises(PolicyError) as caught:
        load_policy(overriding(tmp_path, name, old, new))
    assert said in caught.value.message and f"{name}.yml" in caught.value.message


@pytest.mark.parametrize("text, said", [("a: [1", ":1: not valid YAML"), ("", ":1: the file is empty"), ("a: 1\na: 2\n", "twice")])
def test_broken_yaml_is_one_clear_line(tmp_path, text, said):
    (tmp_path / "sectors.yml").write_text(text, "utf-8")
    with pytest.raises(PolicyError) as caught:
        load_policy(tmp_path)
    assert said in caught.value.message or "must be" in caught.value.message
    assert "\n" not in caught.value.message


def test_a_missing_folder_is_not_taken_for_the_default(tmp_path):
    with pytest.raises(PolicyError):
        load_policy(tmp_path / "nowhere")


def test_every_cause_and_risk_of_the_vocabulary_has_its_rules(policy):
    from bot.vocabulary import COMPLAINT_INTENTS, DEMANDS, RISK_LEVELS
    assert set(policy.severity.causes) == set(policy.remedies.causes) == set(COMPLAINT_INTENTS)
    assert {name: int(level[1]) for name, level in policy.severity.risks.items()} == RISK_LEVELS
    assert set(policy.severity.labels) == set(COMPLAINT_INTENTS) | set(RISK_LEVELS)
    assert {wish for option in policy.remedies.options.values() for wish in option.demands} <= set(DEMANDS)


def test_all_policy_files_are_shipped():
    assert {path.stem for path in SHIPPED.glob("*.yml")} == set(FILES)


def test_no_published_wording_promises_an_amount_or_admits_fault(policy):
    words = [option.detail + option.label for option in policy.remedies.options.values()] + [
        move.say for move in policy.lifecycle.moves.values()]
    assert not [text for text in words if any(bad in text for bad in ("保证", "一定", "肯定", "我们的错", "全责"))]
    assert not [text for text in words if any(sign.isdigit() for sign in text)]


def test_a_department_has_a_name_even_after_it_left_the_policy(policy):
    assert policy.company.department_name("logistics") == "物流配送部"
    assert policy.company.department_name("abolished") == "abolished"
