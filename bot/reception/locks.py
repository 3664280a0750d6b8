"""One turn at a time per conversation, in the order of arrival."""
from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import asynccontextmanager
from typing import Any, AsyncIterator, Protocol


class Turns(Protocol):
    def turn(self, conversation: str) -> Any:
        """Async context manager: inside it nobody else answers this conversation."""


class LocalTurns:
    """For one process: asyncio's locks are fair."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._waiting: dict[str, int] = defaultdict(int)

    @asynccontextmanager
    async def turn(self, conversation: str) -> AsyncIterator[None]:
        self._waiting[conversation] += 1
        try:
            async with self._locks[conversation]:
                yield
        finally:
            self._waiting[conversation] -= 1
            if not self._waiting[conversation]:
                self._locks.pop(conversation, None)
                self._waiting.pop(conversation, None)


class RedisTurns(LocalTurns):
    """For several workers: the local queue first, then one Redis lock per conversation, woken without polling.

    A dead worker's lock lapses after `lapse` seconds; a living one renews nothing because a turn is far shorter.
    """

    def __init__(self, redis: Any, *, lapse: float = 15.0) -> None:
        super().__init__()
        self._redis, self._lapse = redis, lapse

    @asynccontextmanager
    async def turn(self, conversation: str) -> AsyncIterator[None]:
        async with super().turn(conversation):
            async with self._redis.lock(f"tingsu:turn:{conversation}", timeout=self._lapse, sleep=0.01, blocking_timeout=60):
                yield
