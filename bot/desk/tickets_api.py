"""Tickets over HTTP, for the desk and for machines."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Body, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from bot.desk.bars import Bars
from bot.desk.connector_errors import answered
from bot.desk.masking import hide_ticket
from bot.desk.staff import MACHINE
from bot.http_errors import ApiError
from kb_connector.records import Records
from kb_connector.tickets import Ticket


class TicketFields(BaseModel):
    """What staff may set; the records check each value."""
    model_config = ConfigDict(extra="forbid")

    owner: str | None = None
    department: str | None = None
    severity: str | None = None
    reason: str | None = None
    lesson: str | None = None
    outcome: str | None = None
    responsibility: str | dict[str, Any] | None = None
    rca: dict[str, str] | None = None
    issues: list[dict[str, Any]] | None = None
    remedy: dict[str, Any] | None = None
    fulfilment: list[dict[str, Any]] | None = None
    recourse_acknowledged: bool | None = None

    def given(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True, exclude={"note", "data"})


class TicketPatch(TicketFields):
    summary: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None


class MoveBody(TicketFields):
    """A move's data stands beside the note, or in `data`."""
    note: str = Field("", max_length=4000)
    question: str | None = None
    agreement: str | dict[str, Any] | None = None
    data: dict[str, Any] = Field(default_factory=dict)


def router(records_of: Callable[[], Records], staff: Callable, bars: Bars | None = None) -> APIRouter:
    """The routes; `staff` says who is calling (name and role) or refuses with 401; `bars` keeps a ticket from the person it complains of."""
    api = APIRouter(prefix="/api/v1/tickets", tags=["tickets"])

    def found(number: str, who: Any) -> Ticket:
        with answered():
            ticket = records_of().tickets.get(number)
        if bars:
            bars.check_ticket(who, ticket)
        return ticket

    def shown(ticket: Ticket, who: Any) -> dict[str, Any]:
        moves = records_of().tickets.open_moves(ticket, who.role)
        return _for(who, {**ticket.as_json(), "work": {**ticket.staff_json(), "moves": moves}}, ticket)

    @api.get("")
    def list_tickets(status: str | None = None, severity: str | None = None, cause: str | None = None, owner: str | None = None,
                     q: str | None = Query(None, max_length=200), conversation: str | None = None, limit: int = Query(50, ge=1, le=200),
                     cursor: str | None = None, who: Any = Depends(staff)) -> dict[str, Any]:
        with answered():
            page = records_of().tickets.search(status=status, severity=severity, cause=cause, owner=owner, q=q,
                                               conversation=conversation, limit=limit, cursor=cursor)
        items = [_for(who, ticket.as_json(), ticket) for ticket in page.items if not (bars and bars.hides(who, ticket))]
        return {"items": items, "next_cursor": page.next_cursor}

    @api.get("/{number}")
    def read_ticket(number: str, who: Any = Depends(staff)) -> dict[str, Any]:
        with answered():
            return shown(found(number, who), who)

    @api.get("/{number}/timeline")
    def read_timeline(number: str, who: Any = Depends(staff)) -> list[dict[str, str]]:
        ticket = found(number, who)
        return _for(who, {"timeline": ticket.as_json()["timeline"]}, ticket)["timeline"]

    @api.patch("/{number}")
    def change_ticket(number: str, body: TicketPatch, who: Any = Depends(staff)) -> dict[str, Any]:
        found(number, who)
        with answered():
            return shown(records_of().tickets.patch(number, body.given(), actor=who.name, role=who.role), who)

    @api.delete("/{number}")
    def refuse_to_delete(number: str, who: Any = Depends(staff)) -> None:
        """History is kept; that somebody tried is part of it."""
        found(number, who)
        with answered():
            records_of().tickets.note(number, actor=who.name, what="delete_refused", note="")
        raise ApiError(403, "forbidden", "A ticket and its history cannot be deleted.")

    @api.post("/{number}/{action}")
    def move_ticket(number: str, action: str, body: MoveBody = Body(default_factory=MoveBody), who: Any = Depends(staff)) -> dict[str, Any]:
        found(number, who)
        with answered():
            moved = records_of().tickets.act(number, action, actor=who.name, role=who.role, note=body.note,
                                             data={**body.data, **body.given()})
            return shown(moved, who)

    return api


def _for(who: Any, row: dict[str, Any], ticket: Ticket) -> dict[str, Any]:
    """People see personal data masked until they ask for it; machines work with it."""
    return row if who is MACHINE else hide_ticket(row, ticket)
