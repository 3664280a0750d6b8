"""The inbox and the knowledge beside a conversation, as the console reads them."""
from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool

from bot.desk import tags
from bot.desk.access import staff_dependency
from bot.desk.connector_errors import answered
from bot.desk.conversation import Reader
from bot.desk.desk import Desk
from bot.desk.inbox import inbox
from bot.desk.masking import addresses, hide_json, hide_message
from bot.desk.staff import Staff

_CUSTOMER_LINES = 2


def router(desk: Desk) -> APIRouter:
    api = APIRouter(prefix="/api/v1/desk", tags=["desk: conversations"])
    staff = staff_dependency(desk.access)
    reader = Reader(desk)

    @api.get("/queue")
    async def queue(who: Staff = Depends(staff)) -> dict[str, Any]:
        waiting = await run_in_threadpool(desk.handovers.queue)
        seen = await desk.bars.visible(who, [h.conversation for h in waiting])
        return {"items": [{**h.as_json(), "position": n} for n, h in enumerate(waiting, 1) if h.conversation in seen]}

    @api.get("/inbox")
    async def read_inbox(box: Literal["mine", "queue", "waiting", "missed", "all"] = "mine", tag: str | None = Query(None, max_length=tags.LONGEST),
                         who: Staff = Depends(staff)) -> dict[str, Any]:
        with answered():
            items, counts = await run_in_threadpool(lambda: (inbox(desk.handovers, box, who.name), {
                "mine": len(desk.handovers.mine(who.name)), "queue": len(desk.handovers.queue())}))
            marked = await run_in_threadpool(tags.of, desk.engine, [row["conversation"] for row in items])
        seen = await desk.bars.visible(who, [row["conversation"] for row in items])
        shown = [{**hide_json(row), "tags": marked.get(row["conversation"], [])} for row in items if row["conversation"] in seen]
        return {"box": box, "items": [row for row in shown if tag is None or tag in row["tags"]], "counts": counts}

    @api.get("/conversation")
    async def conversation(id: str = Query(max_length=200), after: int | None = None, who: Staff = Depends(staff)) -> dict[str, Any]:
        """Everything about one conversation; `after` leaves out older messages."""
        await desk.open_to(who, id)
        return await reader.read(id, after, who)

    @api.get("/messages")
    async def messages(id: str = Query(max_length=200), after: int = 0, who: Staff = Depends(staff)) -> dict[str, Any]:
        """What was missed while offline."""
        await desk.bars.check(who, id)
        known = addresses(await desk.case_of(id))
        found = await run_in_threadpool(desk.transcript.since, id, after)
        return {"items": [hide_message(m.as_json(), known) for m in found]}

    @api.get("/suggestions")
    async def suggestions(conversation: str = Query(max_length=200), who: Staff = Depends(staff)) -> dict[str, Any]:
        """Knowledge that fits the customer's latest words, with its source."""
        await desk.bars.check(who, conversation)
        return await run_in_threadpool(_suggestions, desk, conversation)

    return api


def _suggestions(desk: Desk, conversation: str) -> dict[str, Any]:
    said = [m.text for m in desk.transcript.latest(conversation, 30) if m.actor == "customer"][-_CUSTOMER_LINES:]
    with answered():
        hits = desk.records.knowledge.search(" ".join(said)[-300:], 4) if said else []
    return {"items": [asdict(hit) for hit in hits]}
