"""Speed at the REST channel: the same dialogues against stock Rasa and against this project, in one run."""
from __future__ import annotations

import asyncio
from collections.abc import Callable
from statistics import median
from typing import Any

from bot.commands.benchmarks.load import Load, around, long_conversation, prolonged_conversation, talk
from bot.commands.benchmarks.sides import Running, Trained

ROUNDS, LONG = 3, 500
Figures = dict[str, float]
Say = Callable[[str], None]

# figure, its name for people, unit, is more better?
ROWS = (
    ("turns_per_s_1", "turns/s, 1 client", "", True), ("turns_per_s_8", "turns/s, 8 clients", "", True),
    ("p50_1", "p50, 1 client", "ms", False), ("p99_1", "p99, 1 client", "ms", False),
    ("p50_8", "p50, 8 clients", "ms", False), ("p99_8", "p99, 8 clients", "ms", False),
    ("cpu_ms", "processor per turn", "ms", False), ("turn_10", "turn 10", "ms", False), ("turn_500", f"turn {LONG}", "ms", False),
    ("start_s", "start to first answer", "s", False), ("train_s", "training", "s", False), ("memory_mb", "memory (PSS)", "MB", False))


async def measure(running: Running, *, turns: int, long: Callable[[int], Any], say: Say) -> Figures:
    """All figures of a started side; the first round warms up and is not counted."""
    figures: Figures = {"start_s": await running.servers[0].answers(running.port)}
    await talk(running.port, clients=4, turns=80)
    ones, eights, cpu = [], [], []
    for i in range(ROUNDS):
        say(f"round {i + 1} of {ROUNDS}")
        ones.append(await talk(running.port, clients=1, turns=turns))
        before = running.cpu()
        eights.append(await talk(running.port, clients=8, turns=turns * 2))
        cpu.append((running.cpu() - before) / eights[-1].turns * 1000)
    figures |= _middle(ones, 1) | _middle(eights, 8) | {"cpu_ms": median(cpu), "memory_mb": running.weight()}
    say(f"one conversation of {LONG} turns")
    early, late = await long(running.port)
    return figures | {"turn_10": around(early, 10), "turn_500": around(late, len(late))}


def _middle(loads: list[Load], clients: int) -> Figures:
    return {f"turns_per_s_{clients}": median(x.per_second for x in loads), f"p50_{clients}": median(x.percentile(0.5) for x in loads),
            f"p99_{clients}": median(x.percentile(0.99) for x in loads)}


async def ours_long(port: int) -> tuple[list[float], list[float]]:
    took = await long_conversation(port, LONG)
    return took[:20], took[-20:]


async def stock_long(port: int) -> tuple[list[float], list[float]]:
    return await prolonged_conversation(port, LONG)


def compare(models: Trained, start: dict[str, Callable[[Trained], Running]], say: Say) -> dict[str, Figures]:
    """Both sides, one after the other: never two servers at a time on one machine."""
    figures: dict[str, Figures] = {}
    for name, (turns, long, seconds) in {"stock": (60, stock_long, models.stock_seconds), "tingsu": (400, ours_long, models.ours_seconds)}.items():
        running = start[name](models)
        try:
            figures[name] = asyncio.run(measure(running, turns=turns, long=long, say=lambda text, name=name: say(f"{name}: {text}"))) | {"train_s": seconds}
        finally:
            running.stop()
    return figures


def ratios(figures: dict[str, Figures]) -> Figures:
    """How many times better this project is; for every row more is better."""
    stock, ours = figures["stock"], figures["tingsu"]
    return {key: ours[key] / stock[key] if more else stock[key] / ours[key] for key, _, _, more in ROWS}


