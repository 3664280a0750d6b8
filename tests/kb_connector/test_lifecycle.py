"""Every move of a ticket's life: where it is allowed, who may make it, and what it needs."""
from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from kb_connector.errors import Conflict, Forbidden, Rejected
from kb_connector.policy_loader import load_policy
from kb_connector.tickets import Complaint, Fact, Issue, Risk
from kb_connector.tickets.filing import new_ticket
from kb_connector.tickets.moves import move, open_moves, said
from kb_connector.time import SHANGHAI, iso

POLICY = load_policy()
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
RCA = {"problem": "漏水", "cause": "密封圈", "similar": "同批次", "knowledge": "检验规程"}
PACKAGE = {"base": [{"id": "replace", "label": "更换新品"}], "extra": [], "status": "approved"}


def ticket_in(status, **changes):
    """A ticket in that status for which every guard is satisfied."""
    made = new_ticket(POLICY, Complaint("web-1", "web", "漏水", (Issue("complain_quality", "漏水", "resolved"),),
                                        {"contact_phone": Fact("13600000404")}), "C261123ABCDE", NOW).ticket
    ready = dict(lesson="换供应商", responsibility={"fault": "supplier"}, rca=RCA, reason="说明", remedy=PACKAGE,
                 recourse_acknowledged=True, rejected_at=iso(NOW))
    if status == "pending_customer":
        ready["pauses"] = ({"since": iso(NOW), "until": None, "why": "照片"},)
    if status == "pending_approval":
        ready["approvals"] = ({"id": "A1", "amount": "300", "needs_role": "team_lead", "requested_by": "小王", "status": "pending"},)
    return replace(made, status=status, **{**ready, **changes})


def act(ticket, action, role="gm_plus_legal", actor="总经理", note="说明", **data):
    return move(POLICY, ticket, action, actor=actor, role=role, now=NOW, note=note, data=data).ticket


@pytest.mark.parametrize("action", sorted(POLICY.lifecycle.moves))
@pytest.mark.parametrize("status", sorted(POLICY.lifecycle.statuses))
def test_every_edge_is_open_or_closed_as_published(status, action):
    chosen = POLICY.lifecycle.moves[action]
    data = {"remedy": {"base": ["replace"]}} if action == "propose" else {}
    if status in chosen.sources:
        assert act(ticket_in(status), action, **data).status == chosen.to
    else:
        with pytest.raises(Conflict) as caught:
            act(ticket_in(status), action, **data)
        assert action not in caught.value.details["allowed"]


def test_every_status_can_be_reached_and_left():
    moves = POLICY.lifecycle.moves.values()
    reached = {each.to for each in moves} | {"draft", "pending_approval"}
    assert reached == set(POLICY.lifecycle.statuses)
    assert {status for each in moves for status in each.sources} == set(POLICY.lifecycle.statuses)


def test_an_unheard_of_move_is_not_allowed():
    with pytest.raises(Conflict):
        act(ticket_in("filed"), "explode")


@pytest.mark.parametrize("action", sorted(POLICY.lifecycle.moves))
def test_the_bot_makes_only_its_own_moves(action):
    status = POLICY.lifecycle.moves[action].sources[0]
    if "bot" in POLICY.lifecycle.moves[action].roles:
        assert act(ticket_in(status), action, role="bot").status
    else:
        with pytest.raises(Forbidden):
            act(ticket_in(status), action, role="bot")


@pytest.mark.parametrize("field, lack", [("lesson", "lesson"), ("responsibility", "responsibility")])
def test_closing_needs_lesson_and_responsibility(field, lack):
    with pytest.raises(Rejected) as caught:
        act(ticket_in("fulfilled", **{field: None}), "close")
    assert caught.value.details["missing"] == [lack]


def test_no_new_lesson_needs_a_reason():
    with pytest.raises(Rejected):
        act(ticket_in("fulfilled", lesson=None, reason=None), "close", note="", lesson="无新教训")
    assert act(ticket_in("fulfilled", lesson=None, reason=None), "close", note="", lesson="无新教训", reason="运输途中偶发").status == "closed"


def test_undetermined_responsibility_does_not_close():
    with pytest.raises(Rejected):
        act(ticket_in("fulfilled"), "close", responsibility="undetermined")


@pytest.mark.parametrize("empty", ["problem", "cause", "similar", "knowledge"])
def test_a_serious_case_closes_only_with_the_whole_root_cause(empty):
    with pytest.raises(Rejected) as caught:
        act(ticket_in("fulfilled", severity="L2", rca={**RCA, empty: " "}), "close")
    assert caught.value.details["missing"] == [f"rca.{empty}"]
    assert act(ticket_in("fulfilled", severity="L1", rca=None), "close").status == "closed"


def test_open_issues_and_open_tasks_keep_a_ticket_open():
    with pytest.raises(Rejected):
        act(ticket_in("fulfilled", issues=(Issue("complain_quality", "漏水"),)), "close")
    with pytest.raises(Rejected):
        act(ticket_in("fulfilling", fulfilment=({"id": "T1", "what": "换货", "status": "open"},)), "complete")


def test_a_refusal_needs_a_reason_and_waits_for_the_customer():
    with pytest.raises(Rejected):
        act(ticket_in("investigating", reason=None), "reject", note="")
    refused = act(ticket_in("investigating", recourse_acknowledged=False), "reject", note="没有购买记录")
    assert refused.reason == "没有购买记录"
    with pytest.raises(Rejected):
        act(refused, "close")
    assert act(refused, "close", recourse_acknowledged=True).status == "closed"
    assert act(replace(refused, rejected_at="2026-11-09T10:00:00+08:00"), "close").status == "closed"


