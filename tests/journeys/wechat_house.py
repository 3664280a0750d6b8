"""A worker of its own process for the crash tests: real HTTP, real database, both of Tencent's channels, a scripted engine.

`dies_after` names the step (STEPS) after which the worker kills itself with SIGKILL, as a power cut would.
"""
from __future__ import annotations

import asyncio
import inspect
import os
import signal
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from bot.channels.files import Files
from bot.channels.pushed import PushedChannels
from bot.channels.settings import ChannelSettings
from bot.dialogue.reply import Reply
from bot.dialogue.wording import Phrasebook
from bot.http_errors import install
from bot.reception import tables
from bot.reception.hub import LocalHub
from bot.reception.locks import LocalTurns, RedisTurns
from bot.reception.ownership import NobodyAtTheDesk
from bot.reception.reception import Reception
from bot.reception.transcript import Transcript
from bot.settings import SHANGHAI
from kb_connector.database import creating, open_engine
from tests.bot.channels.conftest import ACCOUNT, WECOM, ScriptedEngine

STEPS = {
    "the notice was kept": lambda made: (made.intake.jobs, "take"),
    "the message was kept": lambda made: (made.intake.reception.transcript, "accept"),
    "the quota was counted": lambda made: (made.outbox.rows, "heard"),
    "the turn was computed": lambda made: (made.intake.reception.engine, "answer"),
    "the reply was kept": lambda made: (made.intake.reception.transcript, "add_all"),
    "the reply was packed": lambda made: (made.outbox.rows, "pack"),
    "the reply was claimed": lambda made: (made.outbox.rows, "claim"),
    "the reply was sent": lambda made: (made.outbox.couriers[made.only], "send"),
    "the reply was noted as sent": lambda made: (made.outbox.rows, "finish"),
    "the cursor moved": lambda made: (made.intake.jobs, "move"),
    "the person was called": lambda made: (made.intake.reception.handovers, "request"),
    "the photo was kept": lambda made: (made._files, "keep"),
    "the photo was attached": lambda made: (made.intake, "attach"),
}


@dataclass(frozen=True)
class Plan:
    """How one worker lives. `ahead`: its clock, so that what another left behind is due at once."""

    port: int
    database: str
    tencent: str
    folder: str
    seconds: float = 0.0
    redis: str | None = None
    ahead: float = 0.0
    dies_after: str | None = None
    channel: str = "wechat"
    every: float = 1.0
    quiet: float = 1.2


def build(plan: Plan) -> FastAPI:
    database = open_engine(plan.database)
    creating(database, tables.metadata)
    turns = LocalTurns()
    if plan.redis:
        from redis.asyncio import Redis
        turns = RedisTurns(Redis.from_url(plan.redis, decode_responses=True))
    now = lambda: time.time() + plan.ahead
    clock = lambda: datetime.fromtimestamp(now(), SHANGHAI)
    reception = Reception(transcript=Transcript(database, clock), hub=LocalHub(), turns=turns, handovers=NobodyAtTheDesk(), words=Phrasebook.load(), clock=clock)
    engine = reception.engine = ScriptedEngine(seconds=plan.seconds, replies=said)
    settings = ChannelSettings((replace(ACCOUNT, api=plan.tencent),), replace(WECOM, api=plan.tencent))
    channels = PushedChannels(settings, reception, turns, database, Files(Path(plan.folder, "uploads")), company="百货", every=plan.every, now=now)
    channels.bursts._quiet, channels.only = plan.quiet, plan.channel
    if plan.dies_after:
        die_after(*STEPS[plan.dies_after](channels))

    @asynccontextmanager
    async def lifespan(_: FastAPI):
        tasks = [asyncio.create_task(channels.run()), asyncio.create_task(taking_care(reception))]
        yield
        for task in tasks:
            task.cancel()

    app = FastAPI(lifespan=lifespan)
    install(app)
    for router in channels.routers():
        app.include_router(router)
    app.add_api_route("/turns", lambda: len(engine.turns), methods=["GET"])
    return app


def said(text: str) -> list[Reply]:
    call = {"handover": {"reason": "asked for a person", "severity": "L1"}} if text == "转人工" else {}
    return [Reply(f"收到：{text}", {"stage": "listening", **call})]


async def taking_care(reception: Reception) -> None:
    """The caretaker's part that these tests need, in a hurry."""
    while True:
        await reception.finish_calls(grace=0.5)
        await asyncio.sleep(0.3)


def die_after(owner: Any, step: str) -> None:
    """The step is done for good, and nothing after it happens."""
    done = getattr(owner, step)

    async def asynchronous(*args: Any, **named: Any) -> None:
        await done(*args, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    def synchronous(*args: Any, **named: Any) -> None:
        done(*args, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, step, asynchronous if inspect.iscoroutinefunction(done) else synchronous)


def live(plan: Plan, log: str) -> None:
    """The whole process."""
    for stream in (1, 2):
        os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream)
    uvicorn.run(build(plan), port=plan.port, log_level="warning", ws="none")
