"""The widget's socket over a real server: order, origins, floods, the database away, and customers whom the company's site vouches for."""
from __future__ import annotations

import asyncio
import json
import time
from contextlib import asynccontextmanager

import jwt
import pytest
from websockets import connect
from websockets.exceptions import ConnectionClosed, InvalidStatusCode

from bot.channels.files import Files
from bot.channels.identity import Identities
from bot.channels.limits import RateLimit
from bot.channels.settings import ChannelSettings
from bot.channels.visitor import Visitors
from bot.channels.web import WebChannel
from bot.settings import SettingsError
from kb_connector.errors import Unavailable
from tests.bot.channels.conftest import house  # noqa: F401
from tests.journeys.test_socketio import serving

SECRET = "the-shop-signs-with-this-secret-of-its-own"


@asynccontextmanager
async def online(home, tmp_path, limit=None):
    channel = WebChannel(home.reception, Visitors("key"), Files(tmp_path / "uploads"), limit or RateLimit(1, 20, enabled=False), company="百货", bot_name="小诉",
                         origins=("https://shop.example",), bursts=home.channels.bursts, identities=Identities(SECRET))
    home.app.include_router(channel.router())
    async with serving(home) as base:
        yield base.replace("http", "ws") + "/ws/chat"


class Page:
    """One tab with the widget."""

    def __init__(self, socket) -> None:
        self.socket, self.frames = socket, []

    async def hello(self, **more) -> dict:
        await self.socket.send(json.dumps({"type": "hello", "token": None, **more}))
        return await self.hears("session")

    async def say(self, *texts: str) -> None:
        for n, text in enumerate(texts):
            await self.socket.send(json.dumps({"type": "message", "id": f"{text}-{n}", "text": text}))

    async def hears(self, kind: str) -> dict:
        while True:
            frame = json.loads(await asyncio.wait_for(self.socket.recv(), 5))
            self.frames.append(frame)
            if frame["type"] == kind:
                return frame


def signed(subject: str = "member-7", *, secret: str = SECRET, expires: float = 600, algorithm: str = "HS256", **claims) -> str:
    return jwt.encode({"sub": subject, "exp": int(time.time() + expires), **claims}, secret, algorithm=algorithm)


async def test_what_one_connection_sends_is_kept_in_its_order(house, tmp_path):  # noqa: F811
    home = house(quiet=0.2)
    said = [f"第{n}句" for n in range(30)]
    async with online(home, tmp_path) as url, connect(url) as socket:
        page = Page(socket)
        conversation = (await page.hello())["token"].rpartition(".")[0]
        await page.say(*said)
        accepted = [(await page.hears("accepted"))["id"] for _ in said]
        await asyncio.sleep(0.5)
        assert accepted == [f"{text}-{n}" for n, text in enumerate(said)]
        assert [text for actor, text in home.rows(conversation) if actor == "customer"] == said
        assert "\n".join(text for _, text, _ in home.engine.turns) == "\n".join(said)


async def test_a_page_of_another_origin_is_refused_and_a_listed_one_is_not(house, tmp_path):  # noqa: F811
    async with online(house(), tmp_path) as url:
        with pytest.raises(InvalidStatusCode) as refused:
            async with connect(url, extra_headers={"Origin": "https://evil.example"}):
                pass
        assert refused.value.status_code == 403
        async with connect(url, extra_headers={"Origin": "https://shop.example"}) as socket:
            assert (await Page(socket).hello())["type"] == "session"


async def test_a_flood_is_slowed_down_and_another_visitor_is_not(house, tmp_path):  # noqa: F811
    async with online(house(), tmp_path, RateLimit(0.01, 3)) as url, connect(url) as flood, connect(url) as other:
        pages = [Page(flood), Page(other)]
        for page in pages:
            await page.hello()
        await pages[0].say(*"一二三四五")
        assert (await pages[0].hears("error"))["code"] == "too_many_requests"
        await pages[1].say("正常")
        assert (await pages[1].hears("accepted"))["id"] == "正常-0"


async def test_a_huge_frame_ends_the_connection_and_nothing_is_kept(house, tmp_path):  # noqa: F811
    home = house()
    async with online(home, tmp_path) as url, connect(url) as socket:
        page = Page(socket)
        conversation = (await page.hello())["token"].rpartition(".")[0]
        with pytest.raises(ConnectionClosed):
            await page.say("长" * 300_000)
            await page.hears("accepted")
        assert home.rows(conversation) == []


