"""Fetches what customers said to a customer-service account: one puller per account, a cursor that is kept, no message twice."""
from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import structlog

from bot.channels.files import Files
from bot.channels.intake import Intake
from bot.channels.jobs import Job
from bot.channels.tencent import Refused
from bot.channels.wecom.api import WecomApi
from bot.channels.wecom.messages import AGENT, CUSTOMER, SYSTEM, Said, said
from bot.channels.wecom.mirror import Mirror
from bot.dialogue.case import Case
from bot.http_errors import ApiError
from bot.reception.inbound import Inbound
from bot.reception.delivery import DeliveryFailed

log = structlog.get_logger()
CHANNEL, SYNC, PHOTO, EVENT = "wecom", "wecom_sync", "wecom_photo", "wecom_event"
_UNREACHABLE = (1, 2, 8, 9, 10)


class Puller:
    """`turn` gives one puller per account; `max_age` is for the first pull only, when Tencent replays three days."""

    def __init__(self, api: WecomApi, intake: Intake, mirror: Mirror, files: Files, turn: Callable[[str], Any], *, company: str, max_age: int,
                 now: Callable[[], float] = time.time) -> None:
        self._api, self._intake, self._mirror, self._files, self._turn = api, intake, mirror, files, turn
        self._company, self._max_age, self._now = company, max_age, now

    async def run(self, job: Job) -> None:
        """Each job was kept before it was begun, and is safe to repeat."""
        work = {SYNC: self._sync, PHOTO: self._photo, EVENT: self._event}[job.kind]
        try:
            await work(job.body)
        except (Refused, DeliveryFailed, ApiError) as exc:
            log.warning("wecom_job_failed", kind=job.kind, error=str(exc))
            await self._intake.aside(self._intake.jobs.failed, job)
            return
        await self._intake.done(job)

    async def _later(self, key: str, kind: str, body: dict[str, Any]) -> None:
        """Kept now, done beside; nothing for a key that is known."""
        job = await self._intake.aside(self._intake.jobs.take, key, kind, body)
        if job:
            self._intake.spawn(self.run(job))

    async def _sync(self, body: dict[str, Any]) -> None:
        async with self._turn(f"wecom-sync:{body['open_kfid']}"):
            await self._pull(body["open_kfid"], body.get("token"))

    async def _pull(self, open_kfid: str, token: str | None) -> None:
        name = f"{CHANNEL}:{open_kfid}"
        cursor = await self._intake.aside(self._intake.jobs.cursor, name)
        oldest = self._now() - self._max_age if cursor is None else 0.0
        while True:
            page = await self._api.sync(open_kfid, cursor, token)
            for raw in page.get("msg_list") or []:
                if (one := said(raw, open_kfid)) is not None:
                    await self._take(one, oldest)
            following = page.get("next_cursor") or cursor
            if following and following != cursor:              # only after everything on the page is kept
                await self._intake.aside(self._intake.jobs.move, name, following)
            if not page.get("has_more") or following == cursor:
                return
            cursor = following

    async def _take(self, one: Said, oldest: float) -> None:
        if one.origin == CUSTOMER and one.kind != "event":
            await self._customer(one, answer=one.at >= oldest)
        elif one.origin == AGENT:
            await self._agent(one)
        elif one.origin == SYSTEM and one.at >= oldest:
            await self._system(one)
        elif one.origin == CUSTOMER:
            log.info("wecom_event_of_customer", kind=one.event)

    async def _customer(self, one: Said, *, answer: bool) -> None:
        photo = {"type": "image/jpeg", "name": "照片", "media": one.media} if one.media else None
        text = "" if photo else one.text or f"[{one.kind}]"
        inbound = Inbound.read(one.conversation, text, CHANNEL, external=one.msgid, choice=one.choice, attachment=photo)
        message, new = await self._intake.keep(inbound, refill="message", at=one.at)
        if one.media:
            await self._later(f"{one.conversation}:photo:{message.id}", PHOTO, {"conversation": one.conversation, "message": message.id, "media": one.media})
        if not new:
            return
        if not answer:
            await self._intake.aside(self._intake.reception.transcript.settle, message.id)
            return
        turn = self._intake.answer_soon(message, CHANNEL, excuse=one.excuse)
        turn.add_done_callback(lambda _: self._intake.spawn(self._afterwards(one.conversation)))

    async def _afterwards(self, conversation: str) -> None:
        """Our last words go out before Tencent's queue takes the customer; then only its people may write."""
        await self._intake.outbox.flush(conversation, CHANNEL)
        await self._mirror.offer(conversation)

    async def _photo(self, body: dict[str, Any]) -> None:
        """Tencent keeps media for three days: checked by content, hashed, kept."""
        kept = await asyncio.to_thread(self._files.keep, body["conversation"], "照片", await self._api.media(body["media"]))
        await self._intake.attach(body["message"], {"id": kept.id, "url": kept.url, "type": kept.type, "name": "照片", "sha256": kept.sha256})

    async def _agent(self, one: Said) -> None:
        """Tencent's people wrote to the customer: into the transcript, not answered, not sent again."""
        if one.text and await self._intake.aside(self._intake.overheard, f"wecom-agent:{one.msgid}", one.conversation, one.text):
            await self._intake.reception.write_back(one.conversation, "staff", one.text)

    async def _system(self, one: Said) -> None:
        await self._later(f"wecom-event:{one.msgid}", EVENT, {"conversation": one.conversation, "event": one.event, "details": one.details})

    async def _event(self, body: dict[str, Any]) -> None:
        details = body["details"]
        if body["event"] == "enter_session" and details.get("welcome_code"):
            await self._welcome(str(details["welcome_code"]))
        elif body["event"] == "session_status_change":
            await self._mirror.changed(body["conversation"], details)
        elif body["event"] == "msg_send_fail":
            kind = int(details.get("fail_type") or 0)
            rows, failed = self._intake.outbox.rows, str(details.get("fail_msgid") or "?")
            await self._intake.aside(rows.bounced, failed, drop=kind in _UNREACHABLE, reason=f"fail_type {kind}")
        else:
            log.info("wecom_event", kind=body["event"])

    async def _welcome(self, code: str) -> None:
        """Within 20 seconds, outside the quota; too late is no harm."""
        try:
            await self._api.send_on_event(code, self._intake.words.say("channel_welcome", Case(), seed=code, company=self._company))
        except (Refused, DeliveryFailed) as exc:
            log.info("wecom_welcome_missed", error=str(exc))
