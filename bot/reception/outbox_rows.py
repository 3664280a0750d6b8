"""The outbox's tables and its transactions. Sync; callers use a thread.

The transcript is the truth: whatever it holds for a push channel and `packed` does not know is still to be sent. So a
crash between keeping a reply and packing it loses nothing.
"""
from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import JSON, Column, Connection, Engine, Float, Index, Integer, String, Table, delete, exists, func, insert, select, update

from bot.reception import quota as quotas
from bot.reception.parts import Part, coalesce
from bot.reception.quota import Limits, Quota, metadata
from bot.reception.tables import conversations, messages
from kb_connector.database import creating, reading, writing

outbox = Table(
    "outbox", metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation", String(200), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("part", JSON, nullable=False),
    Column("state", String(10), nullable=False),               # ready | sending | parked | sent | dropped
    Column("reason", String(60)),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at", Float, nullable=False, default=0.0),     # not before; while sending: when the attempt counts as lost
    Column("msgid", String(32), nullable=False, unique=True),  # our own key, where the platform takes one
    Column("sent_at", Float),
    Index("outbox_conversation", "conversation", "state", "id"),
    Index("outbox_due", "state", "next_at"),
)

packed = Table("outbox_packed", metadata, Column("message", Integer, primary_key=True, autoincrement=False))

OPEN = ("ready", "sending", "parked")
_CLAIM = 60.0                                                  # seconds after which a dead worker's attempt may be repeated


@dataclass(frozen=True)
class Row:
    """One part on its way. `attempts` counts the calls that were made for it."""

    id: int
    conversation: str
    channel: str
    part: Part
    state: str
    attempts: int
    next_at: float
    msgid: str
    reason: str | None = None


