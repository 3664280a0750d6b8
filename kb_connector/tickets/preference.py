"""What the customer thinks of the options shown; a preference, never an approval."""
from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kb_connector.errors import Rejected
from kb_connector.policy_types import Policy
from kb_connector.tickets.change import Change, Event
from kb_connector.tickets.ticket import Ticket
from kb_connector.time import iso

_SETTLED = ("approved", "pending_approval", "agreed")      # the staff's own package: the customer's word only joins it
_WORD = {"accept": "preferred", "decline": "declined", "counter": "countered"}


def prefer(policy: Policy, ticket: Ticket, option_id: str | None, *, actor: str, opinion: str, now: datetime) -> Change:
    """`opinion` is `accept`, `decline`, or the customer's counter-proposal in their own words."""
    option = policy.remedies.options.get(option_id) if option_id else None
    if option_id and option is None:
        raise Rejected(f"unknown option {option_id!r}", {"field": "option_id"})
    if not option_id and opinion == "accept":
        raise Rejected("accepting needs the option that is accepted", {"field": "option_id"})
    chosen = {"id": option_id, "label": option.label} if option else None
    kind = opinion if opinion in ("accept", "decline") else "counter"
    remedy = {**ticket.remedy, "preference": {"option": chosen, "opinion": opinion, "at": iso(now), "by": actor}}
    if ticket.remedy["status"] not in _SETTLED:
        remedy["status"] = _WORD[kind]
        if kind == "accept":
            remedy.update({"base": [], "extra": [], option.kind: [chosen]})
    words = "、".join(filter(None, (option.label if option else "", opinion if kind == "counter" else "")))
    return Change(replace(ticket, remedy=remedy), (Event(f"remedy_{_WORD[kind]}", words),))

