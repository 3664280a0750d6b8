"""The outbox: replies for channels that push. Kept before sent, in order, parked when the platform wants no more."""
from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from prometheus_client import Counter

from bot.reception.delivery import ChannelBroken, Courier, SendLater, Undeliverable, WaitForCustomer, pause
from bot.reception.outbox_rows import OutboxRows, Row
from bot.reception.parts import Part, numbered, size
from bot.reception.reception import Reception
from bot.reception.transcript import Message

log = structlog.get_logger()
SENT = Counter("tingsu_outbox_total", "Parts that left the outbox, by channel and end.", ["channel", "state"])


class Outbox:
    """Register `outlet` for each courier's channel in `Reception.outlets`; run `sweep` every few seconds."""

    def __init__(self, reception: Reception, rows: OutboxRows, turn: Callable[[str], Any], couriers: dict[str, Courier]) -> None:
        self._reception, self.rows, self._turn, self.couriers = reception, rows, turn, couriers
        self._tasks: set[asyncio.Task] = set()

    async def outlet(self, conversation: str, message: Message) -> None:
        """Reception kept a reply: send it without holding reception up."""
        known = await asyncio.to_thread(self._reception.transcript.known, conversation)
        if known and known["channel"] in self.couriers:
            self.soon(conversation, known["channel"])

    def soon(self, conversation: str, channel: str) -> None:
        task = asyncio.create_task(self._quietly(conversation, channel))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _quietly(self, conversation: str, channel: str) -> None:
        try:
            await self.flush(conversation, channel)
        except Exception:
            log.exception("outbox_flush_failed", channel=channel)

    async def flush(self, conversation: str, channel: str) -> None:
        """Pack what is new and send from the head until something must wait."""
        courier = self.couriers[channel]
        async with self._turn(f"outbox:{conversation}"):
            await asyncio.to_thread(self.rows.pack, conversation, channel, courier.most_bytes)
            rows = await asyncio.to_thread(self.rows.open, conversation)
            for at, row in enumerate(rows):
                if row.state == "parked" or row.next_at > self.rows.now() or not await self._send(courier, row, last=at + 1 == len(rows)):
                    return

    async def _send(self, courier: Courier, row: Row, *, last: bool) -> bool:
        """True when the next part may follow."""
        if await self._stale(row):
            return await self._end(row, "dropped", reason="stale")
        before = await asyncio.to_thread(self.rows.claim, row, courier.limits)
        if before is None:
            if courier.limits and not (await asyncio.to_thread(self.rows.quota, row.conversation)).left(courier.limits, self.rows.now()):
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
            await asyncio.to_thread(self.rows.drop_all, row.conversation, str(exc))
        except ChannelBroken as exc:
            log.error("channel_broken", channel=row.channel, reason=str(exc))
            await self._end(row, "ready", reason=str(exc), next_at=self.rows.now() + 300.0, refund=before)
        else:
            return await self._end(row, "sent")
        return False

    async def _end(self, row: Row, state: str, **how: Any) -> bool:
        await asyncio.to_thread(lambda: self.rows.finish(row, state, **how))
        SENT.labels(row.channel, state).inc()
        if state in ("parked", "sent"):
            await self._reception.hub.publish("desk", {"type": "quota", "conversation": row.conversation, **await self.allowance(row.conversation, row.channel)})
        return state in ("sent", "dropped")

    async def _stale(self, row: Row) -> bool:
        """The bot does not talk over a person, even with a reply that waited."""
        if row.part.actor != "bot":
            return False
        return (await asyncio.to_thread(self._reception.handovers.current, row.conversation)).owner == "human"

    def _with_hint(self, courier: Courier, row: Row, before: Any, last: bool) -> Part:
        """The last message that may be sent says how to get the rest."""
        if last or not courier.limits or before.left(courier.limits, self.rows.now()) > 1:
            return row.part
        text = f"{row.part.text}\n\n{courier.more}"
        return replace(row.part, text=text) if size(text) <= courier.most_bytes else row.part

    async def heard(self, conversation: str, channel: str, kind: str | None, at: float) -> None:
        """The customer wrote (`message`), clicked (`click`) or just showed up (None): parked replies go out."""
        courier = self.couriers[channel]
        if await asyncio.to_thread(self.rows.heard, conversation, kind, at, courier.most_bytes):
            self.soon(conversation, channel)

    async def collect(self, conversation: str, channel: str) -> str | None:
        """What is waiting, as one text, for a platform that only takes it as the answer to a request; it counts as sent."""
        courier = self.couriers[channel]
        async with self._turn(f"outbox:{conversation}"):
            await asyncio.to_thread(self.rows.pack, conversation, channel, courier.most_bytes)
            rows = [r for r in await asyncio.to_thread(self.rows.open, conversation) if r.state != "sending" or r.next_at <= self.rows.now()]
            taken: list[Row] = []
            text = ""
            for row in rows:
                if await self._stale(row):
                    await self._end(row, "dropped", reason="stale")
                    continue
                longer = "\n\n".join(filter(None, (text, numbered(row.part.text, row.part.options))))
                if taken and size(longer) + size(courier.more) + 2 > courier.most_bytes:
                    text = f"{text}\n\n{courier.more}"
                    break
                text, taken = longer, [*taken, row]
            for row in taken:
                await self._end(row, "sent")
        return text or None

    async def unreachable(self, conversation: str) -> None:
        await asyncio.to_thread(self.rows.drop_all, conversation, "unsubscribed")

    async def allowance(self, conversation: str, channel: str) -> dict[str, Any]:
        """For staff: how many messages are left, until when, and how many wait."""
        limits = self.couriers[channel].limits
        waiting = len(await asyncio.to_thread(self.rows.open, conversation))
        if limits is None:
            return {"left": None, "until": None, "waiting": waiting}
        quota = await asyncio.to_thread(self.rows.quota, conversation)
        return {"left": quota.left(limits, self.rows.now()), "until": quota.until(limits) if quota.message_at else None, "waiting": waiting}

    async def sweep(self, today: Any) -> int:
        """What is due: later tries, a dead worker's attempts, replies that were kept but never packed."""
        since = (today - timedelta(days=3)).isoformat()
        found = dict(await asyncio.to_thread(self.rows.unpacked, tuple(self.couriers), since)) | dict(await asyncio.to_thread(self.rows.due))
        for conversation, channel in found.items():
            if channel in self.couriers:
                await self._quietly(conversation, channel)
        return len(found)

    async def settle(self) -> None:
        """Wait for the sends under way (an orderly stop)."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
