"""Bursts: what a customer sends in quick succession gets one answer.

Nothing is kept here that a crash could take away: the messages wait in the transcript as unanswered rows, and a flush
answers whatever waits there. A timer only decides when to look, so a second worker or a restart finds the same rows.
"""
from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from bot.reception.reception import Reception
from bot.reception.transcript import Message
from kb_connector.database import aside

_AT_ONCE = frozenset(("转人工", "人工", "人工客服", "找人工", "转人工客服"))
_CHARACTERS = 4000


def hurried(message: Message) -> bool:
    """Buttons, commands and photos do not wait for more."""
    return bool(message.metadata.get("choice") or message.metadata.get("attachment")) or message.text.startswith("/") or message.text.strip() in _AT_ONCE


def first_burst(waiting: Sequence[Message], *, most: int = 10) -> tuple[Message, ...]:
    """The messages from the start of `waiting` that get one answer together."""
    burst: list[Message] = []
    for message in waiting[:most]:
        length = sum(len(m.text) for m in burst) + len(message.text)
        if burst and (hurried(message) or hurried(burst[0]) or length > _CHARACTERS):
            break
        burst.append(message)
    return tuple(burst)


def joined(burst: Sequence[Message]) -> Message:
    """One message for the engine: the last one's id, everybody's lines and secrets, and all rows that the answer settles."""
    if len(burst) == 1:
        return burst[0]
    secrets = sorted({s for m in burst for s in m.metadata.get("secrets") or ()})
    metadata = burst[-1].metadata | ({"secrets": secrets} if secrets else {})
    return replace(burst[-1], text="\n".join(m.text for m in burst if m.text), metadata=metadata, burst=tuple(m.id for m in burst))


@dataclass
class _Held:
    """A burst that is still growing."""

    first: float
    last: float
    count: int = 0
    full: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task | None = None


class Bursts:
    """`quiet` seconds without a message end a burst, `most` seconds or `count` messages at the latest."""

    def __init__(self, reception: Reception, *, quiet: float = 1.2, most: float = 3.0, count: int = 10) -> None:
        self._reception, self._quiet, self._most, self._count = reception, quiet, most, count
        self._aside = partial(aside, reception.transcript.engine)
        self._held: dict[str, _Held] = {}
        self._under_way: Counter[str] = Counter()

    async def add(self, message: Message, channel: str) -> None:
        """Returns once the burst with this message is answered; raises NotReady like `Reception.answer`."""
        now = asyncio.get_running_loop().time()
        held = self._held.setdefault(message.conversation, _Held(now, now))
        held.last, held.count = now, held.count + 1
        held.task = held.task or asyncio.create_task(self._hold(message.conversation, channel, held))
        if hurried(message) or held.count >= self._count or await self._with_a_person(message.conversation):
            held.full.set()
        await asyncio.shield(held.task)

    async def _with_a_person(self, conversation: str) -> bool:
        return (await self._aside(self._reception.handovers.current, conversation)).owner == "human"

    async def _hold(self, conversation: str, channel: str, held: _Held) -> None:
        loop = asyncio.get_running_loop()
        while not held.full.is_set() and (left := min(held.last + self._quiet, held.first + self._most) - loop.time()) > 0:
            try:
                await asyncio.wait_for(held.full.wait(), left)
            except asyncio.TimeoutError:
                continue
        self._held.pop(conversation, None)
        await self.flush(conversation, channel)

    async def flush(self, conversation: str, channel: str) -> None:
        """Answer everything that waits, burst by burst, in order."""
        self._under_way[conversation] += 1
        try:
            await self._flush(conversation, channel)
        finally:
            self._under_way[conversation] -= 1
            if not self._under_way[conversation]:
                del self._under_way[conversation]

    async def _flush(self, conversation: str, channel: str) -> None:
        seen: set[tuple[int, ...]] = set()
        while burst := first_burst(await self._aside(self._reception.transcript.waiting, conversation), most=self._count):
            message = joined(burst)
            if message.settles in seen:                       # no progress: somebody else is at it, or it cannot be answered
                return
            seen.add(message.settles)
            await self._reception.answer(message, channel)

    async def recover(self, channels: Sequence[str], older_than: str) -> int:
        """After a crash or a cold start: answer what waits, bursts joined as they would have been."""
        if self._reception.engine is None:
            return 0
        waiting = await self._aside(self._reception.transcript.unanswered, older_than)
        found = {m.conversation: m.metadata.get("channel") for m in waiting if m.metadata.get("channel") in channels}
        for conversation, channel in found.items():
            if conversation not in self._held and conversation not in self._under_way:      # a turn may be slow without being lost
                await self.flush(conversation, channel)
        return len(found)
