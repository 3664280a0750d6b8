"""One turn at a time per conversation, in the order of arrival."""
from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, AsyncIterator, Iterator, Protocol

from redis.exceptions import RedisError

from kb_connector.errors import Unavailable


class Turns(Protocol):
    def turn(self, conversation: str) -> Any:
        """Async context manager: inside it nobody else answers this conversation. Unavailable where that cannot be promised."""

    async def ready(self) -> None:
        """Unavailable while no turn could begin."""


class LocalTurns:
    """For one process: asyncio's locks are fair."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._waiting: dict[str, int] = defaultdict(int)

    async def ready(self) -> None:
        return None

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
    """For several workers: the local queue first, then one Redis lock per conversation.

    A dead worker's lock lapses after `lapse` seconds; a living one renews it. Whoever loses it all the same finds, when keeping the
    reply, that the message is answered already.
    """

    def __init__(self, redis: Any, *, lapse: float = 2.0) -> None:
        super().__init__()
        self._redis, self._lapse = redis, lapse

    async def ready(self) -> None:
        with _available():
            await self._redis.ping()

    @asynccontextmanager
    async def turn(self, conversation: str) -> AsyncIterator[None]:
        async with super().turn(conversation):
            lock = self._redis.lock(f"tingsu:turn:{conversation}", timeout=self._lapse, sleep=0.01, blocking_timeout=60)
            with _available():
                if not await lock.acquire():
                    raise Unavailable("the conversation is busy")
            renewing = asyncio.create_task(self._renew(lock))
            try:
                yield
            finally:
                renewing.cancel()
                with suppress(RedisError, OSError):           # then it lapses
                    await lock.release()

    async def _renew(self, lock: Any) -> None:
        with suppress(RedisError, OSError):
            while True:
                await asyncio.sleep(self._lapse / 3)
                await lock.reacquire()


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError) as exc:
        raise Unavailable("the workers' common memory is not available right now") from exc
