"""A house with reception and channels, Tencent's stand-in next door, and an engine whose answers a test writes."""
from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.channels.files import Files
from bot.channels.pushed import PushedChannels
from bot.channels.settings import ChannelSettings, WebhookSettings, WechatAccount, WecomSettings
from bot.dialogue.reply import Answered, Reply
from bot.dialogue.wording import Phrasebook
from bot.http_errors import install
from bot.reception import tables
from bot.reception.hub import LocalHub
from bot.reception.locks import LocalTurns
from bot.reception.ownership import Notice, Ownership
from bot.reception.reception import Reception
from bot.reception.transcript import Transcript
from bot.settings import SHANGHAI
from kb_connector.database import creating, open_engine
from kb_connector.errors import Unavailable
from tests.bot.channels.fake_tencent import Tencent
from tests.bot.channels.tencent_posts import AES_KEY, APPID, CORPID, KF_KEY, TOKEN

ACCOUNT = WechatAccount("wx", APPID, "app-secret", TOKEN, AES_KEY, "gh_house", "plain")
WECOM = WecomSettings(CORPID, "corp-secret", TOKEN, KF_KEY)


@dataclass
class ScriptedEngine:
    """Answers with `replies`, or repeats what it heard; `seconds` makes it slow; `fails` breaks the next turns."""

    turns: list[tuple[str, str, str | None]] = field(default_factory=list)
    overheard: list[str] = field(default_factory=list)
    written_back: list[str] = field(default_factory=list)
    resumed: list[str] = field(default_factory=list)
    replies: Callable[[str], list[Reply]] = lambda text: [Reply(f"收到：{text}", {"stage": "listening"})]
    seconds: float = 0.0
    slow: Callable[[str], float] | None = None
    fails: int = 0

    async def answer(self, conversation: str, text: str, *, message: str, channel: str, choice: str | None = None, secrets: tuple[str, ...] = ()) -> Answered:
        self.turns.append((conversation, text, choice))
        if self.fails:
            self.fails -= 1
            raise RuntimeError("the model fell over")
        await asyncio.sleep(self.slow(text) if self.slow else self.seconds)
        return Answered(self.replies(text))

    async def overhear(self, conversation: str, text: str, **_: Any) -> None:
        self.overheard.append(text)

    async def case(self, conversation: str) -> None:
        return None

    async def write_back(self, conversation: str, text: str, name: str | None) -> None:
        self.written_back.append(text)

    async def resume(self, conversation: str) -> None:
        self.resumed.append(conversation)


@dataclass
class FrontDesk:
    """Who owns which conversation, as the test says."""

    owners: dict[str, Ownership] = field(default_factory=dict)
    moves: list[tuple[str, str]] = field(default_factory=list)

    def current(self, conversation: str) -> Ownership:
        return self.owners.get(conversation, Ownership())

    def still(self, db: Any, conversation: str, version: int) -> bool:
        return self.current(conversation).version == version

    def request(self, conversation: str, **_: Any) -> tuple[Ownership, Notice]:
        self.owners[conversation] = Ownership("queue", 1, "queued", position=1)
        return self.owners[conversation], Notice("queue_nobody")

    def abandoned(self, conversation: str) -> None:
        self.moves.append((conversation, "abandoned"))

    def take(self, conversation: str, who: Any) -> Any:
        self.moves.append((conversation, "take"))
        self.owners[conversation] = Ownership("human", 2, "active", who.display)
        return SimpleNamespace(notice=None)

    def close(self, conversation: str, who: Any, note: str = "") -> Any:
        self.moves.append((conversation, "close"))
        self.owners[conversation] = Ownership("bot", 3, "closed")
        return SimpleNamespace(notice=None)


class MovableTime:
    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass
class House:
    """Everything a test looks at; `web` posts to the application without a network."""

    app: FastAPI
    web: httpx.AsyncClient
    tencent: Tencent
    engine: ScriptedEngine
    desk: FrontDesk
    channels: PushedChannels
    reception: Reception
    now: MovableTime

    async def settled(self, timeout: float = 8.0) -> None:
        """Until no turn, send or job is under way."""
        await asyncio.wait_for(self.channels.intake.settle(), timeout)

    def rows(self, conversation: str) -> list[tuple[str, str]]:
        return [(m.actor, m.text) for m in self.reception.transcript.latest(conversation)]

    def break_database(self) -> Callable[[], None]:
        """Every write of the transcript fails until the returned function is called."""
        kept = self.reception.transcript.accept

        def down(*_: Any, **__: Any) -> Any:
            raise Unavailable("the records are not available right now")

        self.reception.transcript.accept = down
        return lambda: setattr(self.reception.transcript, "accept", kept)


@pytest.fixture
def house(tmp_path) -> Any:
    """A factory: `await house(account)`; restarts share the database through `again`."""
    made: list[House] = []

    def build(*accounts: WechatAccount, wecom: WecomSettings | None = None, webhook: WebhookSettings | None = None, again: House | None = None,
              ready: bool = True, quiet: float = 0.05) -> House:
        now, tencent = (again.now, again.tencent) if again else (MovableTime(), Tencent())
        database = open_engine(f"sqlite:///{tmp_path / 'house.db'}")
        creating(database, tables.metadata)
        clock = lambda: datetime.fromtimestamp(now(), SHANGHAI)                      # noqa: E731
        desk, turns, engine = again.desk if again else FrontDesk(), LocalTurns(), ScriptedEngine()
        reception = Reception(transcript=Transcript(database, clock), hub=LocalHub(), turns=turns, handovers=desk, words=Phrasebook.load(), clock=clock)
        reception.engine = engine if ready else None
        channels = PushedChannels(ChannelSettings(accounts, wecom, webhook), reception, turns, database, Files(tmp_path / "uploads"), company="百货", now=now,
                                  client=tencent.client())
        channels.bursts._quiet, channels.bursts._most = quiet, quiet * 3
        app = FastAPI()
        install(app)
        for router in channels.routers():
            app.include_router(router)
        web = httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://house")
        made.append(House(app, web, tencent, engine, desk, channels, reception, now))
        return made[-1]

    return build
