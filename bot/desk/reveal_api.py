"""What is masked is shown to whoever needs it for the case and says why; each look is written down."""
from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from bot.desk import auditing
from bot.desk.access import staff_dependency
from bot.desk.accounts_api import Strict
from bot.desk.connector_errors import answered
from bot.desk.desk import Desk
from bot.desk.staff import Staff
from bot.dialogue.case import Case
from bot.http_errors import ApiError
from kb_connector.tickets import Ticket


class Look(Strict):
    """A `field` (a fact's name, or context.<name>) or a `message` of a conversation, or a `field` of a ticket."""
    conversation: str | None = Field(None, min_length=1, max_length=200)
    ticket: str | None = Field(None, max_length=20)
    field: str | None = Field(None, max_length=60)
    message: int | None = None
    reason: str = Field(min_length=2, max_length=500)


def router(desk: Desk) -> APIRouter:
    api = APIRouter(prefix="/api/v1/desk", tags=["desk: personal data"])
    allowed = staff_dependency(desk.access, "reveal")

    @api.post("/reveal")
    async def reveal(body: Look, who: Staff = Depends(allowed)) -> dict[str, Any]:
        """The value, once, and the number of the audit's row."""
        if (body.field is None) == (body.message is None) or (body.conversation is None and body.ticket is None) or not body.reason.strip():
            raise ApiError(422, "invalid_request", "请说明要查看的一项，和查看的理由。")
        with answered():
            ticket = await run_in_threadpool(desk.records.tickets.get, body.ticket) if body.ticket else None
        conversation = ticket.conversation if ticket else body.conversation
        if ticket:
            await run_in_threadpool(desk.bars.check_ticket, who, ticket)
        await desk.bars.check(who, conversation)
        await run_in_threadpool(_check_need, desk, who, conversation, ticket)
        case = await desk.case_of(conversation) if body.field and not ticket else None
        value = await run_in_threadpool(_value, desk, body, conversation, case, ticket)
        if value is None:
            raise ApiError(404, "not_found", "没有这一项。")
        what = body.field or f"message {body.message}"
        row = await run_in_threadpool(lambda: auditing.note(desk.engine, desk.handovers.now(), actor=who.name, event="reveal", conversation=conversation,
                                                            ticket=ticket.number if ticket else None, what=what, why=body.reason.strip()))
        return {"value": value, "audit": row}

    return api


def _check_need(desk: Desk, who: Staff, conversation: str, ticket: Ticket | None) -> None:
    """A lead always; an agent for conversations they have or had last, and for tickets that are theirs."""
    now = desk.handovers.get(conversation)
    theirs = who.name in (now.agent, now.previous_agent, *now.joined)
    owned = ticket.owner if ticket else None
    if not (who.lead or theirs or (owned and owned in (who.name, who.display))):
        raise ApiError(403, "forbidden", "只有接待过这个客户的人和主管可以查看。")


def _value(desk: Desk, body: Look, conversation: str, case: Case | None, ticket: Ticket | None) -> str | None:
    if body.message is not None:
        return next((m.text for m in desk.transcript.since(conversation, body.message - 1, limit=1) if m.id == body.message), None)
    if ticket:
        fact = ticket.facts.get(body.field)
        return {"contact_phone": ticket.contact_phone, "contact_name": ticket.contact_name}.get(body.field) or (fact.value if fact else None)
    if body.field.startswith("context."):
        return ((desk.transcript.known(conversation) or {}).get("context") or {}).get(body.field.removeprefix("context."))
    return case.value(body.field) if case else None
