"""The outbox: replies for channels that push. Kept before sent, in order, parked when the platform wants no more."""
from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from prometheus_client import Counter

from bot.reception.delivery import ChannelBroken, Courier, SendLater, Undeliverable, WaitForCustomer, pause
from bot.reception.outbox_rows import OutboxRows, Row
from bot.reception.parts import Part, numbered, size
from bot.reception.reception import Reception
from bot.reception.transcript import Message
from kb_connector.database import aside

log = structlog.get_logger()
_AT_ONCE = 8                               # conversations of this process that are sent to at the same time
SENT = Counter("tingsu_outbox_total", "Parts that left the outbox, by channel and end.", ["channel", "state"])


class Outbox:
    """Register `outlet(channel)` for each courier in `Reception.outlets`; run `sweep` every few seconds."""

    def __init__(self, reception: Reception, rows: OutboxRows, turn: Callable[[str], Any], couriers: dict[str, Courier]) -> None:
        self._reception, self.rows, self._turn, self.couriers = reception, rows, turn, couriers
        self._tasks: set[asyncio.Task] = set()
        self._aside = partial(aside, rows.engine)
        self._few = asyncio.Semaphore(_AT_ONCE)

    def outlet(self, channel: str) -> Callable[[str, Message], Any]:
        """For Reception.outlets: it kept a reply; send it without holding reception up."""
        async def push(conversation: str, _: Message) -> None:
            self.soon(conversation, channel)
        return push

    def soon(self, conversation: str, channel: str) -> None:
        task = asyncio.create_task(self._quietly(conversation, channel))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _quietly(self, conversation: str, channel: str) -> None:
        try:
            async with self._few:                             # acknowledgements come first: sending can wait its turn
                await self.flush(conversation, channel)
        except Exception:
            log.exception("outbox_flush_failed", channel=channel)

    async def flush(self, conversation: str, channel: str) -> None:
        """Pack what is new and send from the head until something must wait."""
        courier = self.couriers[channel]
        async with self._turn(f"outbox:{conversation}"):
            await self._aside(self.rows.pack, conversation, channel, courier.most_bytes)
            rows = await self._aside(self.rows.open, conversation)
            for at, row in enumerate(rows):
                if row.state == "parked" or row.next_at > self.rows.now() or not await self._send(courier, row, last=at + 1 == len(rows)):
                    return

    async def _send(self, courier: Courier, row: Row, *, last: bool) -> bool:
        """True when the next part may follow."""
        if await self._stale(row):
            return await self._end(row, "dropped", reason="stale")
        before = await self._aside(self.rows.claim, row, courier.limits)
        if before is None:
            if courier.limits and not (await self._aside(self.rows.quota, row.conversation))[0].left(courier.limits, self.rows.now()):
                await self._end(row, "parked", reason="quota")
            return False
        part = self._with_hint(courier, row, before, last)
        try:
            await courier.send(row.conversation, part, msgid=row.msgid)
        except SendLater as exc:
            after = pause(row.attempts + 1) if exc.after is None else exc.after
            await self._end(row, "ready", reason=str(exc), next_at=self.rows.now() + after, refund=before if exc.certain else None)
        except WaitForCustomer as exc:
            await self._end(row, "parked", reason=str(exc), refund=before, exhausted=courier.limits if exc.exhausted else None)
        except Undeliverable as exc:
            await self._aside(self.rows.drop_all, row.conversation, str(exc))
        except ChannelBroken as exc:
            log.error("channel_broken", channel=row.channel, reason=str(exc))
            await self._end(row, "ready", reason=str(exc), next_at=self.rows.now() + 300.0, refund=before)
        else:
            return await self._end(row, "sent")
        return False

    async def _end(self, row: Row, state: str, **how: Any) -> bool:
        await self._aside(self.rows.finish, row, state, **how)
        SENT.labels(row.channel, state).inc()
        if state in ("parked", "sent") and self.couriers[row.channel].limits:
            await self._reception.hub.publish("desk", {"type": "quota", "conversation": row.conversation, **await self.allowance(row.conversation, row.channel)})
        return state in ("sent", "dropped")

    async def _stale(self, row: Row) -> bool:
        """The bot does not talk over a person, even with a reply that waited."""
        if row.part.actor != "bot":
            return False
        return (await self._aside(self._reception.handovers.current, row.conversation)).owner == "human"

    def _with_hint(self, courier: Courier, row: Row, before: Any, last: bool) -> Part:
        """The last message that may be sent says how to get the rest."""
        if last or not courier.limits or before.left(courier.limits, self.rows.now()) > 1:
            return row.part
        text = f"{row.part.text}\n\n{courier.more}"
        return replace(row.part, text=text) if size(text) <= courier.most_bytes else row.part

    async def heard(self, conversation: str, channel: str, kind: str | None, at: float) -> None:
        """The customer wrote (`message`), clicked (`click`) or just showed up (None): parked replies go out."""
        courier = self.couriers[channel]
        if await self._aside(self.rows.heard, conversation, kind, at, courier.most_bytes):
            self.soon(conversation, channel)

    async def collect(self, conversation: str, channel: str, request: str) -> str | None:
        """What is waiting, as one text, for a platform that only takes it as the answer to a request; it counts as sent.

        The same `request` again (its connection was lost, or this process died before it answered) gets the same parts again.
        """
        courier, mark = self.couriers[channel], "request " + hashlib.sha256(request.encode()).hexdigest()[:32]
        async with self._turn(f"outbox:{conversation}"):
            await self._aside(self.rows.pack, conversation, channel, courier.most_bytes)
            rows = [r for r in await self._aside(self.rows.open, conversation) if r.state != "sending" or r.next_at <= self.rows.now()]
            given = await self._aside(self.rows.given, conversation, mark)
            text, taken = self._fitting(courier, given + [r for r in rows if not await self._dropped(r)])
            for row in taken[len(given):]:
                await self._end(row, "sent", reason=mark)
        return text or None

    def _fitting(self, courier: Courier, rows: list[Row]) -> tuple[str, list[Row]]:
        """As many parts as one answer holds; it says when more wait."""
        text, taken = "", []
        for row in rows:
            longer = "\n\n".join(filter(None, (text, numbered(row.part.text, row.part.options))))
            if taken and size(longer) + size(courier.more) + 2 > courier.most_bytes:
                return f"{text}\n\n{courier.more}", taken
            text, taken = longer, [*taken, row]
        return text, taken

    async def _dropped(self, row: Row) -> bool:
        return await self._stale(row) and await self._end(row, "dropped", reason="stale")

    async def answered(self, conversation: str, *, every: float = 0.1, most: float = 20.0) -> None:
        """Until no message of the conversation waits for its turn, wherever that turn runs."""
        for _ in range(int(most / every)):
            if not await self._aside(self._reception.transcript.waiting, conversation, 1):
                return
            await asyncio.sleep(every)

    async def unreachable(self, conversation: str) -> None:
        await self._aside(self.rows.drop_all, conversation, "unsubscribed")

    async def allowance(self, conversation: str, channel: str) -> dict[str, Any]:
        """For staff: how many messages the platform still takes (None: any number), until when, and how many wait."""
        limits = self.couriers[channel].limits
        quota, waiting = await self._aside(self.rows.quota, conversation)
        if limits is None:
            return {"left": None, "until": None, "waiting": waiting}
        return {"left": quota.left(limits, self.rows.now()), "until": quota.until(limits) if quota.message_at else None, "waiting": waiting}

    async def sweep(self, today: Any) -> int:
        """What is due: later tries, a dead worker's attempts, replies that were kept but never packed."""
        since = (today - timedelta(days=3)).isoformat()
        found = dict(await self._aside(self.rows.unpacked, tuple(self.couriers), since)) | dict(await self._aside(self.rows.due))
        for conversation, channel in found.items():
            if channel in self.couriers:
                await self._quietly(conversation, channel)
        return len(found)

    async def settle(self) -> None:
        """Wait for the sends under way (an orderly stop)."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
