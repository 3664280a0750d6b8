"""The life of a ticket, step by step: which moves are open now, and what each one does."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from kb_connector.errors import Conflict, Forbidden, Rejected
from kb_connector.policy_types import Move, Policy, Role
from kb_connector.tickets.change import Change, Event
from kb_connector.tickets.effects import EFFECTS
from kb_connector.tickets.fields import set_fields
from kb_connector.tickets.guards import Moment, missing
from kb_connector.tickets.pauses import pause_or_resume
from kb_connector.tickets.roles import may_move, role_of
from kb_connector.tickets.ticket import Ticket
from kb_connector.time import iso

_FROM_NOTE = ("reason", "question")     # a move that needs one of these takes the note for it


def open_moves(policy: Policy, ticket: Ticket, role: str) -> list[dict[str, Any]]:
    """What somebody of this role may do now, for the desk's buttons."""
    known = role_of(policy, role)
    return [{"action": action, "label": move.label, "to": move.to, "needs": list(move.needs), "takes": list(move.takes)}
            for action, move in policy.lifecycle.moves.items()
            if ticket.status in move.sources and may_move(policy, known, move)]


def move(policy: Policy, ticket: Ticket, action: str, *, actor: str, role: str, now: datetime, note: str = "",
         data: Mapping[str, Any] | None = None) -> Change:
    """The ticket after `action`, or the reason why not."""
    chosen, known = _allowed(policy, ticket, action, role), role_of(policy, role)
    given = {name: None for name in _FROM_NOTE if name in chosen.needs} | _from_note(chosen, note) | dict(data or {})
    filled = set_fields(policy, ticket, given, chosen.takes)
    moment = Moment(policy, filled, actor, known, now)
    if lacks := missing(moment, chosen.needs):
        _refuse(action, lacks)
    moved = replace(filled, status=chosen.to, promises=_kept(filled, chosen, known, now))
    change = Change(moved, (Event(action, note or _stated(filled, chosen)),))
    if effect := EFFECTS.get(action):
        change = effect(moment, change)
    return Change(pause_or_resume(policy, ticket, change.ticket, now), change.events)


def said(policy: Policy, ticket: Ticket, action: str) -> str:
    """What the customer reads about this move."""
    return policy.lifecycle.moves[action].say.replace("{number}", ticket.number).replace("{recourse}", policy.company.recourse)


def _allowed(policy: Policy, ticket: Ticket, action: str, role: str) -> Move:
    chosen = policy.lifecycle.moves.get(action)
    if chosen is None or ticket.status not in chosen.sources:
        now_open = [name for name, each in policy.lifecycle.moves.items() if ticket.status in each.sources]
        raise Conflict(f"{action} is not possible while the ticket is {ticket.status}",
                       {"status": ticket.status, "allowed": now_open})
    if not may_move(policy, role_of(policy, role), chosen):
        raise Forbidden(f"{role} may not {action}", {"roles": list(chosen.roles)})
    return chosen


def _from_note(chosen: Move, note: str) -> dict[str, str]:
    return {name: note for name in _FROM_NOTE if note and name in chosen.needs and name in chosen.takes}


def _refuse(action: str, lacks: list[str]) -> None:
    if any(lack.startswith(("approval by", "a second person", "closing by")) for lack in lacks):
        raise Forbidden(f"{action} needs {'; '.join(lacks)}", {"missing": lacks})
    raise Rejected(f"{action} needs {'; '.join(lacks)}", {"missing": lacks})


def _stated(ticket: Ticket, chosen: Move) -> str:
    return next((getattr(ticket, name) or "" for name in _FROM_NOTE if name in chosen.needs), "")


def _kept(ticket: Ticket, chosen: Move, role: Role, now: datetime) -> tuple[Mapping[str, Any], ...]:
    """Promises that this move fulfils; only a person's move is a first human reply."""
    kept = [name for name in chosen.keeps if role.rank > 0]
    return tuple({**row, "status": "kept" if datetime.fromisoformat(row["due"]) >= now else "kept_late", "kept_at": iso(now)}
                 if row["id"] in kept and row["status"] == "open" else row for row in ticket.promises)
