"""Rasa's Socket.IO events over a real server with a real client."""
from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import httpx
import pytest
import socketio
import uvicorn

from bot.bounded import Bounded
from bot.channels.limits import RateLimit
from bot.channels.socketio import SocketIo
from bot.channels.visitor import Visitors
from bot.dialogue.reply import Reply
from bot.reception.ownership import Ownership
from tests.bot.channels.conftest import house  # noqa: F401


@asynccontextmanager
async def serving(home, limit: RateLimit | None = None):
    """The application on a free port."""
    channel = SocketIo(home.channels.intake, Visitors("key"), limit or RateLimit(1, 20, enabled=False), origins=("https://shop.example",))
    home.app.mount("/socket.io", channel.asgi)
    home.app.add_middleware(Bounded)
    server = uvicorn.Server(uvicorn.Config(home.app, port=0, log_level="error", ws="wsproto", ws_max_size=1_000_000, timeout_graceful_shutdown=1))
    task = asyncio.create_task(server.serve())
    while not server.started:
        assert not task.done(), "the server did not start"
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


class Browser:
    """One page with Rasa's widget: it remembers the session id that it was given."""

    def __init__(self, base: str) -> None:
        self.base, self.session, self.heard = base, None, asyncio.Queue()
        self.socket = socketio.AsyncClient(reconnection=False)
        self.socket.on("bot_uttered", self.heard.put)
        self.confirmed = asyncio.Queue()
        self.socket.on("session_confirm", self.confirmed.put)

    async def open(self, session: str | None = None, transports=("websocket",)) -> str:
        await self.socket.connect(self.base, transports=list(transports))
        await self.socket.emit("session_request", {"session_id": session})
        self.session = await asyncio.wait_for(self.confirmed.get(), 5)
        return self.session

    async def say(self, text: str, **more) -> None:
        await self.socket.emit("user_uttered", {"message": text, "session_id": self.session, **more})

    async def hears(self, seconds: float = 5) -> dict:
        return await asyncio.wait_for(self.heard.get(), seconds)


@pytest.mark.parametrize("transports", [("websocket",), ("polling",)])
async def test_a_message_is_answered_with_rasas_events(house, transports):  # noqa: F811
    async with serving(house()) as base:
        page = Browser(base)
        await page.open(transports=transports)
        await page.say("洗衣机坏了😡")
        answer = await page.hears()
        assert answer["text"] == "收到：洗衣机坏了😡" and set(answer) == {"text", "metadata"}
        assert {"stage", "asks", "ticket", "options", "actor", "sources"} <= set(answer["metadata"])
        await page.socket.disconnect()


async def test_options_are_quick_replies_and_a_click_is_the_choice(house):  # noqa: F811
    home = house()
    home.engine.replies = lambda _: [Reply("对吗？", {"options": [{"id": "confirm:yes", "label": "对"}]})]
    async with serving(home) as base:
        page = Browser(base)
        await page.open()
        await page.say("退款")
        answer = await page.hears()
        assert set(answer) == {"text", "quick_replies", "metadata"}
        await page.say(answer["quick_replies"][0]["payload"])
        await page.hears()
        assert home.engine.turns[-1][2] == "confirm:yes"
        await page.socket.disconnect()


async def test_hijack_whoever_names_anothers_session_gets_one_of_their_own(house):  # noqa: F811
    async with serving(house()) as base:
        victim, thief = Browser(base), Browser(base)
        mine = await victim.open()
        conversation = mine.rpartition(".")[0]
        await victim.say("我的手机号是13800000000")
        await victim.hears()
        for attempt in (conversation, conversation + ".", mine[:-1] + ("A" if mine[-1] != "A" else "B"), "default", "", None, {"a": 1}):
            theirs = Browser(base)
            assert (await theirs.open(attempt)).rpartition(".")[0] != conversation
            await theirs.socket.disconnect()
        await thief.open()
        thief.session = conversation
        await thief.say("把他的消息给我")
        assert (await thief.hears())["text"] == "收到：把他的消息给我"
        await victim.say("还在吗")
        assert (await victim.hears())["text"] == "收到：还在吗" and victim.heard.empty() and thief.heard.empty()
        for page in (victim, thief):
            await page.socket.disconnect()


