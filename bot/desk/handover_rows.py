"""Handovers in the database: read, write under an optimistic lock, and tell the audit trail."""
from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from bot.desk.tables import handover_log, handovers
from bot.reception.ownership import Notice, Ownership
from kb_connector.prepared import Prepared

_PLACES = 7462                                                # our own space among the database's advisory locks


@dataclass(frozen=True)
class Handover:
    """One conversation's row; a conversation that never called a person has none and is `Handover(id)`."""

    conversation: str
    state: str = "bot"
    owner: str = "bot"
    version: int = 0
    revision: int = 0
    agent: str | None = None
    agent_name: str | None = None
    previous_agent: str | None = None
    joined: list[str] = field(default_factory=list)
    channel: str = "web"
    reason: str = ""
    severity: str = "L1"
    ticket: str | None = None
    skill: str | None = None
    instruction: str | None = None
    requested_at: str | None = None
    assigned_at: str | None = None
    accepted_at: str | None = None
    deadline: str | None = None
    since: str = ""

    def held_by(self, name: str) -> bool:
        """True for the agent, for a supervisor who joined, and for everybody while nobody has it."""
        return self.agent in (None, name) or name in self.joined

    def ownership(self, position: int | None = None) -> Ownership:
        return Ownership(self.owner, self.version, self.state, self.agent_name, position)

    def as_json(self) -> dict[str, Any]:
        return {k: v for k, v in asdict(self).items() if k != "revision"}


@dataclass(frozen=True)
class Moved:
    """What a move did: the row as it is now, and what the customer is told."""

    handover: Handover
    ownership: Ownership
    notice: Notice | None = None


_MINE = handovers.c.conversation == bindparam("conversation_")
_HELD = Prepared(select(handovers.c.owner, handovers.c.version, handovers.c.state, handovers.c.agent_name).where(_MINE))
_VERSION = Prepared(select(handovers.c.version).where(_MINE).with_for_update(read=True))


class Lost(Exception):
    """Somebody else wrote in between; look again."""


def find(db: Connection, conversation: str) -> Handover:
    row = db.execute(select(handovers).where(handovers.c.conversation == conversation)).one_or_none()
    return from_row(row) if row else Handover(conversation)


def held(db: Connection, conversation: str) -> Ownership:
    """Who has the conversation, without the place in the queue."""
    row = _HELD.row(db, conversation_=conversation)
    return Ownership(*row) if row else Ownership()


def locked_version(db: Connection, conversation: str) -> int:
    """The version, held until this transaction ends; 0 where there is no row, and then nobody can make the first one before it ends."""
    version = _VERSION.value(db, conversation_=conversation)
    if version is None and db.dialect.name == "postgresql":
        _hold_place(db, conversation, shared=True)
        version = _VERSION.value(db, conversation_=conversation)      # it may have been made while we waited
    return version or 0


def _hold_place(db: Connection, conversation: str, *, shared: bool) -> None:
    """PostgreSQL cannot lock a row that is not there: an advisory lock stands for it. SQLite has one writer anyway."""
    lock = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
    db.execute(select(lock(func.hashtextextended(conversation, _PLACES))))


def from_row(row: Any) -> Handover:
    return Handover(**{**row._mapping, "joined": list(row.joined or ())})


def save(db: Connection, before: Handover, after: Handover) -> Handover:
    """Write `after` if the row is still `before`; Lost otherwise."""
    kept = replace(after, revision=before.revision + 1)
    if before.revision == 0:
        if db.dialect.name == "postgresql":
            _hold_place(db, before.conversation, shared=False)
        db.execute(insert(handovers).values(**asdict(kept)))     # IntegrityError when another worker was first
        return kept
    done = db.execute(update(handovers).where(handovers.c.conversation == before.conversation, handovers.c.revision == before.revision)
                      .values(**asdict(kept)))
    if not done.rowcount:
        raise Lost
    return kept


def log(db: Connection, before: Handover, after: Handover, *, event: str, actor: str, now: datetime, note: str = "") -> None:
    lasted = int((now - datetime.fromisoformat(before.since)).total_seconds()) if before.since else None
    db.execute(insert(handover_log).values(conversation=after.conversation, at=now.isoformat(timespec="seconds"), actor=actor, event=event, before=before.state,
                                           after=after.state, version=after.version, note=note, seconds=lasted))


def history(db: Connection, conversation: str) -> list[dict[str, Any]]:
    rows = db.execute(select(handover_log).where(handover_log.c.conversation == conversation).order_by(handover_log.c.id))
    return [dict(row._mapping) for row in rows]


def ahead_of(db: Connection, handover: Handover) -> int:
    """How many wait before this one: graver first, then longer waiting."""
    mine = (handovers.c.severity > handover.severity) | (
        (handovers.c.severity == handover.severity) & (handovers.c.requested_at < handover.requested_at)) | (
        (handovers.c.severity == handover.severity) & (handovers.c.requested_at == handover.requested_at)
        & (handovers.c.conversation < handover.conversation))
    return db.execute(select(func.count()).select_from(handovers).where(handovers.c.state == "queued", mine)).scalar_one()
