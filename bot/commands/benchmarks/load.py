"""The measured conversations: a number of customers at once, or one very long conversation."""
from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import yaml

from bot.commands.benchmarks.http import Connection

_names = itertools.count()


@dataclass(frozen=True)
class Load:
    """What a number of clients saw."""

    turns: int
    seconds: float
    latencies: tuple[float, ...]

    @property
    def per_second(self) -> float:
        return self.turns / self.seconds

    def percentile(self, part: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] * 1000


def dialogues() -> list[list[str]]:
    """What the customers say."""
    return yaml.safe_load((Path(__file__).parent / "dialogues.yml").read_text(encoding="utf-8"))


async def talk(port: int, *, clients: int, turns: int, moved: Callable[[int], None] = lambda _: None) -> Load:
    """`clients` customers at once, each one conversation after another, until about `turns` messages were answered."""
    latencies: list[float] = []
    queue = itertools.islice(itertools.cycle(dialogues()), max(clients, turns // 10))

    async def customer() -> None:
        connection = Connection(port)
        for lines in queue:
            sender = f"bench-{time.time_ns()}-{next(_names)}"
            for line in lines:
                began = time.perf_counter()
                await connection.say(sender, line)
                latencies.append(time.perf_counter() - began)
                moved(1)
        connection.close()

    began = time.perf_counter()
    await asyncio.gather(*(customer() for _ in range(clients)))
    return Load(len(latencies), time.perf_counter() - began, tuple(latencies))


async def long_conversation(port: int, upto: int, moved: Callable[[int], None] = lambda _: None) -> list[float]:
    """Seconds of every turn of one conversation; the customer says the same dialogues over and over."""
    connection, sender, took = Connection(port), f"bench-long-{time.time_ns()}", []
    for line in itertools.islice(itertools.cycle(itertools.chain(*dialogues())), upto):
        began = time.perf_counter()
        await connection.say(sender, line)
        took.append(time.perf_counter() - began)
        moved(1)
    connection.close()
    return took


async def prolonged_conversation(port: int, turns: int) -> tuple[list[float], list[float]]:
    """(early turns, turns after `turns`) on stock Rasa, whose turns grow so slow that its own first ones are repeated into the tracker.

    The events of ten real turns are appended through Rasa's API until the conversation is that long; then ten real turns are measured.
    """
    connection, sender = Connection(port), f"bench-long-{time.time_ns()}"
    lines = [*itertools.islice(itertools.cycle(itertools.chain(*dialogues())), 30)]
    early = [await _timed(connection, sender, line) for line in lines[:20]]
    events = [e for e in (await connection.request("GET", f"/conversations/{sender}/tracker"))["events"] if not _opens_session(e)]
    for _ in range((turns - 20) // 20):
        await connection.request("POST", f"/conversations/{sender}/tracker/events?include_events=NONE", events)
    late = [await _timed(connection, sender, line) for line in lines[20:]]
    connection.close()
    return early, late


def _opens_session(event: dict[str, Any]) -> bool:
    """Such an event would make Rasa forget what was before it."""
    return event["event"] == "session_started" or event.get("name") in ("action_session_start", "action_restart")


async def _timed(connection: Connection, sender: str, line: str) -> float:
    began = time.perf_counter()
    await connection.say(sender, line)
    return time.perf_counter() - began


def around(took: list[float], turn: int, width: int = 20) -> float:
    """Median milliseconds of the turns around `turn`."""
    first = max(0, min(turn - width // 2, len(took) - width))
    return median(took[first:first + width]) * 1000
