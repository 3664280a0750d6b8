"""What some moves do beside changing the status."""
from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from kb_connector.severity import one_up
from kb_connector.tickets.change import Change, Event
from kb_connector.tickets.guards import Moment, pending_approval
from kb_connector.tickets.merging import raise_severity
from kb_connector.tickets.roles import approver_for, may_approve
from kb_connector.tickets.ticket import Ticket
from kb_connector.time import iso


def _propose(moment: Moment, change: Change) -> Change:
    """An offer within one's own limit stands at once; above it, it waits for the next role."""
    policy, ticket = moment.policy, change.ticket
    amount = package_amount(ticket)
    needs = approver_for(policy, amount, _option_roles(moment))
    if moment.role.rank >= policy.approvals.roles[needs].rank and may_approve(moment.role, amount) and not _needs_two(moment):
        return replace(change, ticket=_remedy(ticket, status="approved", amount=str(amount), approved_by=moment.actor))
    row = {"id": f"A{len(ticket.approvals) + 1}", "what": "、".join(each["label"] for each in _items(ticket)), "amount": str(amount),
           "needs_role": needs, "requested_by": moment.actor, "requested_at": iso(moment.now), "status": "pending",
           "decided_by": None, "decided_at": None, "note": ""}
    waiting = replace(_remedy(ticket, status="pending_approval", amount=str(amount)), status="pending_approval",
                      approvals=(*ticket.approvals, row),
                      promises=moment.ticket.promises)        # nothing has been offered yet
    return Change(waiting, (*change.events, Event("approval_requested", needs)))


def _approve(moment: Moment, change: Change) -> Change:
    decided = _decide(change.ticket, moment, "approved", change.events[0].note)
    return replace(change, ticket=_remedy(decided, status="approved", approved_by=moment.actor))


def _refuse_approval(moment: Moment, change: Change) -> Change:
    decided = _decide(change.ticket, moment, "refused", moment.ticket.reason or "")
    return replace(change, ticket=_remedy(decided, status="draft"))


def _agree(moment: Moment, change: Change) -> Change:
    """The customer's yes, with a snapshot of exactly what it was said to."""
    ticket = change.ticket
    snapshot = {"base": ticket.remedy["base"], "extra": ticket.remedy["extra"]}
    digest = hashlib.sha256(json.dumps(snapshot, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    agreement = {"text": "", **(ticket.agreement or {}), "version": (ticket.agreement or {}).get("version", 0) + 1,
                 "at": iso(moment.now), "by": moment.actor, "snapshot": snapshot, "hash": digest}
    return replace(change, ticket=replace(_remedy(ticket, status="agreed"), agreement=agreement))


def _decline(moment: Moment, change: Change) -> Change:
    return replace(change, ticket=_remedy(change.ticket, status="declined"))


def _fulfil(moment: Moment, change: Change) -> Change:
    """One task for each thing that was agreed."""
    ticket, first = change.ticket, len(change.ticket.fulfilment) + 1
    tasks = tuple({"id": f"T{number}", "what": item["label"], "department": item.get("department") or ticket.department,
                   "due": item.get("due") or ticket.due.get("close"), "status": "open"}
                  for number, item in enumerate(_items(ticket), first))
    return replace(change, ticket=replace(ticket, fulfilment=ticket.fulfilment + tasks))


def _reject(moment: Moment, change: Change) -> Change:
    """A refusal always tells the ways on, and waits until the customer has taken note."""
    refused = replace(change.ticket, rejected_at=iso(moment.now), recourse_acknowledged=False)
    return Change(refused, (*change.events, Event("recourse_sent", moment.policy.company.recourse)))


def _withdraw(_moment: Moment, change: Change) -> Change:
    issues = tuple(replace(issue, status="withdrawn") if issue.status == "open" else issue for issue in change.ticket.issues)
    promises = tuple({**row, "status": "released"} if row["status"] == "open" else row for row in change.ticket.promises)
    return replace(change, ticket=replace(change.ticket, issues=issues, promises=promises))


def _reopen(moment: Moment, change: Change) -> Change:
    """Not solved: every issue is open again, one level up; taking back a withdrawal only opens it again."""
    ticket = change.ticket
    again = replace(ticket, issues=tuple(replace(issue, status="open") for issue in ticket.issues), satisfaction=None,
                    reopened=ticket.reopened + (moment.ticket.status != "withdrawn"),
                    promises=tuple({**row, "status": "open"} if row["status"] == "released" else row for row in ticket.promises))
    opened = replace(change, ticket=again)
    return opened if moment.ticket.status == "withdrawn" else raise_severity(moment.policy, opened, one_up(ticket.severity))


def package_amount(ticket: Ticket) -> Decimal:
    return sum((Decimal(item.get("amount") or 0) for item in _items(ticket)), Decimal(0))


def _items(ticket: Ticket) -> list[Mapping]:
    return [*ticket.remedy["base"], *ticket.remedy["extra"]]


def _option_roles(moment: Moment) -> tuple[str, ...]:
    options = moment.policy.remedies.options
    return tuple(options[item["id"]].approver for item in _items(moment.ticket) if item.get("id") in options)


def _needs_two(moment: Moment) -> bool:
    rules = moment.policy.approvals
    return moment.ticket.severity in rules.two_people_levels or any(
        risk.name in rules.two_people_risks for risk in moment.ticket.risks)


def _remedy(ticket: Ticket, **changes: str) -> Ticket:
    return replace(ticket, remedy={**ticket.remedy, **changes})


def _decide(ticket: Ticket, moment: Moment, status: str, note: str) -> Ticket:
    pending = pending_approval(ticket)
    decided = {**pending, "status": status, "decided_by": moment.actor, "decided_at": iso(moment.now), "note": note}
    return replace(ticket, approvals=tuple(decided if row is pending else row for row in ticket.approvals))


EFFECTS: Mapping[str, Callable[[Moment, Change], Change]] = {
    "propose": _propose, "approve": _approve, "refuse_approval": _refuse_approval, "agree": _agree, "decline": _decline,
    "fulfil": _fulfil, "reject": _reject, "withdraw": _withdraw, "reopen": _reopen}
