"""Workers that die and workers that compete: real processes, a real database, real Redis."""
from __future__ import annotations

import asyncio
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack, asynccontextmanager, contextmanager

import httpx
import pytest
import uvicorn
from sqlalchemy import select

from bot.reception.tables import messages
from bot.settings import ROOT
from kb_connector.database import open_engine, reading
from tests.bot.channels.fake_tencent import Tencent
from tests.bot.channels.tencent_posts import message, stamp, xml

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@asynccontextmanager
async def tencent_online():
    tencent = Tencent(enforce_quota=False)
    server = uvicorn.Server(uvicorn.Config(tencent.app(), port=0, log_level="error", ws="none"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        assert not task.done(), "the server did not start"
        await asyncio.sleep(0.01)
    try:
        yield tencent, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


class Worker:
    """One process; `kill` is kill -9."""

    def __init__(self, folder, *arguments: str) -> None:
        self.base = f"http://127.0.0.1:{(port := free_port())}"
        self._log = open(folder / f"worker-{port}.log", "w")
        self.process = subprocess.Popen([sys.executable, "-m", "tests.journeys.wechat_house", str(port), *arguments], cwd=ROOT, stdout=self._log, stderr=self._log)

    async def ready(self) -> "Worker":
        async with httpx.AsyncClient() as web:
            for _ in range(600):
                try:
                    await web.get(self.base + "/turns")
                    return self
                except httpx.TransportError:
                    assert self.process.poll() is None, "the worker did not start"
                    await asyncio.sleep(0.1)
        raise AssertionError("the worker did not start in time")

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._log.close()


async def until(true, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.05)


@contextmanager
def redis_online(folder):
    port = free_port()
    process = subprocess.Popen(["redis-server", "--port", str(port), "--save", "", "--dir", str(folder)], stdout=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()


async def test_fault_12_a_worker_killed_in_the_middle_of_a_turn_leaves_exactly_one_answer(tmp_path):
    url = f"sqlite:///{tmp_path / 'house.db'}"
    async with tencent_online() as (tencent, api), httpx.AsyncClient(timeout=10) as web:
        first = await Worker(tmp_path, url, api, "30").ready()
        try:
            for text in ("洗衣机坏了", "才买三天"):
                answer = await web.post(first.base + "/webhooks/wechat", content=xml(message(text)), params=stamp())
                assert answer.text == "success"
            while (await web.get(first.base + "/turns")).json() < 1:
                await asyncio.sleep(0.05)
        finally:
            first.kill()                                      # kept, acknowledged, half answered
        second = await Worker(tmp_path, url, api, "0").ready()
        try:
            await until(lambda: tencent.sent)
            await asyncio.sleep(2.5)                          # two more sweeps: nothing comes twice
        finally:
            second.kill()
    assert tencent.texts() == ["收到：洗衣机坏了\n才买三天"]


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="no redis-server on this machine")
async def test_fault_2_five_hundred_duplicates_on_two_workers_with_redis_are_handled_once(tmp_path):
    posts = [(xml(message(f"第{n}条", who=f"openid-{n}", msg_id="24000000000000001")), stamp()) for n in range(10)] * 50
    with redis_online(tmp_path) as redis, ExitStack() as stack:
        async with tencent_online() as (tencent, api), httpx.AsyncClient(timeout=30, limits=httpx.Limits(max_connections=40)) as web:
            workers = [Worker(tmp_path, f"sqlite:///{tmp_path / 'house.db'}", api, "0.2", redis) for _ in range(2)]
            for worker in workers:
                stack.callback(worker.kill)
            for worker in workers:
                await worker.ready()
            answers = await asyncio.gather(*[web.post(workers[n % 2].base + "/webhooks/wechat", content=body, params=query) for n, (body, query) in enumerate(posts)])
            await until(lambda: len(tencent.sent) >= 10)
            await asyncio.sleep(2.5)
            turns = sum([(await web.get(w.base + "/turns")).json() for w in workers])
    assert Counter(a.text for a in answers) == {"success": 500}
    with reading(open_engine(f"sqlite:///{tmp_path / 'house.db'}")) as db:
        actors = Counter(db.scalars(select(messages.c.actor)))
    assert (actors, turns, len(tencent.sent)) == ({"customer": 10, "bot": 10}, 10, 10)
