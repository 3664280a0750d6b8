"""Staff change single fields of a ticket; lowering the severity needs a reason."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kb_connector.errors import Conflict, Forbidden, Rejected
from kb_connector.policy_types import Policy
from kb_connector.tickets.change import Change, Event
from kb_connector.tickets.fields import PATCHABLE, set_fields
from kb_connector.tickets.merging import raise_severity
from kb_connector.tickets.phone import masked
from kb_connector.tickets.roles import role_of
from kb_connector.tickets.ticket import Ticket

_OFFERED = ("pending_approval", "agreed", "fulfilling", "fulfilled", "closed")


def patch(policy: Policy, ticket: Ticket, changes: Mapping[str, Any], *, role: str) -> Change:
    """The ticket with `changes`, and a history row per field."""
    if role_of(policy, role).rank < 1:
        raise Forbidden(f"{role} may not change a ticket")
    if not changes:
        raise Rejected("nothing to change", {"allowed": sorted(PATCHABLE)})
    if "remedy" in changes and ticket.status in _OFFERED:
        raise Conflict(f"the remedy is settled while the ticket is {ticket.status}", {"status": ticket.status})
    patched = set_fields(policy, ticket, changes, PATCHABLE)
    if patched.severity < ticket.severity and not changes.get("reason"):
        raise Rejected("lowering the severity needs a reason", {"missing": ["reason"]})
    change = Change(patched, tuple(_told(ticket, patched, name) for name in changes if name != "reason" or len(changes) == 1))
    if patched.severity > ticket.severity:
        raised = raise_severity(policy, Change(replace(patched, severity=ticket.severity)), patched.severity)
        change = Change(raised.ticket, change.events)
    return change


def _told(before: Ticket, after: Ticket, name: str) -> Event:
    if name == "severity":
        lowered = after.severity < before.severity
        why = f"，理由：{after.reason}" if lowered else ""
        return Event("severity_lowered" if lowered else "severity_raised", f"{before.severity} → {after.severity}{why}")
    value = getattr(after, name)
    note = masked(value) if name == "contact_phone" else value if isinstance(value, str) else ""
    return Event(f"{name}_set", note or "")
