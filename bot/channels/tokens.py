"""Access tokens of a platform: fetched once for everybody who waits, renewed once for everybody who failed."""
from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger()
_ECHO = 2.0                                # seconds for which a failed fetch speaks for the next ones
Fetch = Callable[[bool], Awaitable[tuple[str, float]]]


class NoToken(Exception):
    """The platform gives no usable token; asking more often would only use up the quota."""


class Tokens:
    """`fetch(force)` gives (token, seconds it lasts). At most `most` fetches in `window` seconds.

    Tencent's stable tokens are the same for whoever asks, so workers need not share them; a lock per process is enough.
    """

    def __init__(self, fetch: Fetch, *, most: int = 2, window: float = 30.0, now: Callable[[], float] = time.monotonic) -> None:
        self._fetch, self._most, self._window, self._now = fetch, most, window, now
        self._lock = asyncio.Lock()
        self._token, self._until = "", 0.0
        self._fetched: deque[float] = deque(maxlen=most)
        self._failure: tuple[float, Exception] | None = None

    async def get(self) -> str:
        if self._token and self._now() < self._until:
            return self._token
        async with self._lock:
            if not self._token or self._now() >= self._until:
                await self._renew(force=False)
            return self._token

    async def renew(self, failed: str) -> str:
        """Another token than `failed`; whoever comes second gets what the first one fetched. Raises NoToken."""
        async with self._lock:
            if self._token != failed:
                return self._token
            await self._renew(force=False)
            if self._token == failed:
                await self._renew(force=True)
            return self._token

    async def _renew(self, *, force: bool) -> None:
        now = self._now()
        if self._failure and now - self._failure[0] < _ECHO:      # whoever waited behind a failed fetch shares its end
            raise self._failure[1]
        if len(self._fetched) == self._most and now - self._fetched[0] < self._window:
            log.error("token_keeps_failing")
            raise NoToken("token refused again and again")
        try:
            self._token, lasts = await self._fetch(force)
        except Exception as exc:
            self._failure = (self._now(), exc)
            raise
        self._fetched.append(now)
        self._until = self._now() + max(30.0, lasts - 300.0)
