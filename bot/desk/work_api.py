"""What staff do with a conversation: take it, speak, note, pass it on, finish it."""
from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from bot.desk import notes, wrap_up
from bot.desk.access import staff_dependency
from bot.desk.accounts_api import Strict
from bot.desk.connector_errors import answered
from bot.desk.desk import Desk
from bot.desk.moving import carried
from bot.desk.sending import send
from bot.desk.staff import Staff
from bot.http_errors import ApiError


class About(Strict):
    conversation: str = Field(min_length=1, max_length=200)


class Speech(About):
    """Words, a photo that was uploaded for this conversation, or both."""
    text: str = Field("", max_length=4000)
    attachment: str | None = Field(None, max_length=200)
    version: int
    client_id: str = Field(min_length=1, max_length=100)


class Passing(About):
    to: str | None = None
    skill: str | None = None
    note: str = Field("", max_length=2000)


class HandBack(About):
    note: str = Field("", max_length=2000)


class Typing(About):
    on: bool = True


class WrapUp(About):
    """Without cause, lesson and outcome it only begins."""
    cause: str | None = None
    lesson: str | None = Field(None, max_length=2000)
    outcome: str | None = None


def router(desk: Desk) -> APIRouter:
    api = APIRouter(prefix="/api/v1/desk", tags=["desk: work"])
    chat = staff_dependency(desk.access, "chat")
    do = desk.handovers

    async def colleague(name: str, conversation: str, by: Staff) -> Staff:
        found = await run_in_threadpool(desk.access.colleague, name)
        await desk.bars.check_colleague(found, conversation, by=by)
        return found

    @api.post("/take")
    async def take(body: About, who: Staff = Depends(chat)) -> dict[str, Any]:
        await desk.bars.check(who, body.conversation)
        await run_in_threadpool(do.heartbeat, who.name)
        return await carried(desk, do.take, body.conversation, who)

    @api.post("/assign")
    async def assign(body: Passing, who: Staff = Depends(chat)) -> dict[str, Any]:
        await desk.bars.check(who, body.conversation)
        to = await colleague(body.to or who.name, body.conversation, who)
        return await carried(desk, do.assign, body.conversation, to, by=who)

    @api.post("/message")
    async def message(body: Speech, who: Staff = Depends(chat)) -> dict[str, Any]:
        attachment = desk.files.of(body.conversation, body.attachment) if desk.files else None
        if body.attachment and attachment is None:
            raise ApiError(422, "invalid_request", "没有这个附件，请重新上传。", {"attachment": body.attachment})
        if not body.text.strip() and attachment is None:
            raise ApiError(422, "invalid_request", "消息是空的。")
        with answered():
            return await send(desk, who, body.conversation, body.text.strip(), body.version, body.client_id, attachment=attachment)

    @api.post("/typing", status_code=204)
    async def typing(body: Typing, who: Staff = Depends(chat)) -> None:
        now = await run_in_threadpool(do.get, body.conversation)
        if now.owner == "human" and who.name in (now.agent, *now.joined):
            await desk.hub.publish(f"conversation:{body.conversation}", {"type": "typing", "actor": "human", "name": who.display, "on": body.on})

    @api.post("/transfer")
    async def transfer(body: Passing, who: Staff = Depends(chat)) -> dict[str, Any]:
        if (body.to is None) == (body.skill is None):
            raise ApiError(422, "invalid_request", "请选择同事或技能组中的一个。")
        if body.skill and body.skill not in desk.records.policy.company.departments:
            raise ApiError(422, "invalid_request", "没有这个技能组。", {"skill": body.skill})
        await desk.bars.check(who, body.conversation)
        to = await colleague(body.to, body.conversation, who) if body.to else None
        done = await carried(desk, do.transfer, body.conversation, who, to=to, skill=body.skill, note=body.note)
        if body.note:
            await run_in_threadpool(notes.add, desk.engine, body.conversation, who, f"转交：{body.note}", do.now())
        return done

    @api.post("/join")
    async def join(body: About, who: Staff = Depends(chat)) -> dict[str, Any]:
        await desk.bars.check(who, body.conversation)
        return await carried(desk, do.join, body.conversation, who)

    @api.post("/return")
    async def hand_back(body: HandBack, who: Staff = Depends(chat)) -> dict[str, Any]:
        """The instruction stays with the handover, where the bot's side reads it."""
        await desk.bars.check(who, body.conversation)
        return await carried(desk, do.return_to_bot, body.conversation, who, body.note)

    @api.post("/wrap_up")
    async def wrap(body: WrapUp, who: Staff = Depends(chat)) -> dict[str, Any]:
        await desk.bars.check(who, body.conversation)
        if body.outcome is not None:
            await run_in_threadpool(wrap_up.check, desk.records.policy, body.cause, body.lesson, body.outcome)
        now = await run_in_threadpool(do.get, body.conversation)
        if now.state == "wrap_up" and now.held_by(who.name):
            done = {"handover": now.as_json(), "ownership": now.ownership().as_state()}
        else:
            done = await carried(desk, do.wrap_up, body.conversation, who)
        if body.outcome is not None:
            await run_in_threadpool(wrap_up.keep, desk.engine, body.conversation, who, body.cause, body.lesson, body.outcome, do.now())
        return done

    @api.post("/close")
    async def close(body: About, who: Staff = Depends(chat)) -> dict[str, Any]:
        await desk.bars.check(who, body.conversation)
        now = await run_in_threadpool(do.get, body.conversation)
        if not await run_in_threadpool(wrap_up.done, desk.engine, body.conversation, now.accepted_at):
            raise ApiError(422, "wrap_up_missing", "请先填写小结：原因、教训和结果。")
        return await carried(desk, do.close, body.conversation, who)

    @api.post("/presence")
    def presence(available: Literal["yes", "no"] | None = None, who: Staff = Depends(chat)) -> dict[str, Any]:
        do.heartbeat(who.name, available=None if available is None else available == "yes")
        return {"available": do.present().get(who.name, False)}

    return api