def test_a_refusal_tells_the_ways_on():
    assert "12315" in said(POLICY, ticket_in("investigating"), "reject")
    with pytest.raises(Forbidden):
        act(ticket_in("investigating"), "reject", role="agent")


def proposal(ticket=None, role="agent", actor="小王", **amounts):
    extra = [{"id": "coupon", "amount": str(amounts.get("amount", 0))}]
    return act(ticket or ticket_in("investigating", remedy={"base": [], "extra": [], "status": "none"}), "propose", role=role, actor=actor,
               remedy={"base": ["replace"], "extra": extra})


@pytest.mark.parametrize("role, amount, status", [
    ("agent", 200, "proposed"), ("agent", 201, "pending_approval"), ("team_lead", 1000, "proposed"),
    ("team_lead", "1000.01", "pending_approval"), ("manager", 5000, "proposed"), ("director", 20001, "pending_approval"),
    ("gm_plus_legal", 999999, "proposed")])
def test_each_role_offers_up_to_its_limit(role, amount, status):
    made = proposal(role=role, amount=amount)
    assert (made.status, made.remedy["status"]) == (status, "approved" if status == "proposed" else "pending_approval")


def test_above_the_limit_the_next_role_decides_and_never_the_same_person():
    waiting = proposal(amount=800)
    assert waiting.approvals[0]["needs_role"] == "team_lead"
    for role, actor in (("agent", "小李"), ("team_lead", "小王")):
        with pytest.raises(Forbidden):
            act(waiting, "approve", role=role, actor=actor)
    approved = act(waiting, "approve", role="team_lead", actor="老张")
    assert (approved.status, approved.approvals[0]["decided_by"]) == ("proposed", "老张")
    assert waiting.approvals[0]["status"] == "pending"


def test_a_refused_approval_says_why():
    with pytest.raises(Rejected):
        act(replace(proposal(amount=800), reason=None), "refuse_approval", role="team_lead", actor="老张", note="")
    refused = act(proposal(amount=800), "refuse_approval", role="team_lead", actor="老张", note="凭证不足")
    assert (refused.status, refused.approvals[0]["status"], refused.approvals[0]["note"]) == ("investigating", "refused", "凭证不足")


def test_grave_cases_and_punitive_claims_take_two_people():
    for grave in ({"severity": "L3"}, {"risks": (Risk("punitive_claim"),)}):
        assert proposal(ticket_in("investigating", **grave), role="manager").status == "pending_approval"


def test_the_bot_can_neither_offer_nor_approve():
    for action, status in (("propose", "investigating"), ("approve", "pending_approval")):
        with pytest.raises(Forbidden):
            act(ticket_in(status), action, role="bot")


def test_agreement_needs_an_approved_remedy_and_keeps_a_snapshot():
    with pytest.raises(Rejected):
        act(ticket_in("proposed", remedy={**PACKAGE, "status": "draft"}), "agree", role="bot")
    agreed = act(ticket_in("proposed"), "agree", role="bot", actor="bot")
    assert agreed.agreement["snapshot"]["base"] == PACKAGE["base"] and len(agreed.agreement["hash"]) == 64
    assert act(replace(agreed, status="proposed", remedy=PACKAGE), "agree", role="bot").agreement["version"] == 2


def test_each_agreed_item_becomes_a_task():
    agreed = act(proposal(amount=20), "agree", role="bot")
    assert [task["what"] for task in act(agreed, "fulfil").fulfilment] == ["更换新品", "关怀券"]


def test_reopening_goes_one_level_up_but_not_after_a_withdrawal():
    again = act(ticket_in("closed"), "reopen", role="customer")
    assert (again.severity, again.reopened, again.issues[0].status) == ("L2", 1, "open")
    assert act(ticket_in("withdrawn"), "reopen", role="customer").severity == "L1"
    assert act(ticket_in("closed", severity="L3"), "reopen", role="customer").severity == "L3"


def test_after_three_reopenings_only_a_manager_closes():
    often = ticket_in("fulfilled", reopened=3)
    with pytest.raises(Forbidden):
        act(often, "close", role="team_lead")
    assert act(often, "close", role="manager").status == "closed"


def test_waiting_for_the_customer_moves_plan_and_close_but_not_the_legal_limit():
    start = ticket_in("investigating")
    asked = act(start, "ask_customer", note="请发一张照片")
    later = move(POLICY, asked, "customer_replied", actor="bot", role="bot", now=datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)).ticket
    assert asked.question == "请发一张照片"
    assert (later.due["plan"][:16], later.due["close"][:16]) == ("2026-11-25T18:00", "2026-11-27T18:00")
    assert (later.due["legal"], later.created_at) == (start.due["legal"], start.created_at)
    assert later.pauses[0]["until"]


def test_a_persons_first_move_keeps_the_first_promise():
    kept = act(ticket_in("filed"), "acknowledge", role="agent").promises[0]
    assert (kept["id"], kept["status"]) == ("first_reply", "kept")


def test_a_move_takes_only_its_own_fields():
    with pytest.raises(Rejected) as caught:
        act(ticket_in("filed"), "acknowledge", severity="L0")
    assert caught.value.details["unknown"] == ["severity"]


def test_the_desk_is_told_which_moves_are_open():
    assert [each["action"] for each in open_moves(POLICY, ticket_in("pending_approval"), "agent")] == [
        "approve", "refuse_approval", "withdraw", "escalate"]
    with pytest.raises(Forbidden):
        open_moves(POLICY, ticket_in("filed"), "stranger")
