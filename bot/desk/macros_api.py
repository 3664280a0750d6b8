"""Macros, tags, and texts with names to fill in."""
from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from bot.desk import macros, tags
from bot.desk.access import staff_dependency
from bot.desk.accounts_api import Strict
from bot.desk.connector_errors import answered
from bot.desk.desk import Desk
from bot.desk.filling import NAMES, fill, unknown
from bot.desk.macro_run import MacroRun
from bot.desk.macros import Macro, TicketAction, TransferAction
from bot.desk.staff import Staff
from bot.http_errors import ApiError


class Running(Strict):
    conversation: str = Field(min_length=1, max_length=200)
    version: int
    client_id: str = Field(min_length=1, max_length=100)


class Template(Strict):
    conversation: str = Field(min_length=1, max_length=200)
    text: str = Field(max_length=4000)


class Tagging(Strict):
    conversation: str = Field(min_length=1, max_length=200)
    tag: str = Field(min_length=1, max_length=tags.LONGEST)
    on: bool = True


def router(desk: Desk) -> APIRouter:
    api = APIRouter(prefix="/api/v1/desk", tags=["desk: macros"])
    chat, writer = staff_dependency(desk.access, "chat"), staff_dependency(desk.access, "canned")

    def check(macro: Macro) -> None:
        texts = [macro.text, *(t for a in macro.actions for t in (getattr(a, "note", ""), getattr(a, "text", "")))]
        if strange := [name for text in texts for name in unknown(text)]:
            raise ApiError(422, "invalid_request", "文字里有不认识的变量。", {"unknown": strange, "known": list(NAMES)})
        for action in macro.actions:
            if isinstance(action, TransferAction) and action.skill and action.skill not in desk.records.policy.company.departments:
                raise ApiError(422, "invalid_request", "没有这个技能组。", {"skill": action.skill})
            if isinstance(action, TicketAction) and action.action not in desk.records.policy.lifecycle.moves:
                raise ApiError(422, "invalid_request", "工单没有这个动作。", {"action": action.action})

    @api.get("/macros")
    async def list_macros(_who: Staff = Depends(chat)) -> dict[str, Any]:
        return {"items": await run_in_threadpool(macros.listed, desk.engine), "variables": list(NAMES)}

    @api.post("/macros", status_code=201)
    def add_macro(body: Macro, who: Staff = Depends(writer)) -> dict[str, Any]:
        check(body)
        return {"id": macros.add(desk.engine, body, who.name), **body.model_dump(), "author": who.name, "built_in": False}

    @api.put("/macros/{key}")
    def change_macro(key: int, body: Macro, who: Staff = Depends(writer)) -> dict[str, Any]:
        check(body)
        if not macros.change(desk.engine, key, body, who.name):
            raise ApiError(404, "not_found", "没有这个宏。")
        return {"id": str(key), **body.model_dump(), "author": who.name, "built_in": False}

    @api.delete("/macros/{key}", status_code=204)
    def drop_macro(key: int, _who: Staff = Depends(writer)) -> None:
        if not macros.drop(desk.engine, key):
            raise ApiError(404, "not_found", "没有这个宏。")

    @api.post("/macros/{key}/run")
    async def run(key: str, body: Running, who: Staff = Depends(chat)) -> dict[str, Any]:
        """Send its words, then do its actions in order; `failed` tells the first that was refused."""
        await desk.open_to(who, body.conversation)
        macro = await run_in_threadpool(macros.find, desk.engine, key)
        if macro is None:
            raise ApiError(404, "not_found", "没有这个宏。")
        with answered():
            return await MacroRun(desk, who, body.conversation).run(macro, body.version, body.client_id)

    @api.post("/render")
    async def render(body: Template, who: Staff = Depends(chat)) -> dict[str, Any]:
        """A text with its names filled in; `missing` are those without a value."""
        await desk.open_to(who, body.conversation)
        with answered():
            text, missing = fill(body.text, await MacroRun(desk, who, body.conversation).values())
        return {"text": text, "missing": missing}

    @api.post("/tags")
    async def tag(body: Tagging, who: Staff = Depends(chat)) -> dict[str, Any]:
        """Put a tag on a conversation, or take it off."""
        await desk.open_to(who, body.conversation)
        clean = body.tag.strip()
        if not clean:
            raise ApiError(422, "invalid_request", "标签是空的。")
        change = (lambda: tags.add(desk.engine, body.conversation, clean, who.name, desk.handovers.now())) if body.on else (lambda: tags.drop(desk.engine, body.conversation, clean))
        await run_in_threadpool(change)
        await desk.changed(body.conversation)
        return {"tags": (await run_in_threadpool(tags.of, desk.engine, [body.conversation])).get(body.conversation, [])}

    return api
