"""What a move needs: every guard answers with what is missing, or None."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from kb_connector.policy_types import Policy, Role
from kb_connector.tickets.fields import RCA
from kb_connector.tickets.roles import may_approve
from kb_connector.tickets.ticket import Ticket


@dataclass(frozen=True)
class Moment:
    """Who wants to move which ticket, and when; the ticket already carries the move's data."""
    policy: Policy
    ticket: Ticket
    actor: str
    role: Role
    now: datetime


def missing(moment: Moment, needs: tuple[str, ...]) -> list[str]:
    return [lack for name in needs if (lack := GUARDS[name](moment))]


def pending_approval(ticket: Ticket) -> Mapping | None:
    return next((row for row in reversed(ticket.approvals) if row["status"] == "pending"), None)


def _reason(m: Moment) -> str | None:
    return None if m.ticket.reason else "reason"


def _question(m: Moment) -> str | None:
    return None if m.ticket.question else "question"


def _lesson(m: Moment) -> str | None:
    """A lesson, or the plain statement that there is none together with why."""
    if not m.ticket.lesson:
        return "lesson"
    return "reason (why there is no new lesson)" if m.ticket.lesson == m.policy.lifecycle.no_lesson and not m.ticket.reason else None


def _responsibility(m: Moment) -> str | None:
    fault = (m.ticket.responsibility or {}).get("fault", "undetermined")
    return "responsibility" if fault == "undetermined" else None


def _rca(m: Moment) -> str | None:
    """Serious cases close with the whole root-cause record; the ticket's own lesson counts as its lesson."""
    if m.ticket.severity < m.policy.lifecycle.serious_from:
        return None
    known = {"lesson": m.ticket.lesson, **(m.ticket.rca or {})}
    empty = [name for name in RCA if not (known.get(name) or "").strip()]
    return f"rca.{', rca.'.join(empty)}" if empty else None


def _no_open_issues(m: Moment) -> str | None:
    still = [issue.cause for issue in m.ticket.issues if issue.status == "open"]
    refused = m.ticket.status == "rejected_with_reason"
    return f"issues still open: {', '.join(still)}" if still and not refused else None


def _no_open_tasks(m: Moment) -> str | None:
    still = [task["id"] for task in m.ticket.fulfilment if task["status"] == "open"]
    return f"fulfilment still open: {', '.join(still)}" if still else None


def _remedy(m: Moment) -> str | None:
    return None if m.ticket.remedy["base"] or m.ticket.remedy["extra"] else "remedy"


def _remedy_approved(m: Moment) -> str | None:
    return None if m.ticket.remedy["status"] == "approved" else "an approved remedy"


def _approval_right(m: Moment) -> str | None:
    """The approver's own limit covers it, and somebody else asked."""
    row = pending_approval(m.ticket)
    if row is None:
        return "a pending approval"
    needed = m.policy.approvals.role(row["needs_role"])
    if m.role.rank < needed.rank or not may_approve(m.role, Decimal(row["amount"])):
        return f"approval by {row['needs_role']} or above"
    return "a second person to decide" if row["requested_by"] == m.actor else None


def _recourse_done(m: Moment) -> str | None:
    """A refusal stays open until the customer has taken note of the ways on, or long enough."""
    if m.ticket.status != "rejected_with_reason" or m.ticket.recourse_acknowledged:
        return None
    since = datetime.fromisoformat(m.ticket.rejected_at)
    waited = m.now - since >= timedelta(days=m.policy.lifecycle.recourse_wait_days)
    return None if waited else "recourse_acknowledged"


def _manager(m: Moment) -> str | None:
    often = m.ticket.reopened >= m.policy.lifecycle.manager_after_reopenings
    return "closing by a manager" if often and m.role.rank < m.policy.approvals.roles["manager"].rank else None


GUARDS: Mapping[str, Callable[[Moment], str | None]] = {
    "reason": _reason, "question": _question, "lesson": _lesson, "responsibility": _responsibility, "rca": _rca,
    "no_open_issues": _no_open_issues, "no_open_tasks": _no_open_tasks, "remedy": _remedy, "remedy_approved": _remedy_approved,
    "approval_right": _approval_right, "recourse_done": _recourse_done, "manager_after_reopenings": _manager}
