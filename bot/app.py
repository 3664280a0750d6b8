"""The application: builds everything from Settings. The only place where the rooms of the house are joined."""
from __future__ import annotations

import asyncio
import gc
import hmac
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, AsyncIterator

import structlog
from fastapi import Depends, FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from actions import services
from bot.api import machine_api
from bot.bounded import Bounded
from bot.channels import rest
from bot.channels.files import Files
from bot.channels.identity import Identities
from bot.channels.limits import RateLimit
from bot.channels.pushed import PushedChannels
from bot.channels.settings import ChannelSettings
from bot.channels.socketio import SocketIo
from bot.channels.visitor import Visitors
from bot.channels.web import WebChannel
from bot.desk import api as desk_api
from bot.desk import knowledge_api, pages, tickets_api
from bot.desk.access import Access, staff_dependency
from bot.desk.accounts import Accounts
from bot.desk.desk import Desk
from bot.desk.handovers import Handovers
from bot.desk.sessions import Sessions
from bot.desk.settings import DeskSettings
from bot.dialogue.wording import Phrasebook
from bot.http_errors import ApiError, error_response, install
from bot.metrics import Measured
from bot.reception.caretaker import Caretaker
from bot.reception.hub import Hub, LocalHub, RedisHub
from bot.reception.locks import LocalTurns, RedisTurns, Turns
from bot.reception.reception import NotReady, Reception
from bot.reception.transcript import Transcript
from bot.schema import prepare
from bot.settings import Settings
from kb_connector.records import Records, open_records

