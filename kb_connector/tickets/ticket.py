"""A filed complaint and everything the company did about it: frozen; a change makes a new one."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from kb_connector.tickets.complaint import Fact, Issue, Risk
from kb_connector.tickets.phone import hide_in, last4, masked


def no_remedy() -> dict[str, Any]:
    return {"base": [], "extra": [], "status": "none"}


@dataclass(frozen=True)
class Ticket:
    number: str
    status: str
    severity: str
    channel: str
    conversation: str
    created_at: str
    updated_at: str
    summary: str
    issues: tuple[Issue, ...]
    facts: Mapping[str, Fact]
    due: Mapping[str, str | None]
    department: str
    policy_version: str
    version: int = 1
    demand: tuple[str, ...] = ()
    demand_text: str = ""
    demand_amount: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    anonymous: bool = False
    emotion: str = "calm"
    risks: tuple[Risk, ...] = ()
    filed_because: str = "confirmed"
    owner: str | None = None
    remedy: Mapping[str, Any] = field(default_factory=no_remedy)
    approvals: tuple[Mapping[str, Any], ...] = ()
    promises: tuple[Mapping[str, Any], ...] = ()
    agreement: Mapping[str, Any] | None = None
    fulfilment: tuple[Mapping[str, Any], ...] = ()
    satisfaction: Mapping[str, Any] | None = None
    outcome: str | None = None
    lesson: str | None = None
    reason: str | None = None
    question: str | None = None
    responsibility: Mapping[str, Any] | None = None
    rca: Mapping[str, str] | None = None
    recourse_acknowledged: bool = False
    rejected_at: str | None = None
    reopened: int = 0
    pauses: tuple[Mapping[str, Any], ...] = ()
    timeline: tuple[Mapping[str, str], ...] = ()

    @property
    def causes(self) -> tuple[str, ...]:
        return tuple(issue.cause for issue in self.issues)

    @property
    def fact_values(self) -> dict[str, str]:
        return {name: fact.value for name, fact in self.facts.items()}

    def is_of(self, *, conversation: str | None = None, last4_digits: str | None = None) -> bool:
        """Whether somebody who shows this conversation, or these digits, may see the ticket."""
        same_phone = bool(last4_digits) and last4(self.contact_phone) == last4_digits
        return (bool(conversation) and conversation == self.conversation) or same_phone

    def as_json(self) -> dict[str, Any]:
        """The agreed shape; no raw phone number anywhere in it."""
        out = {
            "number": self.number, "status": self.status, "severity": self.severity, "channel": self.channel,
            "conversation": self.conversation, "created_at": self.created_at, "summary": self.summary,
            "issues": [asdict(issue) for issue in self.issues],
            "facts": {name: asdict(fact) for name, fact in self.facts.items()},
            "demand": list(self.demand), "demand_amount": self.demand_amount,
            "contact": {"name": self.contact_name, "phone_masked": masked(self.contact_phone)},
            "anonymous": self.anonymous, "emotion": self.emotion, "risks": [asdict(risk) for risk in self.risks],
            "owner": self.owner, "department": self.department, "due": dict(self.due), "remedy": dict(self.remedy),
            "approvals": list(self.approvals), "promises": list(self.promises), "agreement": self.agreement,
            "fulfilment": list(self.fulfilment), "satisfaction": self.satisfaction, "outcome": self.outcome,
            "lesson": self.lesson, "timeline": list(self.timeline)}
        if fact := out["facts"].get("contact_phone"):
            fact["value"] = fact["text"] = masked(fact["value"])
        return hide_in(out, self.contact_phone) if self.contact_phone else out

    def staff_json(self) -> dict[str, Any]:
        """What only the desk reads, beside the agreed shape."""
        names = ("demand_text", "reason", "question", "responsibility", "rca", "recourse_acknowledged", "reopened", "pauses",
                 "filed_because", "policy_version", "updated_at", "version")
        out = {name: getattr(self, name) for name in names}
        return hide_in(out, self.contact_phone) if self.contact_phone else out


# These stand in columns of their own; everything else is the row's body.
COLUMNS = ("number", "status", "severity", "channel", "conversation", "owner", "department", "contact_phone", "created_at",
           "updated_at", "version")


def to_body(ticket: Ticket) -> dict[str, Any]:
    return {name: value for name, value in asdict(ticket).items() if name not in COLUMNS and name != "timeline"}


def from_row(columns: Mapping[str, Any], body: Mapping[str, Any], timeline: tuple[Mapping[str, str], ...] = ()) -> Ticket:
    known = {each.name for each in fields(Ticket)}
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in body.items() if name in known}
    values["issues"] = tuple(Issue(**issue) for issue in body["issues"])
    values["facts"] = {name: Fact(**fact) for name, fact in body["facts"].items()}
    values["risks"] = tuple(Risk(**risk) for risk in body["risks"])
    return Ticket(**values, **{name: columns[name] for name in COLUMNS}, timeline=timeline)
