"""What happens around the messages: followers come and go, photos are fetched. Every job is kept before it is begun."""
from __future__ import annotations

import asyncio
from typing import Any

import structlog
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from bot.channels.agents import Agents
from bot.channels.files import Files
from bot.channels.intake import Intake
from bot.channels.jobs import Job
from bot.channels.tencent import Refused
from bot.channels.wechat.courier import Line
from bot.channels.wechat.messages import Heard
from bot.http_errors import ApiError
from bot.reception.delivery import DeliveryFailed
from bot.reception.tables import conversations
from kb_connector.database import reading, writing

log = structlog.get_logger()
EVENT, PHOTO = "wechat_event", "wechat_photo"


class Followers:
    def __init__(self, intake: Intake, lines: dict[str, Line], files: Files, engine: Any, *, company: str) -> None:
        self._intake, self._lines, self._files, self._engine, self._company = intake, lines, files, engine, company
        self._agents = Agents(intake.reception, "wechat", "公众号客服")

    async def happened(self, conversation: str, message: Heard) -> None:
        """Keep an event; a repeated delivery finds it known."""
        body = {"conversation": conversation, "kind": message.kind, "at": message.at, "refill": message.refill, "context": dict(message.context)}
        job = await self._intake.aside(self._intake.jobs.take, f"{conversation}:{message.key}", EVENT, body)
        if job and message.kind == "event:subscribe":
            await self.run(job)                               # quick, and a passive account answers with it
        elif job:
            self._intake.spawn(self.run(job))

    async def photo(self, account: str, conversation: str, message: int, media: str) -> None:
        body = {"account": account, "conversation": conversation, "message": message, "media": media}
        job = await self._intake.aside(self._intake.jobs.take, f"{conversation}:photo:{message}", PHOTO, body)
        if job:
            self._intake.spawn(self.run(job))

    async def run(self, job: Job) -> None:
        """Safe to repeat."""
        try:
            await (self._fetch(job.body) if job.kind == PHOTO else self._event(job, job.body))
        except (Refused, DeliveryFailed, ApiError) as exc:
            log.warning("wechat_job_failed", kind=job.kind, error=str(exc))
            await self._intake.aside(self._intake.jobs.failed, job)
            return
        await self._intake.done(job)

    async def _fetch(self, body: dict[str, Any]) -> None:
        """WeChat keeps media for three days: fetched at once, checked by content, hashed, kept."""
        data = await self._lines[body["account"]].api.media(body["media"])
        kept = await asyncio.to_thread(self._files.keep, body["conversation"], "照片", data)
        await self._intake.attach(body["message"], {"id": kept.id, "url": kept.url, "type": kept.type, "name": "照片", "sha256": kept.sha256})

    async def _event(self, job: Job, body: dict[str, Any]) -> None:
        conversation, kind = body["conversation"], body["kind"].removeprefix("event:")
        if kind == "unsubscribe":
            await self._intake.outbox.unreachable(conversation)
            await self._intake.aside(self._intake.reception.handovers.abandoned, conversation)
            return
        await self._intake.outbox.heard(conversation, "wechat", body["refill"], float(body["at"]))
        if kind == "subscribe":
            await self._intake.aside(self._know, conversation)
            await self._intake.say(conversation, "channel_welcome", job=job, company=self._company)
        elif kind == "kf_create_session":
            await self._agents.took(conversation)
        elif kind == "kf_close_session":
            await self._agents.ended(conversation)
        else:
            log.info("wechat_event", kind=kind)

    def _know(self, conversation: str) -> None:
        """A follower who has not written yet."""
        with reading(self._engine) as db:
            if db.execute(select(conversations.c.id).where(conversations.c.id == conversation)).first():
                return
        now = self._intake.reception._clock().isoformat()
        try:
            with writing(self._engine) as db:
                db.execute(insert(conversations).values(id=conversation, channel="wechat", created_at=now, last_at=now, swept=1))
        except IntegrityError:
            return