log = structlog.get_logger()
WEB = Path(__file__).parent / "web"
VERSION = "0.1.0"
_STATIC = {"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}


def build(settings: Settings, *, model: Path | None = None) -> FastAPI:
    """The FastAPI application; the model is loaded in the background once it runs."""
    prepare(settings.database_url)
    records = open_records(settings.database_url, policy_dir=settings.policy_dir, clock=settings.clock, create=False)
    words = Phrasebook.load()
    at_hand = services.Services(records, words, settings.clock)
    services.use(at_hand)
    hub, turns = _shared(settings)
    handovers = Handovers(records.engine, records, settings.clock)
    reception = Reception(transcript=Transcript(records.engine, settings.clock), hub=hub, turns=turns, handovers=handovers, words=words, clock=settings.clock)
    access = Access(Accounts(records.engine, settings.clock), Sessions(records.engine, settings.clock), settings.api_token)
    desk = Desk(engine=records.engine, records=records, handovers=handovers, access=access, hub=hub, transcript=reception.transcript, deliver=reception.deliver,
                notify=reception.notify, case_of=reception.case_of, write_back=reception.write_back, files=Files(settings.var_dir / "uploads"),
                allowance=lambda conversation, channel: _allowance(app, conversation, channel), settings=DeskSettings.from_environment())
    caretaker = Caretaker(reception, at_hand, idle_minutes=settings.idle_minutes)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if isinstance(hub, RedisHub):
            await hub.start()
        tasks = [asyncio.create_task(_load(app, reception, records, model or settings.var_dir / "models" / "tingsu.tar.gz")),
                 asyncio.create_task(caretaker.run()), asyncio.create_task(desk.watch()), asyncio.create_task(app.state.channels.run())]
        yield
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await hub.close()

    app = FastAPI(title="Tingsu", version=VERSION, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.reception, app.state.records, app.state.desk, app.state.failure = reception, records, desk, None
    install(app)
    app.add_middleware(Measured)
    app.add_middleware(Bounded)
    if settings.allowed_origins:                              # pages of the company that carry the widget
        app.add_middleware(CORSMiddleware, allow_origins=list(settings.allowed_origins), allow_methods=["GET", "POST"], allow_headers=["*"])
    _routes(app, settings, reception, turns, records, desk, access)
    return app


async def _allowance(app: FastAPI, conversation: str, channel: str) -> dict[str, Any] | None:
    outbox = app.state.channels.outbox
    return await outbox.allowance(conversation, channel) if channel in outbox.couriers else None


def _shared(settings: Settings) -> tuple[Hub, Turns]:
    if not settings.redis_url:
        return LocalHub(), LocalTurns()
    from redis.asyncio import Redis
    redis = Redis.from_url(settings.redis_url, decode_responses=True, socket_connect_timeout=2, socket_timeout=5, health_check_interval=30)
    return RedisHub(redis), RedisTurns(redis)


async def _load(app: FastAPI, reception: Reception, records: Records, model: Path) -> None:
    """Importing Rasa takes seconds: in a thread, while pages are served already."""
    try:
        reception.engine = await asyncio.to_thread(_engine, records, model)
        gc.collect()
        gc.freeze()                                           # Rasa's and the model's objects stay for good: the collector need not look at them again
        log.info("ready")
    except Exception as exc:                                  # noqa: BLE001 - whatever it is, /readyz must say it
        app.state.failure = str(exc)
        log.error("model_not_loaded", error=str(exc))


def _engine(records: Records, model: Path) -> Any:
    from bot.dialogue.engine import Engine
    from bot.memory.tracker_store import BoundedTrackerStore
    return Engine.load(model, lambda domain: BoundedTrackerStore(domain, records.engine))


def _routes(app: FastAPI, settings: Settings, reception: Reception, turns: Turns, records: Records, desk: Desk, access: Access) -> None:
    limit = RateLimit(rate=1.0, burst=20, enabled=settings.rate_limits)
    company = records.policy.company.name

    def ready() -> Reception:
        if reception.engine is None:
            raise ApiError(503, "warming_up", app.state.failure or "The assistant is warming up.", headers={"Retry-After": "3"})
        return reception

    token, files = Depends(machine(settings.api_token)), desk.files
    outside = ChannelSettings.from_environment()
    channels = app.state.channels = PushedChannels(outside, reception, turns, records.engine, files, company=company)
    web = WebChannel(reception, Visitors(settings.visitor_key), files, limit, company=company, bot_name="小诉", origins=settings.allowed_origins,
                     bursts=channels.bursts, identities=Identities(outside.identity_secret))
    app.include_router(rest.router(ready, limit))
    app.include_router(web.router())
    for router in channels.routers():
        app.include_router(router)
    app.mount("/socket.io", SocketIo(channels.intake, Visitors(settings.visitor_key), limit, origins=settings.allowed_origins).asgi)
    app.include_router(machine_api.router(ready, token, settings.clock))
    app.include_router(tickets_api.router(lambda: records, staff_dependency(access, "tickets"), desk.bars))
    app.include_router(knowledge_api.router(lambda: records, staff_dependency(access, "knowledge")))
    app.include_router(desk_api.router(desk))
    _health(app, reception)
    _pages(app)

    @app.exception_handler(NotReady)
    async def _warming(_: Request, __: NotReady) -> JSONResponse:
        return error_response(ApiError(503, "warming_up", "The assistant is warming up; the message is kept and will be answered."))


def machine(api_token: str) -> Any:
    """A dependency: only with the machine token."""
    async def check(request: Request) -> None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), api_token.encode()):
            raise ApiError(401, "unauthorized", "Bearer token missing or wrong.", headers={"WWW-Authenticate": "Bearer"})
    return check


def _health(app: FastAPI, reception: Reception) -> None:
    @app.get("/healthz", tags=["health"])
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz", tags=["health"])
    async def readyz() -> JSONResponse:
        if reception.engine is None:
            return error_response(ApiError(503, "warming_up" if not app.state.failure else "no_model", app.state.failure or "The assistant is warming up."))
        return JSONResponse({"status": "ready"})

    @app.get("/version", tags=["health"])
    async def version() -> dict[str, str]:
        return {"name": "tingsu", "version": VERSION}

    @app.get("/metrics", tags=["health"])
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _pages(app: FastAPI) -> None:
    def page(path: str, file: Path, media: str, headers: dict[str, str] | None = None) -> None:
        async def show() -> FileResponse:
            return FileResponse(file, media_type=media, headers=_STATIC | (headers or {}))
        app.get(path, include_in_schema=False)(show)

    page("/", WEB / "shop" / "index.html", "text/html")
    page("/desk", WEB / "desk" / "index.html", "text/html", pages.HEADERS)
    page("/widget.js", WEB / "widget" / "widget.js", "text/javascript")
    for path, folder in (("/widget", "widget"), ("/shop", "shop"), ("/desk/static", "desk")):
        app.mount(path, _Static(directory=WEB / folder), name=folder)


class _Static(StaticFiles):
    """Revalidated each time (an update shows at once) and loadable from the company's other pages."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers.update(_STATIC)
        return response
