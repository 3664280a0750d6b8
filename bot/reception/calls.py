"""Calls for a person that a reply promised: kept in the reply's own transaction, until the customer has been told how long it takes.

So a crash between the promise and the desk's queue loses nobody.
"""
from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select

from bot.reception.tables import calls
from kb_connector.database import reading, writing


@dataclass(frozen=True)
class Call:
    """Who is to be fetched for whom, and why."""

    conversation: str
    channel: str
    reason: str
    severity: str
    ticket: str | None = None

    @classmethod
    def read(cls, conversation: str, channel: str, replies: list[Any]) -> Call | None:
        """What the engine's replies ask for."""
        asked = next((r.metadata["handover"] for r in replies if r.metadata.get("handover")), None)
        ticket = next((r.metadata["ticket"] for r in replies if r.metadata.get("ticket")), None)
        return cls(conversation, channel, asked["reason"], asked["severity"], ticket) if asked else None


class Calls:
    """Sync; callers use a thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def note(self, db: Connection, call: Call) -> None:
        self.made(db, call.conversation)
        db.execute(insert(calls).values(conversation=call.conversation, channel=call.channel, reason=call.reason, severity=call.severity, ticket=call.ticket,
                                        at=time.time()))

    def made(self, db: Connection, conversation: str) -> None:
        db.execute(delete(calls).where(calls.c.conversation == conversation))

    def waits(self, call: Call) -> bool:
        """Has nobody else made it meanwhile?"""
        with reading(self._engine) as db:
            return db.execute(select(calls.c.at).where(calls.c.conversation == call.conversation)).first() is not None

    def forget(self, conversation: str) -> None:
        with writing(self._engine) as db:
            self.made(db, conversation)

    def left_behind(self, grace: float) -> list[Call]:
        """Older than `grace` seconds: whoever noted them has died."""
        query = select(calls).where(calls.c.at < time.time() - grace).order_by(calls.c.at).limit(100)
        with reading(self._engine) as db:
            return [Call(r.conversation, r.channel, r.reason, r.severity, r.ticket) for r in db.execute(query)]
