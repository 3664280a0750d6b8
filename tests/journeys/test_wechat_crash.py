"""Workers that die between any two steps, and workers that compete: real processes, real kill -9, a real database, real Redis."""
from __future__ import annotations

import asyncio
import multiprocessing
import os
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, asynccontextmanager, contextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from sqlalchemy import select

from bot.commands.benchmarks.process import free_port
from bot.reception.tables import messages
from kb_connector.database import open_engine, reading
from tests.bot.channels.fake_tencent import Tencent
from tests.bot.channels.tencent_posts import kf_callback, message, stamp, xml
from tests.journeys.wechat_house import Plan, live

pytestmark = pytest.mark.slow
NURSERY = multiprocessing.get_context("forkserver")           # imports once, then a worker starts in a tenth of a second
NURSERY.set_forkserver_preload(["tests.journeys.wechat_house"])


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

    def __init__(self, folder, api: str, **plan: Any) -> None:
        plan = {"database": f"sqlite:///{folder / 'house.db'}", **plan}
        self.plan = Plan(free_port(), tencent=api, folder=str(folder), **plan)
        self.base = f"http://127.0.0.1:{self.plan.port}"
        self._log = folder / f"worker-{self.plan.port}.log"
        self.process = NURSERY.Process(target=live, args=(self.plan, str(self._log)), daemon=True)
        self.process.start()

    async def ready(self) -> "Worker":
        async with httpx.AsyncClient() as web:
            for _ in range(600):
                try:
                    await web.get(self.base + "/turns")
                    return self
                except httpx.TransportError:
                    assert self.process.is_alive(), f"the worker did not start:\n{self._log.read_text()[-2000:]}"
                    await asyncio.sleep(0.05)
        raise AssertionError("the worker did not start in time")

    def kill(self) -> None:
        if self.process.is_alive():
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.join()


async def until(true: Callable[[], Any], seconds: float = 90) -> None:
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


# ---- a worker dies between two steps; the next one does the rest

WECHAT = ("the message was kept", "the quota was counted", "the turn was computed", "the reply was kept", "the reply was packed", "the reply was claimed",
          "the reply was sent", "the reply was noted as sent")
WECOM = ("the notice was kept", *WECHAT[:2], "the cursor moved", *WECHAT[2:])
PHOTO = ("the message was kept", "the photo was kept", "the photo was attached")


async def post(web: httpx.AsyncClient, worker: Worker, path: str, body: bytes, query: dict[str, str]) -> bool:
    """As Tencent does it: no answer means that it comes again."""
    try:
        answer = await web.post(worker.base + path, content=body, params=query)
    except httpx.TransportError:
        return False
    assert answer.text == "success"
    return True


async def lived_and_died(tmp_path, api: str, path: str, body: bytes, query: dict[str, str], **plan: Any) -> None:
    """One worker takes the post and dies, the next one finishes; Tencent repeats a post that nobody acknowledged."""
    async with httpx.AsyncClient(timeout=10) as web:
        first = await Worker(tmp_path, api, quiet=0.1, every=0.3, **plan).ready()
        acknowledged = await post(web, first, path, body, query)
        await until(lambda: not first.process.is_alive())
        assert first.process.exitcode == -signal.SIGKILL
        second = await Worker(tmp_path, api, quiet=0.1, every=0.3, ahead=120.0).ready()
        try:
            if not acknowledged:
                assert await post(web, second, path, body, query)
            await until(lambda: not unfinished(tmp_path))
            await asyncio.sleep(0.7)                          # two more sweeps: nothing comes twice
        finally:
            second.kill()


def unfinished(folder) -> int:
    """Customers' messages without an answer, replies not sent, jobs not done."""
    queries = ("SELECT count(*) FROM messages WHERE actor = 'customer' AND answered IS NULL", "SELECT count(*) FROM outbox WHERE state <> 'sent'",
               "SELECT count(*) FROM messages m WHERE actor <> 'customer' AND NOT EXISTS (SELECT 1 FROM outbox_packed p WHERE p.message = m.id)",
               "SELECT count(*) FROM channel_jobs WHERE done IS NULL", "SELECT count(*) FROM reception_calls", "SELECT 1 - min(1, count(*)) FROM messages")
    with reading(open_engine(f"sqlite:///{folder / 'house.db'}")) as db:
        return sum(db.exec_driver_sql(query).scalar() for query in queries)


def kept(folder) -> list[tuple[str, str]]:
    with reading(open_engine(f"sqlite:///{folder / 'house.db'}")) as db:
        return [tuple(row) for row in db.execute(select(messages.c.actor, messages.c.text).order_by(messages.c.id))]


@pytest.mark.parametrize("step", WECHAT)
async def test_fault_12_kill_9_wechat_one_message_one_answer_wherever_the_worker_died(tmp_path, step):
    """The API has no key for repeats: died between sending and noting it, the answer comes a second time, and never a third."""
    async with tencent_online() as (tencent, api):
        await lived_and_died(tmp_path, api, "/webhooks/wechat", xml(message("洗衣机坏了")), stamp(), dies_after=step)
    assert kept(tmp_path) == [("customer", "洗衣机坏了"), ("bot", "收到：洗衣机坏了")]
    assert tencent.texts() == ["收到：洗衣机坏了"] * (2 if step == "the reply was sent" else 1)


