"""The company's tickets. Every change is one transaction with its history rows; nothing is ever deleted."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TextIO

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from kb_connector.database import reading, writing
from kb_connector.errors import NotFound, Rejected, Unavailable
from kb_connector.policy_types import SEVERITIES, Policy
from kb_connector.tickets import export, rows
from kb_connector.tickets.change import Change, Event
from kb_connector.tickets.complaint import Complaint
from kb_connector.tickets.filing import new_ticket
from kb_connector.tickets.merging import merge
from kb_connector.tickets.moves import move, open_moves, said
from kb_connector.tickets.number import new_number
from kb_connector.tickets.patching import patch
from kb_connector.tickets.preference import prefer
from kb_connector.tickets.ticket import Ticket
from kb_connector.time import iso

MOST_PER_PAGE = 200
_TRIES = 5


@dataclass(frozen=True)
class Page:
    items: tuple[Ticket, ...]
    next_cursor: str | None


class Tickets:
    def __init__(self, engine: Engine, policy: Policy, clock: Callable[[], datetime]) -> None:
        self._engine, self._policy, self._clock = engine, policy, clock

    def file(self, complaint: Complaint, *, key: str, actor: str = "bot") -> Ticket:
        """File it once: the same key always answers with the same ticket."""
        for _ in range(_TRIES):
            try:
                with writing(self._engine) as connection:
                    if known := rows.find_key(connection, key):
                        return known
                    now = self._clock()
                    change = new_ticket(self._policy, complaint, new_number(now), now)
                    row_id = rows.add(connection, change.ticket, key)
                    rows.append(connection, row_id, change.events, actor=actor, now=now)
                    return rows.load(connection, change.ticket.number)[1]
            except IntegrityError:
                continue          # another process filed the same key, or drew the same number: look again
        raise Unavailable("the ticket could not be numbered")

    def get(self, number: str) -> Ticket:
        with reading(self._engine) as connection:
            return rows.load(connection, number)[1]

    def search(self, *, status: str | None = None, severity: str | None = None, cause: str | None = None, owner: str | None = None,
               q: str | None = None, conversation: str | None = None, limit: int = 50, cursor: str | None = None) -> Page:
        """Newest first, `limit` at a time."""
        _check_known("status", status, self._policy.lifecycle.statuses)
        _check_known("severity", severity, SEVERITIES)
        _check_known("cause", cause, self._policy.severity.causes)
        if not 1 <= limit <= MOST_PER_PAGE:
            raise Rejected(f"limit must be between 1 and {MOST_PER_PAGE}", {"field": "limit"})
        if cursor is not None and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
            raise Rejected("cursor is not one of ours", {"field": "cursor"})
        wanted = {"status": status, "severity": severity, "cause": cause, "owner": owner, "q": q, "conversation": conversation}
        with reading(self._engine) as connection:
            found, after = rows.page(connection, wanted, before=int(cursor) if cursor else None, limit=limit)
        return Page(tuple(found), str(after) if after is not None else None)

    def update_complaint(self, number: str, complaint: Complaint, *, actor: str, note: str = "") -> Ticket:
        """What the customer told since; the answer comes without its history, which grows with the conversation."""
        return self._change(number, actor, lambda ticket, now: merge(self._policy, ticket, complaint, note))

    def patch(self, number: str, changes: Mapping[str, Any], *, actor: str, role: str) -> Ticket:
        self._change(number, actor, lambda ticket, now: patch(self._policy, ticket, changes, role=role))
        return self.get(number)

    def act(self, number: str, action: str, *, actor: str, role: str, note: str = "",
            data: Mapping[str, Any] | None = None) -> Ticket:
        self._change(number, actor, lambda ticket, now: move(self._policy, ticket, action, actor=actor, role=role, now=now, note=note, data=data))
        return self.get(number)

    def note(self, number: str, *, actor: str, what: str, note: str) -> Ticket:
        return self._change(number, actor, lambda ticket, now: Change(ticket, (Event(what, note),)))

    def timeline(self, number: str) -> list[dict[str, str]]:
        return list(self.get(number).as_json()["timeline"])

    def choose_remedy(self, number: str, option_id: str | None, *, actor: str, opinion: str) -> Ticket:
        return self._change(number, actor, lambda ticket, now: prefer(
            self._policy, ticket, option_id, actor=actor, opinion=opinion, now=now))

    def rate(self, number: str, score: int, *, actor: str) -> Ticket:
        """The customer's satisfaction, 0 to 5; a later score replaces an earlier one, and both stay in the history."""
        if isinstance(score, bool) or not isinstance(score, int) or not 0 <= score <= 5:
            raise Rejected("a score is a whole number from 0 to 5", {"field": "score"})
        return self._change(number, actor, lambda ticket, now: Change(
            replace(ticket, satisfaction={"score": score, "at": iso(now), "by": actor}), (Event("rated", str(score)),)))

    def visible_to(self, number: str, *, conversation: str | None = None, last4: str | None = None) -> Ticket:
        """The ticket, for a customer who shows its conversation or the last four digits of its phone."""
        ticket = self.get(number)
        if not ticket.is_of(conversation=conversation, last4_digits=last4):
            raise NotFound("there is no such ticket")
        return ticket

    def open_moves(self, ticket: Ticket, role: str) -> list[dict[str, Any]]:
        """What somebody of this role may do with the ticket now."""
        return open_moves(self._policy, ticket, role)

    def said(self, ticket: Ticket, action: str) -> str:
        """What the customer reads when `action` has been done."""
        return said(self._policy, ticket, action)

    def export(self, fh: TextIO, fmt: str = "jsonl") -> int:
        """Write every ticket to `fh`, oldest last; answers how many."""
        return export.write(self._all(), fh, fmt)

    def _all(self) -> Iterator[Ticket]:
        cursor, more = None, True
        while more:
            page = self.search(limit=MOST_PER_PAGE, cursor=cursor)
            yield from page.items
            cursor, more = page.next_cursor, page.next_cursor is not None

    def _change(self, number: str, actor: str, decide: Callable[[Ticket, datetime], Change]) -> Ticket:
        """Load for writing, decide, save and tell the history, all or nothing; the history itself is not read."""
        with writing(self._engine) as connection:
            row_id, ticket = rows.load(connection, number, for_update=True, history=False)
            now = self._clock()
            change = decide(ticket, now)
            changed = replace(change.ticket, updated_at=iso(now), version=ticket.version + 1)
            rows.save(connection, row_id, changed, ticket.causes)
            rows.append(connection, row_id, change.events, actor=actor, now=now)
            return changed


def _check_known(name: str, value: str | None, known) -> None:
    if value and value not in known:
        raise Rejected(f"unknown {name} {value!r}", {"field": name, "known": list(known)})
