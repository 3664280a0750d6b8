"""Tickets as rows: reading, writing and listing them. Knows SQL and nothing of the rules."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from kb_connector.errors import NotFound
from kb_connector.tables import ticket_causes, ticket_events, tickets
from kb_connector.tickets.change import Event
from kb_connector.tickets.number import folded
from kb_connector.tickets.ticket import COLUMNS, Ticket, from_row, to_body
from kb_connector.time import iso

_NEVER_CHANGE = ("number", "key", "created_at", "channel", "conversation")


def find_key(connection: Connection, key: str) -> Ticket | None:
    row = connection.execute(select(tickets).where(tickets.c.key == key)).first()
    return row and _ticket(connection, row)


def load(connection: Connection, number: str, *, for_update: bool = False, history: bool = True) -> tuple[int, Ticket]:
    query = select(tickets).where(tickets.c.number == folded(number))
    row = connection.execute(query.with_for_update() if for_update else query).first()
    if row is None:
        raise NotFound("there is no such ticket")
    return row.id, _ticket(connection, row) if history else from_row(row._mapping, row.body)


def add(connection: Connection, ticket: Ticket, key: str) -> int:
    row_id = connection.execute(insert(tickets).values(key=key, **_values(ticket))).inserted_primary_key[0]
    _add_causes(connection, row_id, ticket.causes)
    return row_id


def save(connection: Connection, row_id: int, ticket: Ticket, known_causes: Iterable[str]) -> None:
    values = {name: value for name, value in _values(ticket).items() if name not in _NEVER_CHANGE}
    connection.execute(update(tickets).where(tickets.c.id == row_id).values(values))
    _add_causes(connection, row_id, [cause for cause in ticket.causes if cause not in known_causes])


def append(connection: Connection, row_id: int, events: Iterable[Event], *, actor: str, now: datetime) -> None:
    rows = [{"ticket_id": row_id, "at": iso(now), "actor": actor, "what": what, "note": note} for what, note in events]
    if rows:
        connection.execute(insert(ticket_events), rows)


def page(connection: Connection, wanted: Mapping[str, Any], *, before: int | None, limit: int) -> tuple[list[Ticket], int | None]:
    """Newest first; the second value continues after the page, or is None at the end."""
    query = select(tickets).order_by(tickets.c.id.desc()).limit(limit + 1)
    for name in ("status", "severity", "owner", "conversation"):
        if wanted.get(name):
            query = query.where(tickets.c[name] == wanted[name])
    if wanted.get("cause"):
        query = query.where(tickets.c.id.in_(select(ticket_causes.c.ticket_id).where(ticket_causes.c.cause == wanted["cause"])))
    for word in (wanted.get("q") or "").split():
        query = query.where(or_(tickets.c.searchable.contains(word.lower(), autoescape=True),
                                tickets.c.number.contains(folded(word), autoescape=True)))
    if before is not None:
        query = query.where(tickets.c.id < before)
    rows = connection.execute(query).all()
    timelines = _timelines(connection, [row.id for row in rows[:limit]])
    found = [from_row(row._mapping, row.body, timelines.get(row.id, ())) for row in rows[:limit]]
    return found, rows[limit - 1].id if len(rows) > limit else None


def _values(ticket: Ticket) -> dict[str, Any]:
    texts = [ticket.summary, ticket.contact_name or "", ticket.contact_phone or "", *(fact.value for fact in ticket.facts.values()),
             *(issue.description for issue in ticket.issues)]
    return {**{name: getattr(ticket, name) for name in COLUMNS}, "searchable": "\n".join(map(str, texts)).lower(),
            "body": to_body(ticket)}


def _add_causes(connection: Connection, row_id: int, causes: Iterable[str]) -> None:
    rows = [{"ticket_id": row_id, "cause": cause} for cause in dict.fromkeys(causes)]
    if rows:
        connection.execute(insert(ticket_causes), rows)


def _ticket(connection: Connection, row: Row) -> Ticket:
    return from_row(row._mapping, row.body, _timelines(connection, [row.id]).get(row.id, ()))


def _timelines(connection: Connection, ids: list[int]) -> dict[int, tuple[dict[str, str], ...]]:
    events: dict[int, list[dict[str, str]]] = {}
    query = select(ticket_events).where(ticket_events.c.ticket_id.in_(ids)).order_by(ticket_events.c.id)
    for row in connection.execute(query) if ids else ():
        events.setdefault(row.ticket_id, []).append({"at": row.at, "actor": row.actor, "what": row.what, "note": row.note})
    return {row_id: tuple(rows) for row_id, rows in events.items()}
