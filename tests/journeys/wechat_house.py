"""A worker of its own process for the crash tests: real HTTP, real database, a scripted engine.

python -m tests.journeys.wechat_house PORT DATABASE_URL TENCENT_URL SECONDS_PER_TURN [REDIS_URL]
"""
from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from bot.channels.files import Files
from bot.channels.pushed import PushedChannels
from bot.channels.settings import ChannelSettings
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
from tests.bot.channels.conftest import ACCOUNT, ScriptedEngine


def build(database_url: str, tencent: str, seconds: float, redis_url: str | None) -> FastAPI:
    database = open_engine(database_url)
    creating(database, tables.metadata)
    turns = LocalTurns()
    if redis_url:
        from redis.asyncio import Redis
        turns = RedisTurns(Redis.from_url(redis_url, decode_responses=True))
    clock = lambda: datetime.now(SHANGHAI)                                          # noqa: E731
    reception = Reception(transcript=Transcript(database, clock), hub=LocalHub(), turns=turns, handovers=NobodyAtTheDesk(), words=Phrasebook.load(), clock=clock)
    reception.engine = ScriptedEngine(seconds=seconds)
    channels = PushedChannels(ChannelSettings((replace(ACCOUNT, api=tencent),)), reception, turns, database, Files(Path("uploads")), company="百货", every=1.0)

    @asynccontextmanager
    async def lifespan(_: FastAPI):
        task = asyncio.create_task(channels.run())
        yield
        task.cancel()

    app = FastAPI(lifespan=lifespan)
    install(app)
    for router in channels.routers():
        app.include_router(router)
    app.add_api_route("/turns", lambda: len(reception.engine.turns), methods=["GET"])
    return app


if __name__ == "__main__":
    port, url, tencent, seconds, *redis = sys.argv[1:]
    uvicorn.run(build(url, tencent, float(seconds), redis[0] if redis else None), port=int(port), log_level="warning", ws="none")
