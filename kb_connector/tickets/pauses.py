"""Plan and close wait while we wait for the customer; the start and the legal limit never move."""
from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kb_connector.policy_types import Policy
from kb_connector.tickets.ticket import Ticket
from kb_connector.time import iso

_WAITING = ("plan", "close")


def pause_or_resume(policy: Policy, before: Ticket, after: Ticket, now: datetime) -> Ticket:
    was, is_now = before.status in policy.clocks.pauses_in, after.status in policy.clocks.pauses_in
    if was == is_now:
        return after
    if is_now:
        return replace(after, pauses=(*after.pauses, {"since": iso(now), "until": None, "why": after.question or after.status}))
    return _resumed(after, now)


def _resumed(ticket: Ticket, now: datetime) -> Ticket:
    *earlier, pause = ticket.pauses
    waited = now - datetime.fromisoformat(pause["since"])
    later = {step: iso(datetime.fromisoformat(at) + waited) if at and step in _WAITING else at for step, at in ticket.due.items()}
    if later.get("legal"):
        later.update({step: min(later[step], later["legal"]) for step in _WAITING if later[step]})
    promises = tuple({**row, "due": later.get(row["id"], row["due"])} if row["status"] == "open" else row for row in ticket.promises)
    return replace(ticket, due=later, promises=promises, pauses=(*earlier, {**pause, "until": iso(now)}))
