"""The inbox and one conversation, as the console reads them."""
from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool

from bot.desk import notes
from bot.desk.access import staff_dependency
from bot.desk.accounts import Staff
from bot.desk.connector_errors import answered
from bot.desk.desk import Desk
from bot.desk.handover import events_in
from bot.desk.handover_rows import Handover
from bot.desk.inbox import inbox
from bot.desk.packet import packet
from bot.dialogue.case import Case
from bot.http_errors import ApiError
from kb_connector.tickets import Ticket

_CUSTOMER_LINES = 2


def router(desk: Desk) -> APIRouter:
    api = APIRouter(prefix="/api/v1/desk", tags=["desk: conversations"])
    staff = staff_dependency(desk.access)

    @api.get("/queue")
    def queue(_who: Staff = Depends(staff)) -> dict[str, Any]:
        return {"items": [{**h.as_json(), "position": n} for n, h in enumerate(desk.handovers.queue(), 1)]}

    @api.get("/inbox")
    def read_inbox(box: Literal["mine", "queue", "waiting", "missed", "all"] = "mine", who: Staff = Depends(staff)) -> dict[str, Any]:
        with answered():
            return {"box": box, "items": inbox(desk.handovers, box, who.name),
                    "counts": {"mine": len(desk.handovers.mine(who.name)), "queue": len(desk.handovers.queue())}}

    @api.get("/conversation")
    async def conversation(id: str = Query(max_length=200), after: int | None = None, who: Staff = Depends(staff)) -> dict[str, Any]:
        """Everything about one conversation; `after` leaves out older messages."""
        case = await desk.case_of(id)
        return await run_in_threadpool(_read, desk, id, after, case, who)

    @api.get("/messages")
    def messages(id: str = Query(max_length=200), after: int = 0, _who: Staff = Depends(staff)) -> dict[str, Any]:
        """What was missed while offline."""
        return {"items": [m.as_json() for m in desk.transcript.since(id, after)]}

    @api.get("/suggestions")
    def suggestions(conversation: str = Query(max_length=200), _who: Staff = Depends(staff)) -> dict[str, Any]:
        """Knowledge that fits the customer's latest words, with its source."""
        said = [m.text for m in desk.transcript.latest(conversation, 30) if m.actor == "customer"][-_CUSTOMER_LINES:]
        with answered():
            hits = desk.records.knowledge.search(" ".join(said)[-300:], 4) if said else []
        return {"items": [asdict(hit) for hit in hits]}

    return api


def _read(desk: Desk, conversation: str, after: int | None, case: Case | None, who: Staff) -> dict[str, Any]:
    known = desk.transcript.known(conversation)
    handover = desk.handovers.get(conversation)
    if known is None and handover.revision == 0:
        raise ApiError(404, "not_found", "没有这个对话。")
    messages = desk.transcript.latest(conversation, 500)
    with answered():
        ticket = _ticket(desk, handover, case)
        carried = packet(case, messages, ticket, desk.records)
        orders = desk.records.customers.orders_of(case.value("contact_phone")) if case and case.value("contact_phone") else []
    return {
        "id": conversation, "channel": (known or {}).get("channel", handover.channel), "context": (known or {}).get("context"),
        "messages": [m.as_json() for m in messages if after is None or m.id > after], "handover": handover.as_json(),
        "ownership": {**desk.handovers.current(conversation).as_state(), "version": handover.version, "state": handover.state},
        "events": events_in(handover.state, actor=who.kind, holds=handover.held_by(who.name)) if "chat" in who.may else [],
        "may_speak": handover.owner == "human" and (handover.agent == who.name or who.name in handover.joined),
        "packet": carried, "ticket": ticket.as_json() if ticket else None, "orders": [asdict(order) for order in orders[:5]],
        "notes": notes.of(desk.engine, conversation), "history": desk.handovers.history(conversation)}


def _ticket(desk: Desk, handover: Handover, case: Case | None) -> Ticket | None:
    number = (case.ticket if case else None) or handover.ticket
    if number:
        return desk.records.tickets.get(number)
    found = desk.records.tickets.search(conversation=handover.conversation, limit=1).items
    return found[0] if found else None
