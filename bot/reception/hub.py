"""Fan-out of live events to whoever listens: browser sockets of customers and staff."""
from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from contextlib import asynccontextmanager
from typing import Any, AsyncIterator, Protocol

import structlog
from redis.exceptions import RedisError

log = structlog.get_logger()
Event = dict[str, Any]


class Hub(Protocol):
    """Topics are plain names: `desk`, `conversation:<id>`."""

    async def publish(self, topic: str, event: Event) -> None:
        """Hand `event` to every present subscriber; nobody waits."""

    def subscribe(self, *topics: str) -> Any:
        """Async context manager giving an `asyncio.Queue` of (topic, event)."""

    async def close(self) -> None: ...


class LocalHub:
    """All subscribers live in this process. A slow one loses its oldest events and is told so."""

    def __init__(self, *, most: int = 1000) -> None:
        self._most = most
        self._queues: dict[str, set[asyncio.Queue]] = defaultdict(set)

    async def publish(self, topic: str, event: Event) -> None:
        self.deliver(topic, event)

    def deliver(self, topic: str, event: Event) -> None:
        for queue in tuple(self._queues.get(topic, ())):
            if queue.full():
                queue.get_nowait()
                queue.put_nowait((topic, {"type": "lagged"}))
                continue
            queue.put_nowait((topic, event))

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[asyncio.Queue]:
        queue: asyncio.Queue = asyncio.Queue(self._most)
        for topic in topics:
            self._queues[topic].add(queue)
        try:
            yield queue
        finally:
            for topic in topics:
                self._queues[topic].discard(queue)
                if not self._queues[topic]:
                    del self._queues[topic]

    async def close(self) -> None:
        self._queues.clear()


class RedisHub(LocalHub):
    """One Redis channel joins the local hubs of all workers."""

    CHANNEL = "tingsu:events"

    def __init__(self, redis: Any, *, most: int = 1000) -> None:
        super().__init__(most=most)
        self._redis = redis
        self._reader: asyncio.Task | None = None

    async def start(self) -> None:
        self._reader = asyncio.create_task(self._read())

    async def publish(self, topic: str, event: Event) -> None:
        try:
            await self._redis.publish(self.CHANNEL, json.dumps([topic, event], ensure_ascii=False))
        except (RedisError, OSError) as exc:                  # the event is a courtesy, what it tells is kept: at least this worker's listeners hear it
            log.warning("events_stay_local", error=type(exc).__name__)
            self.deliver(topic, event)

    async def _read(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as channel:
                    await channel.subscribe(self.CHANNEL)
                    while True:
                        message = await channel.get_message(ignore_subscribe_messages=True, timeout=30)
                        if message:
                            self.deliver(*json.loads(message["data"]))
            except (RedisError, OSError):
                await asyncio.sleep(0.5)

    async def close(self) -> None:
        if self._reader:
            self._reader.cancel()
        await super().close()
