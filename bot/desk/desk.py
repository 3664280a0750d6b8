"""The desk, wired: everything its API needs, handed over by the application."""
from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool

from bot.desk.access import Access
from bot.desk.handover_rows import Moved
from bot.desk.handovers import Handovers
from bot.dialogue.case import Case
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


@dataclass(frozen=True)
class Desk:
    """`notify` tells the customer a Notice; `write_back` puts a human turn into the bot's tracker."""

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

    async def announce(self, conversation: str, ownership: Ownership) -> None:
        """Let every listening page know that the conversation changed hands."""
        await self.hub.publish(f"conversation:{conversation}", {"type": "state", "state": ownership.as_state(), "version": ownership.version})
        await self.changed(conversation)

    async def changed(self, conversation: str) -> None:
        await self.hub.publish("desk", {"type": "queue", "conversation": conversation})

    async def carry(self, moved: Moved) -> Moved:
        """After a move: the pages learn of it, and the customer reads the words for it."""
        await self.announce(moved.handover.conversation, moved.ownership)
        if moved.notice:
            await self.notify(moved.handover.conversation, moved.notice)
        return moved

    async def tick(self) -> None:
        """Move on what has run out; called every few seconds by one task per worker (the moves exclude one another)."""
        moves = await run_in_threadpool(self.handovers.expire)
        if self.handovers.rules.auto_assign:
            moves += await run_in_threadpool(lambda: self.handovers.deal(self.access.accounts.all()))
        for moved in moves:
            try:
                await self.carry(moved)
            except Exception:            # one customer's channel being away must not cost the others their notice
                log.exception("desk_notice_failed", conversation=moved.handover.conversation)

    async def watch(self, every: float = 5.0) -> None:
        """`tick` for ever; the application runs this as a task."""
        while True:
            try:
                await self.tick()
            except ConnectorError as exc:
                log.warning("desk_tick_failed", error=str(exc))
            except Exception:            # the timers must go on
                log.exception("desk_tick_failed")
            await asyncio.sleep(every)
