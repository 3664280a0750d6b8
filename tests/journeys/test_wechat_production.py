"""The product as it is run in earnest: `tingsu serve --workers 2` on real Redis and PostgreSQL, stores that stop, a server that is killed."""
from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from websockets import connect
from websockets.exceptions import ConnectionClosed, InvalidStatusCode

from bot.commands.train import fingerprint
from bot.settings import ROOT
from tests.bot.channels.fake_tencent import Tencent
from tests.bot.channels.tencent_posts import APPID, TOKEN, message, stamp, xml
from tests.conftest import Server, free_port, stop, wait_until_ready
from tests.journeys.stores import PostgresServer, RedisServer
from tests.journeys.test_wechat_crash import tencent_online, until

pytestmark = pytest.mark.slow
MACHINE = {"Authorization": "Bearer machine"}


@dataclass
class Production:
    """The server can be killed and started anew; the stores outlive it."""

    folder: Path
    redis: RedisServer
    postgres: PostgresServer
    tencent: Tencent
    settings: dict[str, str]
    port: int
    process: subprocess.Popen | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """In its own thread, because Tencent's stand-in lives in this loop."""
        with open(self.folder / "server.log", "ab") as log:
            self.process = subprocess.Popen(["./tingsu", "serve", "--workers", "2", "--port", str(self.port)], cwd=ROOT, env=self.settings, stdout=log, stderr=log,
                                            start_new_session=True)
        wait_until_ready(Server(self.base, self.folder, self.process.pid), self.process)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    async def transcript(self, conversation: str) -> list[tuple[str, str]]:
        async with httpx.AsyncClient(base_url=self.base, headers=MACHINE, timeout=30) as web:
            answer = await web.get(f"/api/v1/conversations/{conversation}/messages")
        return [(m["actor"], m["text"]) for m in answer.json()] if answer.status_code == 200 else []

    async def answered(self, conversation: str, seconds: float = 60) -> list[tuple[str, str]]:
        end = time.monotonic() + seconds
        while "bot" not in dict(rows := await self.transcript(conversation)):
            assert time.monotonic() < end, f"no answer: {rows}"
            await asyncio.sleep(0.2)
        return rows


@pytest.fixture(scope="module")
async def production(tmp_path_factory: pytest.TempPathFactory, model: Path) -> AsyncIterator[Production]:
    folder = tmp_path_factory.mktemp("production")
    redis, postgres = RedisServer(folder), PostgresServer()
    (folder / "models").mkdir()
    shutil.copy(model, folder / "models" / "tingsu.tar.gz")
    (folder / "models" / "tingsu.tar.stamp").write_text(fingerprint(), encoding="ascii")
    async with tencent_online() as (tencent, api):
        settings = {k: v for k, v in os.environ.items() if not k.startswith("TINGSU_")} | {
            "TINGSU_VAR_DIR": str(folder), "TINGSU_API_TOKEN": "machine", "TINGSU_RATE_LIMITS": "off", "TINGSU_REDIS_URL": redis.url,
            "TINGSU_DATABASE_URL": postgres.url, "TINGSU_WECHAT_APPID": APPID, "TINGSU_WECHAT_SECRET": "secret", "TINGSU_WECHAT_TOKEN": TOKEN,
            "TINGSU_WECHAT_ORIGINAL_ID": "gh_house", "TINGSU_WECHAT_API": api}
        made = Production(folder, redis, postgres, tencent, settings, free_port())
        await asyncio.to_thread(made.start)
        try:
            yield made
        finally:
            stop(made.process)
            redis.stop()
            postgres.remove()


@pytest.fixture
async def web(production: Production) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=production.base, timeout=30, limits=httpx.Limits(max_connections=40)) as calls:
        yield calls


async def rest(web: httpx.AsyncClient, sender: str, text: str) -> httpx.Response:
    return await web.post("/webhooks/rest/webhook", json={"sender": sender, "message": text})


async def wechat(web: httpx.AsyncClient, who: str, text: str) -> httpx.Response:
    return await web.post("/webhooks/wechat", content=xml(message(text, who=who)), params=stamp())