async def test_what_was_missed_while_away_is_there_on_return_and_nothing_twice(house):  # noqa: F811
    home = house()
    async with serving(home) as base:
        page = Browser(base)
        session = await page.open()
        await page.say("在吗")
        await page.hears()
        await page.socket.disconnect()
        await home.reception.deliver(session.rpartition(".")[0], "staff", "我是小王", name="小王")
        back = Browser(base)
        assert await back.open(session) == session
        missed = await back.hears()
        assert (missed["text"], missed["metadata"]["actor"], missed["metadata"]["name"]) == ("我是小王", "human", "小王") and back.heard.empty()
        await back.socket.disconnect()


async def test_a_second_tab_reads_along(house):  # noqa: F811
    async with serving(house()) as base:
        one, two = Browser(base), Browser(base)
        await two.open(await one.open())
        await one.say("在吗")
        assert (await one.hears())["text"] == (await two.hears())["text"]
        for page in (one, two):
            await page.socket.disconnect()


async def test_a_person_speaks_on_this_channel_too_and_the_bot_is_silent(house):  # noqa: F811
    home = house()
    async with serving(home) as base:
        page = Browser(base)
        conversation = (await page.open()).rpartition(".")[0]
        home.desk.owners[conversation] = Ownership("human", 1, "active", "小王")
        await page.say("有人吗")
        while not home.engine.overheard:
            await asyncio.sleep(0.01)
        await home.reception.deliver(conversation, "staff", "<img src=x onerror=alert(1)>", name="小王")
        assert (await page.hears())["metadata"]["actor"] == "human" and home.engine.turns == []
        await page.socket.disconnect()


async def test_an_old_client_a_foreign_page_and_a_huge_frame_are_refused(house):  # noqa: F811
    async with serving(house()) as base:
        async with httpx.AsyncClient(base_url=base) as web:
            assert (await web.get("/socket.io/?EIO=3&transport=polling")).status_code == 400
            assert (await web.get("/socket.io/?EIO=4&transport=polling", headers={"Origin": "https://evil.example"})).status_code == 400
            for origin in ("https://shop.example", base):
                assert (await web.get("/socket.io/?EIO=4&transport=polling", headers={"Origin": origin})).status_code == 200
            opened = (await web.get("/socket.io/?EIO=4&transport=polling")).text
            assert '"maxPayload":1000000' in opened
            sid = opened.split('"sid":"')[1].split('"')[0]
            assert (await web.post(f"/socket.io/?EIO=4&transport=polling&sid={sid}", content="4" + "x" * 1_100_000)).status_code == 413


async def test_a_flood_is_slowed_down_and_others_are_not(house):  # noqa: F811
    home = house()
    async with serving(home, RateLimit(0.01, 3)) as base:
        page, other = Browser(base), Browser(base)
        await page.open()
        for n in range(6):
            await page.say(f"第{n}条")
        assert "请稍等" in (await page.hears())["text"]
        await other.open()
        await other.say("正常")
        assert (await other.hears())["text"] == "收到：正常"
        for browser in (page, other):
            await browser.socket.disconnect()


async def test_nonsense_frames_change_nothing(house):  # noqa: F811
    home = house()
    async with serving(home) as base:
        page = Browser(base)
        await page.open()
        for frame in (None, "text", {"message": 5}, {"message": ""}, {"message": "\u200b"}, []):
            await page.socket.emit("user_uttered", frame)
        await page.say("好")
        assert (await page.hears())["text"] == "收到：好" and len(home.engine.turns) == 1
        await page.socket.disconnect()
