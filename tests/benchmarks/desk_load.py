"""The desk under load: live conversations, agents at their pages, and messages both ways through a real server with a real Redis.

    python -m tests.benchmarks.desk_load --conversations 300 --agents 40 --rate 10 --seconds 180 --database sqlite

Customers write `rate` messages a second; every third is answered by its agent. Measured: the time from a customer's send to the agent's
page and back, whether anything was lost or came twice (on the lines and in the transcripts), and how the server's memory grows.
"""
from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bot.commands.benchmarks.process import Server, free_port
from bot.commands.test import postgresql, redis_server
from bot.commands.train import fingerprint, model_path
from bot.settings import ROOT, Settings
from tests.benchmarks.desk_people import API, Agent, Customer

TOKEN = "bench"


@dataclass
class Direction:
    """Messages one way: when each was sent, and when it arrived, as often as it did."""

    sent: dict[str, float] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def arrived(self, text: str, at: float) -> None:
        if text in self.sent:
            self.seen[text] += 1
            if self.seen[text] == 1:
                self.seconds.append(at - self.sent[text])

    def figures(self) -> dict[str, Any]:
        ordered = sorted(self.seconds)
        part = lambda p: round(1000 * ordered[min(len(ordered) - 1, int(p * len(ordered)))], 1) if ordered else None      # noqa: E731
        return {"sent": len(self.sent), "lost": len(self.sent) - len(self.seen), "doubled": sum(n > 1 for n in self.seen.values()),
                "p50_ms": part(0.5), "p95_ms": part(0.95), "p99_ms": part(0.99), "worst_ms": part(1.0)}


@dataclass(frozen=True)
class Load:
    conversations: int = 300
    agents: int = 40
    rate: float = 10.0
    seconds: float = 180.0


class Scene:
    """Everybody at their place; `run` is the measured part."""

    def __init__(self, base: str, load: Load) -> None:
        self.base, self.load = base, load
        self.to_agents, self.to_customers = Direction(), Direction()
        self.refused: Counter[str] = Counter()
        self.customers = [Customer(base, self.to_customers.arrived) for _ in range(load.conversations)]
        self.agents = [Agent(base, f"agent{n}", self.to_agents.arrived) for n in range(load.agents)]
        self.machine = httpx.AsyncClient(base_url=f"http://{base}", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60, trust_env=False)

    async def arrange(self) -> None:
        """All customers have asked for a person, and each agent has taken a share."""
        await _some_at_a_time(4, [lambda a=a: a.sign_in(self.machine) for a in self.agents])
        await _some_at_a_time(20, [c.arrive for c in self.customers])
        await _some_at_a_time(20, [c.ask_for_a_person for c in self.customers])
        until = time.monotonic() + 120
        while len((await self.machine.get(f"{API}/queue")).json()["items"]) < len(self.customers):
            if time.monotonic() > until:
                raise RuntimeError("not everybody came into the queue")
            await asyncio.sleep(0.3)
        await _some_at_a_time(8, [lambda c=c, n=n: self.agent_of(n).take(c.conversation) for n, c in enumerate(self.customers)])
        await asyncio.gather(*(a.caught_up() for a in self.agents))

    def agent_of(self, customer: int) -> Agent:
        return self.agents[customer % len(self.agents)]

    async def run(self) -> None:
        """An even stream: the next message leaves when it is due, whatever became of the ones before."""
        began, number, under_way = time.perf_counter(), 0, set()
        while (due := began + number / self.load.rate) < began + self.load.seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            under_way.add(task := asyncio.create_task(self._exchange(number)))
            task.add_done_callback(under_way.discard)
            number += 1
        await asyncio.gather(*under_way)
        await asyncio.sleep(3)

    async def _exchange(self, number: int) -> None:
        at = number % len(self.customers)
        customer, text = self.customers[at], f"第{number}条：洗衣机还在漏水，什么时候能来看"
        self.to_agents.sent[text] = time.perf_counter()
        await customer.say(text, f"m{number}")
        if number % 3 == 0:
            answer = f"第{number}答：师傅正在联系，马上告诉您时间"
            self.to_customers.sent[answer] = time.perf_counter()
            try:
                await self.agent_of(at).reply(customer.conversation, answer)
            except httpx.HTTPError as exc:                # the agent is told so, and nothing was promised to the customer
                self.refused[_why(exc)] += 1
                del self.to_customers.sent[answer]

    async def kept(self) -> dict[str, int]:
        """What the transcripts say: every text once."""
        seen: Counter[str] = Counter()
        for customer in self.customers:
            rows = (await self.machine.get(f"/api/v1/conversations/{customer.conversation}/messages")).raise_for_status().json()
            seen.update(row["text"] for row in rows)
        wanted = [*self.to_agents.sent, *self.to_customers.sent]
        return {"lost": sum(seen[text] == 0 for text in wanted), "doubled": sum(seen[text] > 1 for text in wanted)}

    async def leave(self) -> None:
        await asyncio.gather(*(p.leave() for p in (*self.customers, *self.agents)), self.machine.aclose(), return_exceptions=True)