async def test_fault_2_five_hundred_duplicate_deliveries_are_ten_messages_with_one_answer_each(production, web):
    posts = [(xml(message("上周买的洗衣机漏水", who=f"twin-{n}", msg_id="24000000000000001")), stamp()) for n in range(10)] * 50
    answers = await asyncio.gather(*[web.post("/webhooks/wechat", content=body, params=query) for body, query in posts])
    assert Counter(a.text for a in answers) == {"success": 500}
    await until(lambda: len({who for who, _ in production.tencent.sent}) == 10, 60)
    await asyncio.sleep(4)                                    # one more sweep of each worker: nothing comes twice
    for n in range(10):
        rows = await production.transcript(f"wechat-wx-twin-{n}")
        assert [actor for actor, _ in rows].count("customer") == 1
        said = [text for actor, text in rows if actor != "customer"]
        assert len(said) == len(set(said)) and "".join(production.tencent.texts(f"twin-{n}")).count(said[0]) == 1


async def test_fault_12_without_redis_nothing_is_promised_over_rest_and_wechat_is_answered_later(production, web):
    assert (await rest(web, "redis-1", "你好")).status_code == 200
    production.redis.stop()
    try:
        refused = await rest(web, "redis-1", "洗衣机坏了")
        assert refused.status_code == 503 and set(refused.json()["error"]) == {"code", "message", "details"} and refused.json()["error"]["code"] == "unavailable"
        assert ("customer", "洗衣机坏了") not in await production.transcript("redis-1")
        assert (await wechat(web, "redis-2", "洗衣机坏了")).text == "success"
        assert await production.transcript("wechat-wx-redis-2") == [("customer", "洗衣机坏了")]
        assert (await web.get("/healthz")).status_code == 200
    finally:
        production.redis.start()
    assert (await rest(web, "redis-1", "洗衣机坏了")).status_code == 200
    await production.answered("wechat-wx-redis-2")
    await until(lambda: production.tencent.texts("redis-2"))


async def test_fault_12_without_the_database_everything_is_refused_and_nothing_is_half_done(production, web):
    assert (await rest(web, "db-1", "你好")).status_code == 200
    before = await production.transcript("db-1")
    production.postgres.stop()
    try:
        for refused in (await rest(web, "db-1", "洗衣机坏了"), await wechat(web, "db-2", "洗衣机坏了")):
            assert refused.status_code == 503 and refused.json()["error"]["code"] == "unavailable"
        assert await hello(production) == "closed"
    finally:
        production.postgres.start()
    assert await production.transcript("db-1") == before and await production.transcript("wechat-wx-db-2") == []
    assert (await rest(web, "db-1", "洗衣机坏了")).status_code == 200
    assert (await wechat(web, "db-2", "洗衣机坏了")).text == "success"
    await production.answered("wechat-wx-db-2")
    assert await hello(production) == "session"


async def hello(production: Production) -> str:
    """What the widget's socket says first."""
    try:
        async with connect(production.base.replace("http", "ws") + "/ws/chat") as socket:
            await socket.send(json.dumps({"type": "hello", "token": None}))
            return json.loads(await asyncio.wait_for(socket.recv(), 15))["type"]
    except (ConnectionClosed, InvalidStatusCode):
        return "closed"


async def test_live_events_come_back_with_redis(production):
    """A message handled by either worker is shown in a socket that was opened before Redis was away."""
    async with connect(production.base.replace("http", "ws") + "/ws/chat") as socket:
        await socket.send(json.dumps({"type": "hello", "token": None}))
        assert json.loads(await socket.recv())["type"] == "session"
        production.redis.stop()
        production.redis.start()
        await asyncio.sleep(1.5)                              # the readers try again every half second
        await socket.send(json.dumps({"type": "message", "id": "m1", "text": "洗衣机漏水"}))
        frames = []
        while not any(f["type"] == "message" and f["message"]["actor"] == "bot" for f in frames):
            frames.append(json.loads(await asyncio.wait_for(socket.recv(), 20)))
        assert frames[0]["type"] in ("accepted", "message")


async def test_fault_12_a_server_that_is_killed_right_after_acknowledging_answers_once_when_it_is_back(production):
    async with httpx.AsyncClient(base_url=production.base, timeout=30) as web:
        assert (await wechat(web, "killed", "上周买的洗衣机漏水，转人工")).text == "success"
    production.kill()
    await asyncio.to_thread(production.start)
    rows = await production.answered("wechat-wx-killed")
    await until(lambda: production.tencent.texts("killed"))
    await asyncio.sleep(4)
    rows = await production.transcript("wechat-wx-killed")
    said = [text for actor, text in rows if actor != "customer"]
    assert [actor for actor, _ in rows].count("customer") == 1 and len(said) == len(set(said))
    assert "".join(production.tencent.texts("killed")).count(said[0]) == 1
