"""Accounts that may not push: the reply rides on the answer to the customer's own message.

WeChat waits 5 s and delivers up to three times. All deliveries of a message wait for the same turn; only the newest one
may carry the reply, because the connections of the earlier ones are gone. An earlier one without a reply stays open
until WeChat gives it up, so that WeChat comes again; the third says how to get the reply later.
"""
from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

from bot.reception.outbox import Outbox

HOLD, GIVEN_UP, DELIVERIES = 4.2, 5.5, 3


@dataclass
class _Waiting:
    turn: asyncio.Task
    deliveries: int = 0


class Passive:
    """`busy` is what the third delivery says."""

    def __init__(self, outbox: Outbox, busy: str, *, hold: float = HOLD, given_up: float = GIVEN_UP, most: int = 5000) -> None:
        self._outbox, self._busy = outbox, busy
        self._hold, self._given_up, self._most = hold, given_up, most
        self._waiting: OrderedDict[tuple[str, str], _Waiting] = OrderedDict()

    def expect(self, conversation: str, key: str, turn: asyncio.Task) -> None:
        """The first delivery started this turn."""
        self._waiting[(conversation, key)] = _Waiting(turn)
        if len(self._waiting) > self._most:
            self._waiting.popitem(last=False)

    async def reply(self, conversation: str, key: str, channel: str) -> str | None:
        """The text for this delivery; None: nothing to say."""
        if (conversation, key) not in self._waiting:          # kept by another worker, or before a restart
            self.expect(conversation, key, asyncio.create_task(self._outbox.answered(conversation)))
        waiting = self._waiting[(conversation, key)]
        waiting.deliveries += 1
        mine = waiting.deliveries
        done, _ = await asyncio.wait({waiting.turn}, timeout=self._hold)
        if waiting.deliveries != mine:
            return None
        if done:
            return await self._outbox.collect(conversation, channel, key)
        if mine >= DELIVERIES:
            return self._busy
        await asyncio.sleep(self._given_up - self._hold)
        return None