def _why(exc: httpx.HTTPError) -> str:
    return exc.response.text[:120] if isinstance(exc, httpx.HTTPStatusError) else type(exc).__name__


async def _some_at_a_time(most: int, jobs: list[Callable[[], Any]]) -> None:
    places = asyncio.Semaphore(most)

    async def one(job: Callable[[], Any]) -> None:
        async with places:
            await job()
    await asyncio.gather(*(one(job) for job in jobs))


async def measured(server: Server, port: int, load: Load, say: Callable[[str], None]) -> dict[str, Any]:
    """Arrange, run, count."""
    await server.answers(port)
    scene = Scene(f"127.0.0.1:{port}", load)
    try:
        say(f"{load.agents} agents sign in, {load.conversations} customers come")
        await scene.arrange()
        say(f"{load.rate:g} messages a second for {load.seconds:g} s")
        weights, cpu, began = [], server.cpu(), time.perf_counter()
        weighing = asyncio.create_task(_weigh(server, began, weights))
        await scene.run()
        weighing.cancel()
        used = (server.cpu() - cpu) / (time.perf_counter() - began)
        return {"conversations": load.conversations, "agents": load.agents, "rate": load.rate, "seconds": load.seconds,
                "customer_to_agent": scene.to_agents.figures(), "agent_to_customer": scene.to_customers.figures(), "refused": dict(scene.refused), "transcripts": await scene.kept(),
                "memory_mb": {"start": round(weights[0][1], 1), "end": round(weights[-1][1], 1), "per_minute": round(60 * _slope(weights[len(weights) // 3:]), 2)},
                "processor": round(used, 2)}
    finally:
        await scene.leave()


async def _weigh(server: Server, began: float, weights: list[tuple[float, float]]) -> None:
    """Aside, so that it delays nobody's clock."""
    while True:
        weights.append((time.perf_counter() - began, await asyncio.to_thread(server.weight)))
        await asyncio.sleep(2)


def _slope(points: list[tuple[float, float]]) -> float:
    """Least squares; the first third is left out by the caller: caches fill."""
    mean_x, mean_y = (sum(p[i] for p in points) / len(points) for i in (0, 1))
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


def bench(load: Load, *, database: str = "sqlite", workers: int = 1, model: Path | None = None, say: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Figures of one run on a server, a Redis and a database of its own."""
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="tingsu-desk-load-")))
        (folder / "models").mkdir()
        shutil.copy(model or model_path(Settings.from_environment()), folder / "models" / "tingsu.tar.gz")
        (folder / "models" / "tingsu.tar.stamp").write_text(fingerprint(), encoding="ascii")
        url = f"sqlite:///{folder / 'tingsu.db'}"
        if database == "postgresql":
            url, why = running.enter_context(postgresql())
            if url is None:
                raise RuntimeError(why)
        port = free_port()
        own = {"TINGSU_VAR_DIR": str(folder), "TINGSU_API_TOKEN": TOKEN, "TINGSU_RATE_LIMITS": "off", "TINGSU_REDIS_URL": running.enter_context(redis_server()),
               "TINGSU_DATABASE_URL": url, "TINGSU_NOW": ""}
        server = Server([sys.executable, "-m", "bot.cli", "serve", "--port", str(port), "--workers", str(workers)], folder / "server.log", environment=own, cwd=ROOT)
        running.callback(server.stop)
        try:
            return {"database": database, "workers": workers, **asyncio.run(measured(server, port, load, say))}
        except Exception:
            say((folder / "server.log").read_text(encoding="utf-8", errors="replace")[-3000:])
            raise


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, kind in (("conversations", int), ("agents", int), ("rate", float), ("seconds", float)):
        words.add_argument(f"--{name}", type=kind, default=getattr(Load, name))
    words.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    words.add_argument("--workers", type=int, default=1)
    words.add_argument("--json", type=Path)
    given = words.parse_args()
    figures = bench(Load(given.conversations, given.agents, given.rate, given.seconds), database=given.database, workers=given.workers,
                    say=lambda line: print(f"  … {line}", file=sys.stderr, flush=True))
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    print(text)
    if given.json:
        given.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
