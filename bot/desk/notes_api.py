"""Notes of a conversation, and questions to colleagues in them."""
from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from bot.desk import notes
from bot.desk.access import staff_dependency
from bot.desk.accounts_api import Strict
from bot.desk.desk import Desk
from bot.desk.masking import hide_json
from bot.desk.staff import Staff
from bot.http_errors import ApiError


class Note(Strict):
    conversation: str = Field(min_length=1, max_length=200)
    text: str = Field(min_length=1, max_length=4000)


class Question(Note):
    to: list[str] = Field(min_length=1, max_length=10)


def router(desk: Desk) -> APIRouter:
    api = APIRouter(prefix="/api/v1/desk", tags=["desk: notes"])
    chat = staff_dependency(desk.access, "chat")

    async def keep(who: Staff, conversation: str, text: str, asked: list[Staff]) -> dict[str, Any]:
        await desk.open_to(who, conversation)
        asked = [colleague for colleague in asked if colleague.name != who.name]
        for colleague in asked:
            await desk.bars.check_colleague(colleague, conversation, by=who)
        row = await run_in_threadpool(lambda: notes.add(desk.engine, conversation, who, text.strip(), desk.handovers.now(), ask=[c.name for c in asked]))
        await desk.hub.publish("desk", {"type": "note", "conversation": conversation, "note": row})
        for kind, to in (("consult", row["consults"]), ("consult_answered", row["answers"])):
            if to:
                await desk.hub.publish("desk", {"type": kind, "conversation": conversation, "to": to, "by": who.name, "display": who.display, "note": row})
        return row

    @api.post("/note", status_code=201)
    async def note(body: Note, who: Staff = Depends(chat)) -> dict[str, Any]:
        """A colleague written as @name is asked."""
        team = [s for s in await run_in_threadpool(desk.access.accounts.all) if s.active and "chat" in s.may] if "@" in body.text else []
        return await keep(who, body.conversation, body.text, notes.mentioned(body.text, team))

    @api.post("/consult", status_code=201)
    async def consult(body: Question, who: Staff = Depends(chat)) -> dict[str, Any]:
        """Ask colleagues by account name; their next note in this conversation answers."""
        asked = [await run_in_threadpool(desk.access.colleague, name) for name in dict.fromkeys(body.to)]
        return await keep(who, body.conversation, body.text, asked)

    @api.get("/consults")
    async def consults(who: Staff = Depends(chat)) -> dict[str, Any]:
        """What colleagues ask me and I have not answered yet."""
        found = await run_in_threadpool(notes.waiting_for, desk.engine, who.name)
        seen = await desk.bars.visible(who, [row["conversation"] for row in found])
        return {"items": [hide_json(row) for row in found if row["conversation"] in seen]}

    @api.post("/consults/{key}/done", status_code=204)
    async def done(key: int, who: Staff = Depends(chat)) -> None:
        if not await run_in_threadpool(notes.put_aside, desk.engine, key, who.name, desk.handovers.now()):
            raise ApiError(404, "not_found", "没有这条待答的咨询。")

    return api
