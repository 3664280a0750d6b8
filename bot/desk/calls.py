"""The gravest conversations call everybody: rows that stand in the database, so that a crash forgets no call. Sync."""
from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from bot.desk.handover_rows import Handover
from bot.desk.tables import calls, handovers
from kb_connector.database import reading, writing

LEVEL = "L4"
_WAITING = ("requested", "queued", "assigned", "timed_out", "no_agent", "off_hours")
_CLAIM, _TRIES = 60.0, 14


@dataclass(frozen=True)
class Call:
    key: str
    conversation: str
    severity: str
    reason: str
    ticket: str | None
    at: str
    attempts: int

    @property
    def id(self) -> str:
        """The same for every try, so that the other side knows a repeated one."""
        return sha256(self.key.encode()).hexdigest()[:32]

    def as_json(self) -> dict[str, Any]:
        """Nothing personal: whoever is called reads the rest at the desk."""
        return {"id": self.id, "conversation": self.conversation, "severity": self.severity, "reason": self.reason, "ticket": self.ticket, "at": self.at}


def needed(handover: Handover) -> bool:
    return handover.severity >= LEVEL and handover.state in _WAITING


def add(db: Connection, handover: Handover, now: float) -> bool:
    """One call per request for a person, in the transaction that keeps the request."""
    key = f"{handover.conversation}:{handover.requested_at}"
    if db.execute(select(calls.c.key).where(calls.c.key == key)).first():
        return False
    db.execute(insert(calls).values(key=key, conversation=handover.conversation, severity=handover.severity, reason=handover.reason, ticket=handover.ticket,
                                    at=handover.requested_at, ring_at=now, attempts=0, post_at=now))
    return True


def rings(engine: Engine, now: float, every: float) -> list[Call]:
    """Those that ring now, each claimed by one worker; a call ends when somebody has the conversation."""
    ringing = []
    for row in _due(engine, calls.c.ring_at <= now):
        waits = row.state in _WAITING
        with writing(engine) as db:
            mine = (calls.c.key == row.key) & (calls.c.ring_at == row.ring_at)
            if db.execute(update(calls).where(mine).values(ring_at=now + every if waits else None)).rowcount and waits:
                ringing.append(_call(row))
    return ringing


def posts(engine: Engine, now: float) -> list[Call]:
    """Those to be reported now, claimed; a dead worker's claim runs out."""
    claimed = []
    for row in _due(engine, calls.c.post_at <= now):
        with writing(engine) as db:
            mine = (calls.c.key == row.key) & (calls.c.post_at == row.post_at)
            if db.execute(update(calls).where(mine).values(post_at=now + _CLAIM, attempts=row.attempts + 1)).rowcount:
                claimed.append(_call(row))
    return claimed


def reported(engine: Engine, call: Call, now: float) -> None:
    with writing(engine) as db:
        db.execute(update(calls).where(calls.c.key == call.key).values(post_at=None, posted_at=now))


def later(engine: Engine, call: Call, now: float) -> bool:
    """Try again after a growing pause; False when that was the last try."""
    again = call.attempts + 1 < _TRIES
    with writing(engine) as db:
        db.execute(update(calls).where(calls.c.key == call.key).values(post_at=now + min(300.0, 2.0 ** call.attempts) if again else None))
    return again


def _due(engine: Engine, which: Any) -> list[Any]:
    """With the conversation's state, and the ticket that may have been filed since."""
    query = select(calls, handovers.c.state, handovers.c.ticket.label("filed")).join(handovers, handovers.c.conversation == calls.c.conversation).where(which)
    with reading(engine) as db:
        return list(db.execute(query.order_by(calls.c.at)))


def _call(row: Any) -> Call:
    return Call(row.key, row.conversation, row.severity, row.reason, row.filed or row.ticket, row.at, row.attempts)
