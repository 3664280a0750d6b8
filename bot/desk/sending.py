"""A staff member's message: only from whoever has the conversation, under the version they saw, once."""
from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from starlette.concurrency import run_in_threadpool

from bot.desk.desk import Desk
from bot.desk.staff import Staff
from bot.desk.tables import sent
from bot.desk.wording import lint
from bot.http_errors import ApiError
from kb_connector.database import reading, writing

_SENDING = 30.0                                              # seconds after which a sending that nobody finished may be repeated


async def send(desk: Desk, who: Staff, conversation: str, text: str, version: int, client_id: str, *,
               attachment: dict[str, Any] | None = None) -> dict[str, Any]:
    """{"message": id, "repeated": …}: a repeated `client_id` answers with the first message."""
    if blocked := [asdict(f) for f in lint(text) if f.level == "block"]:
        raise ApiError(422, "tone_blocked", "这句话会伤到客户，请换一种说法。", {"findings": blocked})
    known = await run_in_threadpool(_claim, desk, conversation, client_id)
    if known is not None:
        return {"message": str(known), "repeated": True}
    try:
        await run_in_threadpool(_check, desk, who, conversation, version)
        message = await desk.deliver(conversation, "staff", text, name=who.display, stage="handover",
                                     metadata={"actor": "human", "stage": "handover", "client_id": client_id, "agent": who.name,
                                               **({"attachment": attachment} if attachment else {})})
    except BaseException:
        await run_in_threadpool(_release, desk, conversation, client_id)
        raise
    await run_in_threadpool(_keep, desk, conversation, client_id, message.id)
    await desk.write_back(conversation, "staff", text or "〔图片〕")
    await desk.hub.publish("desk", {"type": "message", "conversation": conversation, "message": message.as_json()})
    return {"message": str(message.id), "repeated": False}


def _check(desk: Desk, who: Staff, conversation: str, version: int) -> None:
    now = desk.handovers.get(conversation)
    details = {"version": now.version, "state": now.state, "agent": now.agent}
    if now.version != version:
        raise ApiError(409, "stale_version", "对话刚刚换了负责人，这条消息没有发出。", details)
    if now.owner != "human" or who.name not in (now.agent, *now.joined):
        raise ApiError(409, "not_yours", "这个对话现在不在您手里。", details)


def _claim(desk: Desk, conversation: str, client_id: str) -> int | None:
    """None: it is ours to send. Else the message that was sent for this id already."""
    mine, now = (sent.c.conversation == conversation) & (sent.c.client_id == client_id), time.time()
    try:
        with writing(desk.engine) as db:
            db.execute(insert(sent).values(conversation=conversation, client_id=client_id, at=now))
        return None
    except IntegrityError:
        with reading(desk.engine) as db:
            known = db.execute(select(sent.c.message, sent.c.at).where(mine)).one_or_none()
    if known is not None and known.message is not None:
        return known.message
    if known is None or now - known.at < _SENDING:
        raise ApiError(409, "in_progress", "这条消息正在发送。")
    return _left_behind(desk, conversation, client_id, known.at)


def _left_behind(desk: Desk, conversation: str, client_id: str, began: float) -> int | None:
    """A worker died while it was sending: what it kept counts; else the message is ours to send, if nobody else takes it over first."""
    kept = next((m.id for m in desk.transcript.latest(conversation) if (m.metadata or {}).get("client_id") == client_id), None)
    if kept is not None:
        _keep(desk, conversation, client_id, kept)
        return kept
    mine = (sent.c.conversation == conversation) & (sent.c.client_id == client_id) & (sent.c.at == began)
    with writing(desk.engine) as db:
        if not db.execute(update(sent).where(mine).values(at=time.time())).rowcount:
            raise ApiError(409, "in_progress", "这条消息正在发送。")
    return None


def _keep(desk: Desk, conversation: str, client_id: str, message: int) -> None:
    with writing(desk.engine) as db:
        db.execute(update(sent).where(sent.c.conversation == conversation, sent.c.client_id == client_id).values(message=message))


def _release(desk: Desk, conversation: str, client_id: str) -> None:
    with writing(desk.engine) as db:
        db.execute(delete(sent).where(sent.c.conversation == conversation, sent.c.client_id == client_id))