async def test_without_the_database_nothing_is_accepted_and_the_repeated_message_arrives_once(house, tmp_path):  # noqa: F811
    home = house()
    async with online(home, tmp_path) as url:
        async with connect(url) as socket:
            page = Page(socket)
            token = (await page.hello())["token"]
            repair = home.break_database()
            await page.say("洗衣机坏了")
            with pytest.raises(ConnectionClosed) as closed:
                await page.hears("accepted")
            assert closed.value.code == 1013
        repair()
        async with connect(url) as socket:
            page = Page(socket)
            assert (await page.hello(token=token))["history"] == []
            for _ in range(2):
                await page.say("洗衣机坏了")
                await page.hears("accepted")
        assert [row for row in home.rows(token.rpartition(".")[0]) if row[0] == "customer"] == [("customer", "洗衣机坏了")]


async def test_a_turn_that_cannot_begin_is_made_up_for_later(house, tmp_path):  # noqa: F811
    home = house()
    async with online(home, tmp_path) as url, connect(url) as socket:
        page = Page(socket)
        await page.hello()
        begin, home.reception._turns.turn = home.reception._turns.turn, lambda _: _Raising()
        await page.say("洗衣机坏了")
        await page.hears("accepted")
        await asyncio.sleep(0.3)
        home.reception._turns.turn, home.now.ahead = begin, 10
        await home.channels._recover()
        while (await page.hears("message"))["message"]["actor"] != "bot":
            pass
        assert page.frames[-1]["message"]["text"] == "收到：洗衣机坏了"


class _Raising:
    async def __aenter__(self):
        raise Unavailable("Redis is away")

    async def __aexit__(self, *_):
        return None


# ---- customers whom the company's site vouches for


async def test_a_signed_customer_has_one_conversation_on_every_device(house, tmp_path):  # noqa: F811
    home = house()
    async with online(home, tmp_path) as url:
        async with connect(url) as phone:
            page = Page(phone)
            first = await page.hello(identity=signed(name="王丽"), context={"order": "TS1", "customer": "forged"})
            await page.say("洗衣机坏了")
            await page.hears("accepted")
        async with connect(url) as desktop:
            second = await Page(desktop).hello(identity=signed(), token="web-other.sig", after="99999")
        assert second["token"] == first["token"] and [m["text"] for m in second["history"]][:1] == ["洗衣机坏了"]
        context = home.reception.transcript.known(first["token"].rpartition(".")[0])["context"]
        assert context == {"order": "TS1", "customer": "member-7", "customer_name": "王丽"}


FORGED = {"other secret": signed(secret="x" * 40), "expired": signed(expires=-3600), "no algorithm": signed(secret="", algorithm="none"), "not a token": "a.b.c",
          "no end": jwt.encode({"sub": "member-7"}, SECRET), "no subject": jwt.encode({"exp": int(time.time() + 60)}, SECRET), "a number": 7, "endless": "x" * 5000}


@pytest.mark.parametrize("identity", FORGED.values(), ids=FORGED)
async def test_a_forged_or_expired_identity_is_nobodys(house, tmp_path, identity):  # noqa: F811
    async with online(house(), tmp_path) as url, connect(url) as mine, connect(url) as theirs:
        own = await Page(mine).hello(identity=signed())
        other = await Page(theirs).hello(identity=identity)
        assert other["token"] != own["token"] and other["history"] == []


async def test_after_signing_out_the_kept_token_alone_opens_nothing(house, tmp_path):  # noqa: F811
    async with online(house(), tmp_path) as url, connect(url) as mine, connect(url) as later:
        page = Page(mine)
        own = await page.hello(identity=signed())
        await page.say("我的手机号是13800000000")
        await page.hears("accepted")
        other = await Page(later).hello(token=own["token"])
        assert other["token"] != own["token"] and other["history"] == []


def test_a_short_secret_is_named():
    with pytest.raises(SettingsError, match="TINGSU_IDENTITY_SECRET"):
        ChannelSettings.from_environment({"TINGSU_IDENTITY_SECRET": "short"})
