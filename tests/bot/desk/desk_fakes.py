"""A whole desk on a temporary database, with the application's side played by simple stand-ins."""
from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from fastapi import FastAPI

from bot import http_errors
from bot.channels.files import Files
from bot.desk import api, tables, tickets_api
from bot.desk.access import Access, staff_dependency
from bot.desk.accounts import Accounts
from bot.desk.desk import Desk
from bot.desk.handovers import Handovers
from bot.desk.sessions import Sessions
from bot.desk.staff import NewStaff
from bot.dialogue.case import Case
from bot.reception import outbox_rows
from bot.reception import tables as reception_tables
from bot.reception.hub import LocalHub
from bot.reception.ownership import Notice
from bot.reception.transcript import Transcript
from kb_connector import tables as record_tables
from kb_connector.database import creating
from kb_connector.records import open_records
from kb_connector.time import SHANGHAI

TOKEN = "machine-token"
API = "/api/v1/desk"
C = "web:张/1?x=1"
OPEN = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)          # a Monday
NIGHT = datetime(2026, 11, 23, 21, 0, tzinfo=SHANGHAI)


class Clock:
    def __init__(self, now: datetime = OPEN) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def ahead(self, **span: float) -> None:
        self.now += timedelta(**span)


class Outside:
    """What the application does for the desk."""

    def __init__(self, transcript: Transcript, hub: LocalHub) -> None:
        self._transcript, self._hub = transcript, hub
        self.notices: list[tuple[str, Notice]] = []
        self.written_back: list[tuple[str, str, str]] = []
        self.cases: dict[str, Case] = {}
        self.allowances: dict[str, dict] = {}             # channel → what its platform still takes

    async def deliver(self, conversation, actor, text, *, name=None, stage=None, metadata=None):
        message = self._transcript.add(conversation, actor, text, name=name, stage=stage, metadata=metadata)
        await self._hub.publish(f"conversation:{conversation}", {"type": "message", "message": message.as_json()})
        return message

    async def notify(self, conversation: str, notice: Notice) -> None:
        self.notices.append((conversation, notice))

    async def case_of(self, conversation: str) -> Case | None:
        return self.cases.get(conversation)

    async def allowance(self, conversation: str, channel: str) -> dict | None:
        return self.allowances.get(channel)

    async def write_back(self, conversation: str, actor: str, text: str) -> None:
        self.written_back.append((conversation, actor, text))


def make_desk(folder: Path, clock: Callable[[], datetime], url: str | None = None) -> tuple[Desk, Outside]:
    """`url` names another database; what an earlier test left there is swept away."""
    records = open_records(url or f"sqlite:///{folder}/desk.db", clock=clock)
    if url:
        for each in (tables.metadata, reception_tables.metadata, outbox_rows.metadata, record_tables.metadata):
            each.drop_all(records.engine)
        creating(records.engine, record_tables.metadata)
    creating(records.engine, tables.metadata)
    creating(records.engine, reception_tables.metadata)
    creating(records.engine, outbox_rows.metadata)
    hub, transcript = LocalHub(), Transcript(records.engine, clock)
    outside = Outside(transcript, hub)
    access = Access(Accounts(records.engine, clock), Sessions(records.engine, clock), TOKEN)
    return Desk(records.engine, records, Handovers(records.engine, records, clock), access, hub, transcript, outside.deliver, outside.notify,
                outside.case_of, outside.write_back, Files(folder / "uploads"), outside.allowance), outside


def hire(desk: Desk, name: str, role: str = "agent", *, display: str | None = None, password: str = "correct horse 9", **more) -> None:
    """An account that has changed its one-time password already."""
    _, once = desk.access.accounts.add(NewStaff(name, display or name, role, **more))
    desk.access.accounts.credentials.set_password(name, once, password)


def make_app(desk: Desk) -> FastAPI:
    app = FastAPI()
    http_errors.install(app)
    app.include_router(api.router(desk))
    app.include_router(tickets_api.router(lambda: desk.records, staff_dependency(desk.access, "tickets"), desk.bars))
    return app


__all__ = ["NIGHT", "OPEN", "TOKEN", "Clock", "Outside", "hire", "make_app", "make_desk", "staff_dependency"]
