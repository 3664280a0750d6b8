"""What every push channel does with a message: keep it, acknowledge, answer in the background."""
from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from functools import partial
from typing import Any

import structlog
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from bot.channels.choices import offered, picked
from bot.channels.jobs import Job, Jobs
from bot.dialogue.case import Case
from bot.dialogue.wording import Phrasebook
from bot.reception.inbound import Inbound
from bot.reception.merging import Bursts
from bot.reception.outbox import Outbox
from bot.reception.reception import NotReady, Reception
from bot.reception.tables import messages
from bot.reception.transcript import Message
from kb_connector.database import aside, writing

log = structlog.get_logger()


class Intake:
    """`words` are the channels' own; `engine` is the database."""

    def __init__(self, reception: Reception, bursts: Bursts, outbox: Outbox, jobs: Jobs, words: Phrasebook, engine: Any) -> None:
        self.reception, self.bursts, self.outbox, self.jobs, self.words = reception, bursts, outbox, jobs, words
        self._engine, self.aside = engine, partial(aside, engine)
        self._tasks: set[asyncio.Task] = set()

    async def keep(self, inbound: Inbound, *, refill: str | None, at: float) -> tuple[Message, bool]:
        """Durable and free of duplicates; the quota that the platform opens is counted from it."""
        inbound = await self._with_choice(inbound)
        try:
            message, new = await self.reception.accept(inbound)
        except IntegrityError:                                # two first messages of one customer at once
            message, new = await self.reception.accept(inbound)
        if inbound.channel in self.outbox.couriers:
            await self.outbox.heard(inbound.conversation, inbound.channel, refill, at)
        return message, new

    async def _with_choice(self, inbound: Inbound) -> Inbound:
        if inbound.choice or not inbound.text or len(inbound.text) > 60:
            return inbound
        latest = await self.aside(self.reception.transcript.latest, inbound.conversation, 10)
        return replace(inbound, choice=picked(inbound.text, offered(latest)))

    def answer_soon(self, message: Message, channel: str, *, excuse: str | None = None) -> asyncio.Task:
        """The turn, after the acknowledgement."""
        return self.spawn(self.excuse(message, excuse) if excuse else self._answer(message, channel))

    async def _answer(self, message: Message, channel: str) -> None:
        try:
            await self.bursts.add(message, channel)
        except NotReady:
            log.info("kept_while_warming_up", channel=channel)

    async def excuse(self, message: Message, key: str) -> None:
        """Say why it could not be read; a person who has the conversation sees it anyway."""
        if (await self.aside(self.reception.handovers.current, message.conversation)).owner != "human":
            await self.say(message.conversation, key, seed=str(message.id))
        await self.aside(self.reception.transcript.settle, message.id)

    async def say(self, conversation: str, key: str, *, seed: str = "", job: Job | None = None, **values: str) -> None:
        """The channel's own words; `job` is done in the same transaction."""
        done = (lambda db, _: self.jobs.finish(db, job.key)) if job else None
        await self.reception.deliver(conversation, "bot", self.words.say(key, Case(), seed=conversation + seed, **values), stage="answering", beside=done)

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task:
        """Background work that is not lost from sight."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception():
            log.error("channel_work_failed", error=type(task.exception()).__name__)

    async def attach(self, message: int, attachment: dict[str, Any]) -> None:
        """A photo that was fetched after its message was kept."""
        def write() -> None:
            with writing(self._engine) as db:
                row = db.execute(messages.select().where(messages.c.id == message)).one()
                db.execute(update(messages).where(messages.c.id == message).values(metadata=(row.metadata or {}) | {"attachment": attachment}))
        await self.aside(write)

    def overheard(self, key: str, conversation: str, text: str) -> bool:
        """What the platform's own people said, in one transaction with its key: it counts as sent. False for a known key; sync."""
        return self.jobs.once(key, lambda db: self.outbox.rows.said_elsewhere(db, conversation, text, self.reception._clock().isoformat()))

    async def done(self, job: Job) -> None:
        await self.aside(self.jobs.done, job.key)

    async def settle(self) -> None:
        """Wait for what is under way."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.outbox.settle()