class OutboxRows:
    def __init__(self, engine: Engine, now: Callable[[], float] = time.time) -> None:
        self.engine, self.now = engine, now
        creating(engine, metadata)

    def pack(self, conversation: str, channel: str, most: int) -> int:
        """Turn the transcript's new replies into parts; how many there are now."""
        query = select(messages).where(messages.c.conversation == conversation, messages.c.actor != "customer",
                                       ~exists().where(packed.c.message == messages.c.id)).order_by(messages.c.id)
        with writing(self.engine) as db:
            rows = db.execute(query).all()
            parts = coalesce([_part(row) for row in rows], most)
            for row in rows:
                db.execute(insert(packed).values(message=row.id))
            for part in parts:
                db.execute(insert(outbox).values(conversation=conversation, channel=channel, part=part.as_json(), state="ready", attempts=0, next_at=0.0,
                                                 msgid=secrets.token_hex(16)))
        return len(parts)

    def said_elsewhere(self, db: Connection, conversation: str, text: str, at: str) -> None:
        """The platform's own people wrote to the customer: into the transcript, as something that is sent already."""
        row = db.execute(insert(messages).values(conversation=conversation, at=at, actor="staff", text=text, metadata={})).inserted_primary_key[0]
        db.execute(insert(packed).values(message=row))

    def bounced(self, msgid: str, *, drop: bool, reason: str) -> None:
        """The platform took a part and could not deliver it after all. The next try needs another id: the platform knows the old one."""
        with writing(self.engine) as db:
            db.execute(update(outbox).where(outbox.c.msgid.like(msgid[:30] + "%")).values(state="dropped" if drop else "parked", reason=reason, sent_at=None,
                                                                                           msgid=secrets.token_hex(16)))

    def open(self, conversation: str) -> list[Row]:
        """What is not settled yet, in the order in which it must go."""
        query = select(outbox).where(outbox.c.conversation == conversation, outbox.c.state.in_(OPEN)).order_by(outbox.c.id)
        with reading(self.engine) as db:
            return [_row(row) for row in db.execute(query)]

    def given(self, conversation: str, mark: str) -> list[Row]:
        """What was handed out for that request already."""
        query = select(outbox).where(outbox.c.conversation == conversation, outbox.c.state == "sent", outbox.c.reason == mark)
        with reading(self.engine) as db:
            return [_row(row) for row in db.execute(query.order_by(outbox.c.id))]

    def claim(self, row: Row, limits: Limits | None) -> Quota | None:
        """Ours to send, and the quota before it was counted; None when it is not, or nothing is left."""
        now = self.now()
        with writing(self.engine) as db:
            before = quotas.find(db, row.conversation, to_change=limits is not None)
            if limits and not before.left(limits, now):
                return None
            mine = update(outbox).where(outbox.c.id == row.id, outbox.c.state == row.state, outbox.c.attempts == row.attempts)
            if not db.execute(mine.values(state="sending", attempts=row.attempts + 1, next_at=now + _CLAIM)).rowcount:
                return None
            if limits:
                quotas.save(db, row.conversation, before.spent(limits, now))
        return before

    def finish(self, row: Row, state: str, *, reason: str | None = None, next_at: float = 0.0, refund: Quota | None = None, exhausted: Limits | None = None) -> None:
        """Write down how an attempt ended; `refund` gives its quota back, `exhausted` notes that the platform wants no more."""
        with writing(self.engine) as db:
            if refund or exhausted:                           # the quota's row first, as everywhere: two transactions never wait for one another
                now = quotas.find(db, row.conversation, to_change=True)
                quotas.save(db, row.conversation, now.exhausted(exhausted, self.now()) if exhausted else now.returned(refund))
            db.execute(update(outbox).where(outbox.c.id == row.id).values(state=state, reason=reason, next_at=next_at, sent_at=self.now() if state == "sent" else None))

    def heard(self, conversation: str, kind: str | None, at: float, most: int) -> bool:
        """The customer showed up: count anew, and let what was parked go, in as few parts as possible. True if there was any."""
        with writing(self.engine) as db:
            if kind:
                quotas.save(db, conversation, quotas.find(db, conversation, to_change=True).heard(kind, at))
            mine = (outbox.c.conversation == conversation) & outbox.c.state.in_(("parked", "ready"))
            rows = [_row(r) for r in db.execute(select(outbox).where(mine).order_by(outbox.c.id))]
            if not any(r.state == "parked" for r in rows):
                return False
            for row, part in zip(rows, parts := coalesce([r.part for r in rows], most)):
                db.execute(update(outbox).where(outbox.c.id == row.id).values(part=part.as_json(), state="ready", next_at=0.0))
            db.execute(delete(outbox).where(outbox.c.id.in_([r.id for r in rows[len(parts):]])))
        return True

    def drop_all(self, conversation: str, reason: str) -> None:
        """The customer cannot be reached any more."""
        with writing(self.engine) as db:
            db.execute(update(outbox).where(outbox.c.conversation == conversation, outbox.c.state.in_(OPEN)).values(state="dropped", reason=reason))

    def due(self) -> list[tuple[str, str]]:
        """(conversation, channel) with something to send now, a dead worker's attempts included."""
        query = select(outbox.c.conversation, outbox.c.channel).where(outbox.c.state.in_(("ready", "sending")), outbox.c.next_at <= self.now()).distinct().limit(200)
        with reading(self.engine) as db:
            return [(r.conversation, r.channel) for r in db.execute(query)]

    def unpacked(self, channels: tuple[str, ...], since: str) -> list[tuple[str, str]]:
        """Conversations with replies that nobody has packed: a worker died in between."""
        query = select(conversations.c.id, conversations.c.channel).join(messages, messages.c.conversation == conversations.c.id).where(
            conversations.c.channel.in_(channels), conversations.c.last_at > since, messages.c.actor != "customer",
            ~exists().where(packed.c.message == messages.c.id)).distinct().limit(200)
        with reading(self.engine) as db:
            return [(r.id, r.channel) for r in db.execute(query)]

    def quota(self, conversation: str) -> tuple[Quota, int]:
        """What was used of it, and how many parts wait."""
        mine = (outbox.c.conversation == conversation) & outbox.c.state.in_(OPEN)
        with reading(self.engine) as db:
            return quotas.find(db, conversation), db.scalar(select(func.count()).select_from(outbox).where(mine))


def _part(row) -> Part:
    given = row.metadata or {}
    return Part(row.actor, row.text, tuple(given.get("options") or ()), given.get("attachment"), (row.id,))


def _row(row) -> Row:
    return Row(row.id, row.conversation, row.channel, Part.from_json(row.part), row.state, row.attempts, row.next_at, row.msgid, row.reason)
