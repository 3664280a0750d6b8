"""A correction changes the fact it names and no other."""
from __future__ import annotations

import pytest

from bot.dialogue.case import Case, CaseFact, CaseIssue
from bot.dialogue.hear import hear
from bot.dialogue.understood import Found, Understood


@pytest.fixture
def case() -> Case:
    facts = {"when": CaseFact("2026-11-21", "上周六"), "amount": CaseFact("460", "四百六"), "where": CaseFact("万达店", "万达店"), "product": CaseFact("洗衣机", "洗衣机"),
             "contact_phone": CaseFact("13800001234", "13800001234")}
    return Case(issues=[CaseIssue("complain_quality", "漏水")], facts=facts, consent=True, pending="confirm", demand=["退款"])


def said(text: str, *entities: tuple[str, str, str]) -> Understood:
    found = tuple(Found(name, words, value, text.index(words), text.index(words) + len(words)) for name, words, value in entities)
    return Understood(text=text, message="9", intent="correct_facts", confidence=0.9, entities=found)


@pytest.mark.parametrize("text, entities, fact, value", [
    ("不对，是上周五", [("time", "上周五", "2026-11-20")], "when", "2026-11-20"),
    ("金额不对，是640", [("amount", "640", "640")], "amount", "640"),
    ("不是460，是640", [("amount", "460", "460"), ("amount", "640", "640")], "amount", "640"),
    ("不是万达店，是银泰店", [("store", "万达店", "万达店"), ("store", "银泰店", "银泰店")], "where", "银泰店"),
    ("不是万达店，是和平里那家", [("store", "万达店", "万达店")], "where", "和平里那家"),
    ("电话错了，应该是13911112222", [("phone", "13911112222", "13911112222")], "contact_phone", "13911112222"),
    ("商品写错了，是烘干机", [("product", "烘干机", "烘干机")], "product", "烘干机"),
])
def test_the_new_value_replaces_the_old_one_and_nothing_else(case, text, entities, fact, value):
    after = hear(case, said(text, *entities))
    assert after.value(fact) == value
    assert {f: v.value for f, v in after.facts.items() if f != fact} == {f: v.value for f, v in case.facts.items() if f != fact}
    assert (after.act, after.confirmed) == ("corrected", False)


def test_the_case_that_was_heard_stays_as_it_was(case):
    before = case.dump()
    hear(case, said("不对，是上周五", ("time", "上周五", "2026-11-20")))
    assert case.dump() == before


def test_no_alone_corrects_nothing_and_does_not_confirm(case):
    after = hear(case, Understood(text="不对", message="9", intent="deny", confidence=0.9))
    assert (after.act, after.confirmed, after.facts) == ("denied", False, case.facts)
