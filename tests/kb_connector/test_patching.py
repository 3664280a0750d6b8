"""What staff may change on a ticket, and the customer's word on the options."""
from __future__ import annotations

import pytest

from kb_connector.errors import Conflict, Forbidden, Rejected


@pytest.fixture
def change(records, filed):
    number = filed().number
    return lambda role="agent", **changes: records.tickets.patch(number, changes, actor="小王", role=role)


def test_owner_and_department_are_set_and_told(change):
    ticket = change(owner="小王", department="logistics")
    assert (ticket.owner, ticket.department) == ("小王", "logistics")
    assert [(row["what"], row["actor"]) for row in ticket.timeline[1:]] == [("owner_set", "小王"), ("department_set", "小王")]


def test_lowering_the_severity_needs_a_reason_and_raising_does_not(change):
    assert change(severity="L3").severity == "L3"
    with pytest.raises(Rejected):
        change(severity="L1")
    lowered = change(severity="L1", reason="核实没有人受伤")
    assert lowered.severity == "L1"
    assert lowered.timeline[-1] == {**lowered.timeline[-1], "what": "severity_lowered", "note": "L3 → L1，理由：核实没有人受伤"}


@pytest.mark.parametrize("wrong", [
    {"colour": "red"}, {}, {"department": "moon"}, {"severity": "L9"}, {"issues": [{"cause": "x"}]}, {"issues": "all"},
    {"issues": [{"cause": "complain_quality", "status": "gone"}]}, {"owner": 7}, {"rca": {"why": "x"}}, {"fulfilment": [{"id": "T9"}]},
    {"remedy": {}}, {"remedy": {"base": ["nothing"]}}, {"remedy": {"base": [{"id": "replace", "amount": "-1"}]}},
    {"remedy": {"base": [{"id": "replace", "amount": "NaN"}]}}, {"recourse_acknowledged": "yes"}, {"status": "closed"}, {"lesson": "x" * 4001}])
def test_what_makes_no_sense_changes_nothing(change, records, wrong):
    with pytest.raises(Rejected):
        change(**wrong)
    assert len(records.tickets.search().items[0].timeline) == 1


def test_responsibility_waits_for_a_remedy(change):
    with pytest.raises(Conflict):
        change(responsibility="company_minor")
    change(remedy={"base": ["replace"]})
    assert change(responsibility="company_minor").responsibility == {"fault": "company_minor"}


def test_neither_bot_nor_strangers_change_fields(change):
    for role in ("bot", "customer", "stranger"):
        with pytest.raises(Forbidden):
            change(role=role, owner="小王")


def test_a_preference_is_never_an_approval(records, filed):
    number = filed().number
    ticket = records.tickets.choose_remedy(number, "replace", actor="customer", opinion="accept")
    assert ticket.remedy["status"] == "preferred" and ticket.remedy["base"] == [{"id": "replace", "label": "更换新品"}]
    assert (ticket.status, ticket.approvals) == ("filed", ())
    assert records.tickets.choose_remedy(number, None, actor="customer", opinion="decline").remedy["status"] == "declined"
    counter = records.tickets.choose_remedy(number, None, actor="customer", opinion="我想要同款红色")
    assert (counter.remedy["status"], records.tickets.timeline(number)[-1]["note"]) == ("countered", "我想要同款红色")


@pytest.mark.parametrize("option, opinion", [("nothing", "accept"), (None, "accept")])
def test_only_a_published_option_can_be_chosen(records, filed, option, opinion):
    with pytest.raises(Rejected):
        records.tickets.choose_remedy(filed().number, option, actor="customer", opinion=opinion)


def test_an_offer_that_stands_is_not_overwritten_by_a_preference(records, filed):
    number = filed().number
    records.tickets.act(number, "propose", actor="小王", role="agent", data={"remedy": {"base": ["repair"]}})
    ticket = records.tickets.choose_remedy(number, "replace", actor="customer", opinion="accept")
    assert (ticket.remedy["status"], ticket.remedy["base"][0]["id"]) == ("approved", "repair")
    assert ticket.remedy["preference"]["option"]["id"] == "replace"


def test_changes_at_the_same_moment_are_all_kept(records, filed):
    from concurrent.futures import ThreadPoolExecutor
    number = filed().number
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda i: records.tickets.note(number, actor="小王", what="note", note=str(i)), range(18)))
    ticket = records.tickets.get(number)
    assert (ticket.version, len(ticket.timeline)) == (19, 19)
