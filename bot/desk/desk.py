"""The desk, wired: everything its API needs, handed over by the application."""
from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import structlog
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool

from bot.desk.access import Access
from bot.desk.bars import Bars
from bot.desk.handover_rows import Moved
from bot.desk.handovers import Handovers
from bot.desk.oncall import Ringing
from bot.desk.settings import DeskSettings
from bot.desk.staff import Staff
from bot.dialogue.case import Case
from bot.http_errors import ApiError
from bot.reception.hub import Hub
from bot.reception.ownership import Notice, Ownership
from bot.reception.transcript import Message, Transcript
from kb_connector.errors import ConnectorError
from kb_connector.records import Records

log = structlog.get_logger()


class Deliver(Protocol):
    async def __call__(self, conversation: str, actor: str, text: str, *, name: str | None = None, stage: str | None = None,
                       metadata: dict[str, Any] | None = None) -> Message:
        """Keep the message, publish it, and send it on the customer's channel."""


class FileStore(Protocol):
    """Where photos are kept; `of` is what a message says of one, None unless the conversation owns it."""

    most: int

    def keep(self, conversation: str, name: str, data: bytes) -> Any: ...

    def of(self, conversation: str, identity: str | None) -> dict[str, Any] | None: ...


@dataclass(frozen=True)
class Desk:
    """`notify` tells the customer a Notice; `write_back` puts a human turn into the bot's tracker; `allowance` (conversation, channel)
    says how much the platform still lets us send, None for a channel that does not push."""

    engine: Engine
    records: Records
    handovers: Handovers
    access: Access
    hub: Hub
    transcript: Transcript
    deliver: Deliver
    notify: Callable[[str, Notice], Awaitable[Any]]
    case_of: Callable[[str], Awaitable[Case | None]]
    write_back: Callable[[str, str, str], Awaitable[Any]]
    files: FileStore | None = None
    allowance: Callable[[str, str], Awaitable[dict[str, Any] | None]] | None = None
    settings: DeskSettings = DeskSettings()

    @cached_property
    def ringing(self) -> Ringing:
        return Ringing(self.engine, self.hub, self.handovers.rules.ring_seconds, self.settings.oncall)

    @cached_property
    def bars(self) -> Bars:
        return Bars(self.engine, self.records, self.handovers, self.case_of)

    async def open_to(self, who: Staff, conversation: str) -> None:
        """404 for a conversation that nobody knows, and for the person it complains of."""
        await self.bars.check(who, conversation)
        known = await run_in_threadpool(self.transcript.known, conversation)
        if known is None and (await run_in_threadpool(self.handovers.get, conversation)).revision == 0:
            raise ApiError(404, "not_found", "没有这个对话。")

    async def announce(self, conversation: str, ownership: Ownership, agent: str | None = None) -> None:
        """Let every listening page know that the conversation changed hands; `agent` is the account that has it now."""
        await self.hub.publish(f"conversation:{conversation}", {"type": "state", "state": ownership.as_state(), "version": ownership.version})
        await self.hub.publish("desk", {"type": "queue", "conversation": conversation, "agent": agent})
        waiting = [h for h in await run_in_threadpool(self.handovers.queue) if h.state == "queued"]
        for place, other in enumerate(waiting, 1):            # whoever waits behind moves up
            if other.conversation != conversation:
                await self.hub.publish(f"conversation:{other.conversation}", {"type": "state", "state": other.ownership(place).as_state(), "version": other.version})

    async def changed(self, conversation: str) -> None:
        await self.hub.publish("desk", {"type": "queue", "conversation": conversation})

    async def carry(self, moved: Moved) -> Moved:
        """After a move: the pages learn of it, and the customer reads the words for it."""
        await self.announce(moved.handover.conversation, moved.ownership, moved.handover.agent)
        if moved.notice:
            await self.notify(moved.handover.conversation, moved.notice)
        return moved

    async def tick(self) -> None:
        """Move on what has run out; called every few seconds by one task per worker (the moves exclude one another)."""
        moves = await run_in_threadpool(self.handovers.expire)
        if self.handovers.rules.auto_assign:
            moves += await self._deal()
        for moved in moves:
            try:
                await self.carry(moved)
            except Exception:            # one customer's channel being away must not cost the others their notice
                log.exception("desk_notice_failed", conversation=moved.handover.conversation)

    async def _deal(self) -> list[Moved]:
        staff = await run_in_threadpool(self.access.accounts.all)
        waiting = await run_in_threadpool(self.handovers.queue)
        apart = await self.bars.apart([h.conversation for h in waiting], staff)
        return await run_in_threadpool(self.handovers.deal, staff, apart)

    async def watch(self, every: float = 5.0) -> None:
        """The clockwork, for ever; the application runs this as a task. A slow webhook holds no timer up."""
        loop, ringing, reporting = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()

        def wake() -> None:
            loop.call_soon_threadsafe(ringing.set)
            loop.call_soon_threadsafe(reporting.set)

        self.handovers.when_called = wake
        await asyncio.gather(_again_and_again(self._tick_and_ring, every, ringing), _again_and_again(self.ringing.report, every, reporting))

    async def _tick_and_ring(self) -> None:
        await self.ringing.ring()
        await self.tick()


async def _again_and_again(job: Callable[[], Awaitable[Any]], every: float, woken: asyncio.Event) -> None:
    while True:
        woken.clear()
        try:
            await job()
        except ConnectorError as exc:
            log.warning("desk_tick_failed", error=str(exc))
        except Exception:                # the timers must go on
            log.exception("desk_tick_failed")
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(woken.wait(), every)
