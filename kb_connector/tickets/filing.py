"""A complaint becomes a ticket: its department, its clocks and what we promise by them."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation

from kb_connector import clocks
from kb_connector.errors import Rejected
from kb_connector.policy_types import SEVERITIES, Policy
from kb_connector.severity import assess
from kb_connector.tickets.change import Change, Event
from kb_connector.tickets.complaint import FILED_BECAUSE, Complaint
from kb_connector.tickets.ticket import Ticket
from kb_connector.time import iso

_WHY = {"confirmed": "客户确认后立案", "handover": "转人工时立案", "risk": "发现风险信号时立案", "abandoned": "对话中断后按已知信息立案"}


def new_ticket(policy: Policy, complaint: Complaint, number: str, now: datetime) -> Change:
    """The ticket as it stands right after filing."""
    check(complaint)
    severity = at_least(policy, complaint)
    ticket = Ticket(
        number=number, status="filed", severity=severity, channel=complaint.channel, conversation=complaint.conversation,
        created_at=iso(now), updated_at=iso(now), summary=complaint.summary, issues=tuple(complaint.issues),
        facts=dict(complaint.facts), demand=tuple(complaint.demand), demand_text=complaint.demand_text,
        demand_amount=complaint.demand_amount, contact_name=complaint.name, contact_phone=complaint.phone,
        anonymous=complaint.anonymous, emotion=complaint.emotion, risks=tuple(complaint.risks),
        filed_because=complaint.reason, policy_version=policy.version,
        department=department(policy, complaint), due=clocks.due(policy, severity, now))
    return Change(replace(ticket, promises=promises(policy, ticket, now)), (Event("filed", _WHY[complaint.reason]),))


def check(complaint: Complaint) -> None:
    problems = []
    if not complaint.conversation.strip():
        problems.append("conversation is empty")
    if complaint.severity not in SEVERITIES:
        problems.append(f"severity {complaint.severity!r} is not one of {', '.join(SEVERITIES)}")
    if complaint.reason not in FILED_BECAUSE:
        problems.append(f"reason {complaint.reason!r} is not one of {', '.join(FILED_BECAUSE)}")
    if problems:
        raise Rejected("; ".join(problems), {"problems": problems})


def at_least(policy: Policy, complaint: Complaint) -> str:
    """The complaint's severity, never below what its own causes, risks and figures demand."""
    people = decimal(complaint.fact("people_count"))
    found = assess(policy, causes=[issue.cause for issue in complaint.issues], risks=[risk.name for risk in complaint.risks],
                   amount=decimal(complaint.fact("amount")), people_count=int(people) if people is not None else None)
    return max(complaint.severity, found.level)


def department(policy: Policy, complaint: Complaint) -> str:
    return policy.company.department_for(tuple(issue.cause for issue in complaint.issues),
                                         tuple(risk.name for risk in complaint.risks))


def promises(policy: Policy, ticket: Ticket, now: datetime, only: Iterable[str] | None = None) -> tuple[dict, ...]:
    """One row per published clock that this severity has."""
    return tuple({"id": step, "what": words, "due": ticket.due[step], "made_at": iso(now), "status": "open", "kept_at": None}
                 for step, words in policy.clocks.promises.items()
                 if ticket.due.get(step) and (only is None or step in only))


def decimal(value: str | None) -> Decimal | None:
    try:
        number = Decimal(str(value).replace(",", "")) if value not in (None, "") else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None
