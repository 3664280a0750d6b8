"""The fields that staff may set on a ticket, each with its own check."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from kb_connector.errors import Conflict, Rejected
from kb_connector.policy_types import SEVERITIES, Policy
from kb_connector.tickets.complaint import Issue
from kb_connector.tickets.ticket import Ticket

FAULTS = ("company_minor", "company_major", "customer", "supplier", "carrier", "shared", "none", "undetermined")
ISSUE_STATUSES = ("open", "resolved", "unfounded", "withdrawn")
TASK_STATUSES = ("open", "done", "cancelled")
RCA = ("problem", "cause", "lesson", "similar", "knowledge")


def set_fields(policy: Policy, ticket: Ticket, changes: Mapping[str, Any], allowed: tuple[str, ...]) -> Ticket:
    """`ticket` with every change applied; a field that is not `allowed` refuses them all."""
    if unknown := sorted(set(changes) - set(allowed)):
        raise Rejected(f"unknown field: {', '.join(unknown)}", {"unknown": unknown, "allowed": sorted(allowed)})
    for name, value in changes.items():
        ticket = SETTERS[name](policy, ticket, value)
    return ticket


def _text(name: str, longest: int = 4000) -> Callable[[Policy, Ticket, Any], Ticket]:
    def put(_policy: Policy, ticket: Ticket, value: Any) -> Ticket:
        if value is not None and (not isinstance(value, str) or len(value) > longest):
            raise Rejected(f"{name} must be a text of at most {longest} characters", {"field": name})
        return replace(ticket, **{name: value.strip() or None if value else None})
    return put


def _department(policy: Policy, ticket: Ticket, value: Any) -> Ticket:
    if not isinstance(value, str) or value not in policy.company.departments:
        raise Rejected(f"unknown department {value!r}", {"field": "department", "known": sorted(policy.company.departments)})
    return replace(ticket, department=value)


def _severity(_policy: Policy, ticket: Ticket, value: Any) -> Ticket:
    if value not in SEVERITIES:
        raise Rejected(f"unknown severity {value!r}", {"field": "severity", "known": list(SEVERITIES)})
    return replace(ticket, severity=value)


def _responsibility(_policy: Policy, ticket: Ticket, value: Any) -> Ticket:
    """Fault is settled after the remedy: first make it good, then ask whose it was."""
    value = {"fault": value} if isinstance(value, str) else value
    if not isinstance(value, dict) or value.get("fault") not in FAULTS or set(value) - {"fault", "department", "note"}:
        raise Rejected("responsibility needs a fault", {"field": "responsibility", "faults": list(FAULTS)})
    has_remedy = ticket.remedy["base"] or ticket.remedy["extra"] or ticket.remedy["status"] != "none"
    if not has_remedy and ticket.status not in ("rejected_with_reason", "withdrawn"):
        raise Conflict("responsibility is recorded after a remedy", {"field": "responsibility"})
    return replace(ticket, responsibility=value)


def _rca(_policy: Policy, ticket: Ticket, value: Any) -> Ticket:
    if not isinstance(value, dict) or set(value) - set(RCA) or not all(isinstance(text, str) for text in value.values()):
        raise Rejected("rca takes texts", {"field": "rca", "known": list(RCA)})
    return replace(ticket, rca={**(ticket.rca or {}), **value})


def _issues(policy: Policy, ticket: Ticket, value: Any) -> Ticket:
    issues = {issue.cause: issue for issue in ticket.issues}
    for row in _rows(value, "issues", ("cause", "status", "description")):
        cause = row.get("cause")
        if cause not in policy.severity.causes or row.get("status", "open") not in ISSUE_STATUSES:
            raise Rejected("an issue needs a known cause and status", {"field": "issues", "statuses": list(ISSUE_STATUSES)})
        issues[cause] = replace(issues.get(cause, Issue(cause, "")), **{k: v for k, v in row.items() if k != "cause"})
    return replace(ticket, issues=tuple(issues.values()))


def _remedy(policy: Policy, ticket: Ticket, value: Any) -> Ticket:
    """A draft package; it becomes an offer by the move `propose`."""
    if not isinstance(value, dict) or set(value) - {"base", "extra", "note"}:
        raise Rejected("remedy takes base, extra and note", {"field": "remedy"})
    package = {kind: [_option(policy, row, kind) for row in value.get(kind, [])] for kind in ("base", "extra")}
    if not package["base"] and not package["extra"]:
        raise Rejected("remedy names no option", {"field": "remedy"})
    version = int(ticket.remedy.get("version", 0)) + 1
    kept = {name: ticket.remedy[name] for name in ("preference",) if name in ticket.remedy}
    return replace(ticket, remedy={**kept, **package, "note": value.get("note", ""), "version": version, "status": "draft"})


def _option(policy: Policy, row: Any, kind: str) -> dict[str, Any]:
    row = {"id": row} if isinstance(row, str) else row
    if not isinstance(row, dict) or set(row) - {"id", "label", "amount", "detail", "department", "due"}:
        raise Rejected("an option takes id, label, amount, detail, department and due", {"field": f"remedy.{kind}"})
    known = policy.remedies.options.get(row.get("id", ""))
    if known is None and not row.get("label"):
        raise Rejected(f"unknown option {row.get('id')!r}", {"field": f"remedy.{kind}"})
    try:
        amount = Decimal(str(row.get("amount") or 0))
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise Rejected("amount must be a number of yuan, not below zero", {"field": f"remedy.{kind}.amount"})
    return {**row, "label": row.get("label") or known.label, "amount": str(amount)}


def _fulfilment(_policy: Policy, ticket: Ticket, value: Any) -> Ticket:
    tasks = {task["id"]: dict(task) for task in ticket.fulfilment}
    for row in _rows(value, "fulfilment", ("id", "what", "department", "due", "status", "note")):
        task_id = str(row.get("id") or f"T{len(tasks) + 1}")
        if row.get("status", "open") not in TASK_STATUSES or not (task_id in tasks or row.get("what")):
            raise Rejected("a task needs a known id or a `what`, and a known status",
                           {"field": "fulfilment", "statuses": list(TASK_STATUSES)})
        tasks[task_id] = {**tasks.get(task_id, {"department": ticket.department, "due": None, "status": "open"}), **row, "id": task_id}
    return replace(ticket, fulfilment=tuple(tasks.values()))


def _agreement(_policy: Policy, ticket: Ticket, value: Any) -> Ticket:
    text = value.get("text", "") if isinstance(value, dict) else value
    if not isinstance(text, str) or len(text) > 4000:
        raise Rejected("agreement takes a text", {"field": "agreement"})
    return replace(ticket, agreement={**(ticket.agreement or {}), "text": text})


def _acknowledged(_policy: Policy, ticket: Ticket, value: Any) -> Ticket:
    if not isinstance(value, bool):
        raise Rejected("recourse_acknowledged must be true or false", {"field": "recourse_acknowledged"})
    return replace(ticket, recourse_acknowledged=value)


def _rows(value: Any, field: str, known: tuple[str, ...]) -> list[dict[str, str]]:
    if not isinstance(value, list) or not all(isinstance(row, dict) and not set(row) - set(known) for row in value):
        raise Rejected(f"{field} takes a list of {{{', '.join(known)}}}", {"field": field})
    if not all(text is None or isinstance(text, str) for row in value for text in row.values()):
        raise Rejected(f"{field} takes texts", {"field": field})
    return value


SETTERS: Mapping[str, Callable[[Policy, Ticket, Any], Ticket]] = {
    "owner": _text("owner", 100), "lesson": _text("lesson"), "outcome": _text("outcome"), "reason": _text("reason"),
    "question": _text("question"), "summary": _text("summary"), "contact_name": _text("contact_name", 100),
    "contact_phone": _text("contact_phone", 40), "department": _department, "severity": _severity,
    "responsibility": _responsibility, "rca": _rca, "issues": _issues, "remedy": _remedy, "fulfilment": _fulfilment,
    "agreement": _agreement, "recourse_acknowledged": _acknowledged}
PATCHABLE = ("owner", "department", "severity", "reason", "lesson", "outcome", "summary", "contact_name", "contact_phone",
             "responsibility", "rca", "issues", "remedy", "fulfilment", "recourse_acknowledged")
