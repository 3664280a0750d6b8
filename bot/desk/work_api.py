"""What staff do with a conversation: take it, speak, note, pass it on, finish it."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from bot.desk import notes, wrap_up
from bot.desk.access import staff_dependency
from bot.desk.accounts import Staff
from bot.desk.accounts_api import Strict
from bot.desk.connector_errors import answered
from bot.desk.desk import Desk
from bot.desk.handover import NotAllowed
from bot.desk.handover_rows import Moved
from bot.desk.sending import send
from bot.http_errors import ApiError


class About(Strict):
    conversation: str = Field(min_length=1, max_length=200)


class Text(About):
    text: str = Field(min_length=1, max_length=4000)


class Speech(Text):
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


@contextmanager
def moving() -> Iterator[None]:
    """The handover's refusals as HTTP."""
    try:
        with answered():
            yield
    except NotAllowed as exc:
        if exc.why == "not for this role":
            raise ApiError(403, "forbidden", "您的角色不能这样做。", {"state": exc.state}) from exc
        raise ApiError(409, "move_not_allowed", "对话的状态刚刚变了，现在不能这样做。", {"state": exc.state, "why": exc.why}) from exc


def router(desk: Desk) -> APIRouter:
    api = APIRouter(prefix="/api/v1/desk", tags=["desk: work"])
    chat = staff_dependency(desk.access, "chat")
    do = desk.handovers

    async def carried(act: Callable[..., Moved], *args: Any, **kwargs: Any) -> dict[str, Any]:
        with moving():
            moved = await run_in_threadpool(act, *args, **kwargs)
        await desk.carry(moved)
        return {"handover": moved.handover.as_json(), "ownership": moved.ownership.as_state()}

    def colleague(name: str | None) -> Staff | None:
        if name is None:
            return None
        found = desk.access.accounts.get(name)
        if found is None or not found.active or "chat" not in found.may:
            raise ApiError(422, "invalid_request", "没有这位可以接待的同事。", {"to": name})
        return found

    @api.post("/take")
    async def take(body: About, who: Staff = Depends(chat)) -> dict[str, Any]:
        await run_in_threadpool(do.heartbeat, who.name)
        return await carried(do.take, body.conversation, who)

    @api.post("/assign")
    async def assign(body: Passing, who: Staff = Depends(chat)) -> dict[str, Any]:
        to = await run_in_threadpool(colleague, body.to or who.name)
        return await carried(do.assign, body.conversation, to, by=who)

    @api.post("/message")
    async def message(body: Speech, who: Staff = Depends(chat)) -> dict[str, Any]:
        if not body.text.strip():
            raise ApiError(422, "invalid_request", "消息是空的。")
        with answered():
            return await send(desk, who, body.conversation, body.text.strip(), body.version, body.client_id)

    @api.post("/typing", status_code=204)
    async def typing(body: Typing, who: Staff = Depends(chat)) -> None:
        now = await run_in_threadpool(do.get, body.conversation)
        if now.owner == "human" and who.name in (now.agent, *now.joined):
            await desk.hub.publish(f"conversation:{body.conversation}", {"type": "typing", "actor": "human", "name": who.display, "on": body.on})

    @api.post("/note", status_code=201)
    async def note(body: Text, who: Staff = Depends(chat)) -> dict[str, Any]:
        row = await run_in_threadpool(notes.add, desk.engine, body.conversation, who, body.text.strip(), do.now())
        await desk.hub.publish("desk", {"type": "note", "note": row})
        return row

    @api.post("/transfer")
    async def transfer(body: Passing, who: Staff = Depends(chat)) -> dict[str, Any]:
        if (body.to is None) == (body.skill is None):
            raise ApiError(422, "invalid_request", "请选择同事或技能组中的一个。")
        if body.skill and body.skill not in desk.records.policy.company.departments:
            raise ApiError(422, "invalid_request", "没有这个技能组。", {"skill": body.skill})
        to = await run_in_threadpool(colleague, body.to)
        done = await carried(do.transfer, body.conversation, who, to=to, skill=body.skill, note=body.note)
        if body.note:
            await run_in_threadpool(notes.add, desk.engine, body.conversation, who, f"转交：{body.note}", do.now())
        return done

    @api.post("/join")
    async def join(body: About, who: Staff = Depends(chat)) -> dict[str, Any]:
        return await carried(do.join, body.conversation, who)

    @api.post("/return")
    async def hand_back(body: HandBack, who: Staff = Depends(chat)) -> dict[str, Any]:
        """The instruction stays with the handover, where the bot's side reads it."""
        return await carried(do.return_to_bot, body.conversation, who, body.note)

    @api.post("/wrap_up")
    async def wrap(body: WrapUp, who: Staff = Depends(chat)) -> dict[str, Any]:
        if body.outcome is not None:
            await run_in_threadpool(wrap_up.check, desk.records.policy, body.cause, body.lesson, body.outcome)
        now = await run_in_threadpool(do.get, body.conversation)
        if now.state == "wrap_up" and now.held_by(who.name):
            done = {"handover": now.as_json(), "ownership": now.ownership().as_state()}
        else:
            done = await carried(do.wrap_up, body.conversation, who)
        if body.outcome is not None:
            await run_in_threadpool(wrap_up.keep, desk.engine, body.conversation, who, body.cause, body.lesson, body.outcome, do.now())
        return done

    @api.post("/close")
    async def close(body: About, who: Staff = Depends(chat)) -> dict[str, Any]:
        now = await run_in_threadpool(do.get, body.conversation)
        if not await run_in_threadpool(wrap_up.done, desk.engine, body.conversation, now.accepted_at):
            raise ApiError(422, "wrap_up_missing", "请先填写小结：原因、教训和结果。")
        return await carried(do.close, body.conversation, who)

    @api.post("/presence")
    def presence(available: Literal["yes", "no"] | None = None, who: Staff = Depends(chat)) -> dict[str, Any]:
        do.heartbeat(who.name, available=None if available is None else available == "yes")
        return {"available": do.present().get(who.name, False)}

    return api
