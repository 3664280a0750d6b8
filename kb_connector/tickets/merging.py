"""What the customer adds later joins the ticket; nothing they told us is lost, and severity only rises."""
from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kb_connector import clocks
from kb_connector.policy_types import Policy
from kb_connector.tickets.change import Change, Event
from kb_connector.tickets.complaint import Complaint
from kb_connector.tickets.filing import at_least, check, promises
from kb_connector.tickets.phone import masked
from kb_connector.tickets.ticket import Ticket


def merge(policy: Policy, ticket: Ticket, complaint: Complaint, note: str = "") -> Change:
    """The ticket with what `complaint` knows more or newer, and one history row per thing that changed."""
    check(complaint)
    events: list[Event] = [Event("supplemented", note)] if note else []
    merged = replace(
        ticket, issues=_issues(ticket, complaint, events), facts=_facts(ticket, complaint, events),
        risks=_risks(ticket, complaint, events), **_plain(ticket, complaint, events))
    merged = _rerouted(policy, ticket, merged, events)
    return raise_severity(policy, Change(merged, tuple(events)), at_least(policy, complaint))


def _rerouted(policy: Policy, before: Ticket, merged: Ticket, events: list[Event]) -> Ticket:
    """A new risk goes to those who handle it, as long as nobody has taken the ticket."""
    if before.owner or merged.risks == before.risks:
        return merged
    department = policy.company.department_for(merged.causes, tuple(risk.name for risk in merged.risks))
    if department != merged.department:
        events.append(Event("department_set", department))
    return replace(merged, department=department)


def raise_severity(policy: Policy, change: Change, level: str) -> Change:
    """Tighter clocks for a graver case. They count from the filing, whose time never moves."""
    ticket = change.ticket
    if level <= ticket.severity:
        return change
    started = datetime.fromisoformat(ticket.created_at)
    due = _tighter(ticket.due, clocks.due(policy, level, started))
    risen = replace(ticket, severity=level, due=due)
    kept = tuple({**row, "due": due.get(row["id"], row["due"])} if row["status"] == "open" else row for row in ticket.promises)
    missing = promises(policy, risen, started, only=set(policy.clocks.promises) - {row["id"] for row in kept})
    return Change(replace(risen, promises=kept + missing),
                  (*change.events, Event("severity_raised", f"{ticket.severity} → {level}")))


def _tighter(old, new) -> dict[str, str | None]:
    return {step: min(filter(None, (old.get(step), new[step])), default=None) for step in new}


def _issues(ticket: Ticket, complaint: Complaint, events: list[Event]):
    issues = {issue.cause: issue for issue in ticket.issues}
    for issue in complaint.issues:
        known = issues.get(issue.cause)
        if known is None:
            events.append(Event("issue_added", issue.cause))
            issues[issue.cause] = issue
        elif issue.description and issue.description != known.description:
            events.append(Event("issue_described", issue.cause))
            issues[issue.cause] = replace(known, description=issue.description)
    return tuple(issues.values())


def _facts(ticket: Ticket, complaint: Complaint, events: list[Event]):
    facts = dict(ticket.facts)
    for name, fact in complaint.facts.items():
        known = facts.get(name)
        if fact.value in ("", None) or known is not None and known.value == fact.value:
            continue
        events.append(Event("fact_added" if known is None else "fact_changed", f"{name}: {_told(name, known and known.value, fact.value)}"))
        facts[name] = fact
    return facts


def _told(name: str, before: str | None, now: str) -> str:
    """For the history; of a story that goes on, only what is new."""
    show = masked if name == "contact_phone" else str
    if before and str(now).startswith(str(before)):
        return f"… {str(now)[len(str(before)):].strip(' /')}"
    return show(now) if before is None else f"{show(before)} → {show(now)}"


def _risks(ticket: Ticket, complaint: Complaint, events: list[Event]):
    known = {risk.name for risk in ticket.risks}
    new = tuple({risk.name: risk for risk in complaint.risks if risk.name not in known}.values())
    events.extend(Event("risk_added", risk.name) for risk in new)
    return ticket.risks + new


def _plain(ticket: Ticket, complaint: Complaint, events: list[Event]) -> dict:
    """Single values: the newer one counts wherever there is one."""
    newer = {"summary": complaint.summary, "demand": tuple(complaint.demand), "demand_text": complaint.demand_text,
             "demand_amount": complaint.demand_amount, "contact_name": complaint.name, "contact_phone": complaint.phone}
    changed = {name: value for name, value in newer.items() if value and value != getattr(ticket, name)}
    for name, value in changed.items():
        shown = masked(value) if name == "contact_phone" else "、".join(value) if isinstance(value, tuple) else str(value)
        events.append(Event(f"{name}_changed", shown))
    if "contact_phone" in changed or complaint.anonymous:
        changed["anonymous"] = complaint.anonymous
    return {**changed, "emotion": complaint.emotion}