@pytest.mark.parametrize("step", WECOM)
async def test_fault_12_kill_9_wecom_one_message_one_answer_wherever_the_worker_died(tmp_path, step):
    async with tencent_online() as (tencent, api):
        tencent.pages["kf-1"] = [[{"msgid": "m1", "open_kfid": "kf-1", "external_userid": "wm-1", "send_time": int(time.time()), "origin": 3, "msgtype": "text",
                                   "text": {"content": "洗衣机坏了"}}]]
        await lived_and_died(tmp_path, api, "/webhooks/wecom", *kf_callback(), dies_after=step, channel="wecom")
    assert kept(tmp_path) == [("customer", "洗衣机坏了"), ("bot", "收到：洗衣机坏了")] and tencent.texts() == ["收到：洗衣机坏了"]


@pytest.mark.parametrize("step", ["the turn was computed", "the reply was kept", "the person was called"])
async def test_fault_12_kill_9_whoever_asked_for_a_person_is_in_the_queue_once(tmp_path, step):
    async with tencent_online() as (tencent, api):
        await lived_and_died(tmp_path, api, "/webhooks/wechat", xml(message("转人工")), stamp(), dies_after=step)
    assert [actor for actor, _ in kept(tmp_path)] == ["customer", "bot", "system"] and "".join(tencent.texts()).count("收到：转人工") == 1


@pytest.mark.parametrize("step", PHOTO)
async def test_fault_12_kill_9_a_photo_is_fetched_all_the_same(tmp_path, step):
    """The answer is on its way beside it: the worker may die just when it was sent and not yet noted."""
    async with tencent_online() as (tencent, api):
        await lived_and_died(tmp_path, api, "/webhooks/wechat", xml(message(None, MsgType="image", MediaId="media-1")), stamp(), dies_after=step)
    with reading(open_engine(f"sqlite:///{tmp_path / 'house.db'}")) as db:
        rows = db.execute(select(messages).order_by(messages.c.id)).all()
    assert [row.actor for row in rows] == ["customer", "bot"] and set(tencent.texts()) == {"收到：我发了一张照片"} and len(tencent.sent) <= 2
    assert (tmp_path / "uploads" / rows[0].metadata["attachment"]["id"]).is_file()


async def test_fault_12_kill_9_in_the_middle_of_a_turn_the_burst_is_answered_as_one(tmp_path):
    async with tencent_online() as (tencent, api), httpx.AsyncClient(timeout=10) as web:
        first = await Worker(tmp_path, api, seconds=30.0).ready()
        try:
            for text in ("洗衣机坏了", "才买三天"):
                assert await post(web, first, "/webhooks/wechat", xml(message(text)), stamp())
            while (await web.get(first.base + "/turns")).json() < 1:
                await asyncio.sleep(0.05)
        finally:
            first.kill()                                      # kept, acknowledged, half answered
        second = await Worker(tmp_path, api, every=0.3, ahead=120.0).ready()
        try:
            await until(lambda: tencent.sent)
            await asyncio.sleep(0.7)
        finally:
            second.kill()
    assert tencent.texts() == ["收到：洗衣机坏了\n才买三天"]


# ---- workers that compete


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="no redis-server on this machine")
async def test_fault_2_five_hundred_duplicates_on_two_workers_with_redis_are_handled_once(tmp_path):
    posts = [(xml(message(f"第{n}条", who=f"openid-{n}", msg_id="24000000000000001")), stamp()) for n in range(10)] * 50
    with redis_online(tmp_path) as redis, ExitStack() as stack:
        async with tencent_online() as (tencent, api), httpx.AsyncClient(timeout=30, limits=httpx.Limits(max_connections=40)) as web:
            workers = [Worker(tmp_path, api, seconds=0.2, redis=redis) for _ in range(2)]
            for worker in workers:
                stack.callback(worker.kill)
            for worker in workers:
                await worker.ready()
            answers = await asyncio.gather(*[web.post(workers[n % 2].base + "/webhooks/wechat", content=body, params=query) for n, (body, query) in enumerate(posts)])
            await until(lambda: len(tencent.sent) >= 10)
            await asyncio.sleep(2.5)
            turns = sum([(await web.get(w.base + "/turns")).json() for w in workers])
    assert Counter(a.text for a in answers) == {"success": 500}
    assert (Counter(actor for actor, _ in kept(tmp_path)), turns, len(tencent.sent)) == ({"customer": 10, "bot": 10}, 10, 10)


def share_of_a_core() -> float:
    """How much of a core this machine has for us just now."""
    started, used = time.perf_counter(), time.process_time()
    while time.process_time() - used < 0.3:
        pass
    return 0.3 / (time.perf_counter() - started)


async def test_wechat_is_acknowledged_within_300_ms_at_fifty_posts_a_second_while_turns_take_five_seconds(tmp_path):
    seconds, before = [], share_of_a_core()
    async with tencent_online() as (tencent, api), httpx.AsyncClient(timeout=30, limits=httpx.Limits(max_connections=100)) as web:
        worker = await Worker(tmp_path, api, seconds=5.0).ready()

        async def one(n: int) -> None:
            await asyncio.sleep(n / 50)
            body, query, started = xml(message(f"第{n}条", who=f"openid-{n}")), stamp(), time.perf_counter()
            assert await post(web, worker, "/webhooks/wechat", body, query)
            seconds.append(time.perf_counter() - started)

        try:
            await asyncio.gather(*[one(n) for n in range(500)])
            await until(lambda: len(tencent.sent) == 500, 120)
        finally:
            worker.kill()
    assert len(set(tencent.texts())) == 500
    seconds.sort()
    said = f"acknowledged: p50 {seconds[250] * 1000:.0f} ms, p99 {seconds[495] * 1000:.0f} ms, longest {seconds[-1] * 1000:.0f} ms"
    print(said)
    if seconds[495] > 0.3 and (share := min(before, share_of_a_core())) < 0.75:
        pytest.skip(f"{said}; other work leaves this machine {share:.0%} of a core, which tells nothing")
    assert seconds[495] <= 0.3
