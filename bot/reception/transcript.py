"""The transcript: every message, kept before anything is done with it. Sync; callers use a thread."""
from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, insert, literal_column, select, update
from sqlalchemy import text as sql_text
from sqlalchemy.dialects import postgresql, sqlite

from bot.reception.tables import UNANSWERED, conversations, messages
from kb_connector.database import reading, writing
from kb_connector.prepared import Prepared, json_text

Line = tuple[str, str, "str | None", "str | None", dict[str, Any]]     # actor, text, name, stage, metadata
Beside = Callable[[Connection, bool], None]                             # the transaction, and whether the lines are kept in it

_ADD = Prepared(insert(messages).values({c: bindparam(f"{c}_") for c in ("conversation", "at", "actor", "name", "text", "stage", "metadata")})
                .returning(messages.c.id))
_SETTLE = Prepared(update(messages).where(messages.c.id == bindparam("id_"), messages.c.answered.is_(None)).values(answered=bindparam("answered_")))
_SETTLED = Prepared(select(messages.c.answered).where(messages.c.id == bindparam("id_")))
_SPOKEN = Prepared(update(conversations).where(conversations.c.id == bindparam("id_")).values(last_at=bindparam("now_")))


@cache
def _touch(dialect: str, with_context: bool) -> Prepared:
    """The conversation's row, made or brought up to date; two first messages may come at the same moment."""
    now = {"last_at": bindparam("now_"), "last_customer_at": bindparam("now_"), "swept": literal_column("0")}
    now |= {"context": bindparam("context_")} if with_context else {}
    upsert = (postgresql if dialect == "postgresql" else sqlite).insert(conversations)
    return Prepared(upsert.values(id=bindparam("id_"), channel=bindparam("channel_"), created_at=bindparam("now_"), **now)
                    .on_conflict_do_update(index_elements=["id"], set_=now))


@cache
def _accept(dialect: str) -> Prepared:
    """A customer's message and its key; no key for one that is here already."""
    values = {c: bindparam(f"{c}_") for c in ("conversation", "at", "text", "external", "metadata")}
    return Prepared((postgresql if dialect == "postgresql" else sqlite).insert(messages).values(actor=literal_column("'customer'"), **values)
                    .on_conflict_do_nothing(index_elements=["conversation", "external"]).returning(messages.c.id))


@dataclass(frozen=True)
class Message:
    """One line of a conversation. `id` grows with time; `actor` is customer, bot, staff or system."""

    id: int
    conversation: str
    at: str
    actor: str
    text: str
    name: str | None = None
    stage: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    external: str | None = None
    burst: tuple[int, ...] = ()

    @property
    def settles(self) -> tuple[int, ...]:
        """The rows that one answer deals with: a whole burst, or this message alone."""
        return self.burst or (self.id,)

    def as_json(self) -> dict[str, Any]:
        """The contract's row, and what the widget shows beside it."""
        row: dict[str, Any] = {"id": str(self.id), "at": self.at, "actor": self.actor, "text": self.text}
        extra = {"stage": self.stage, "name": self.name, "metadata": self.metadata or None, "client_id": self.external if self.actor == "customer" else None,
                 "attachment": (self.metadata or {}).get("attachment")}
        return row | {k: v for k, v in extra.items() if v is not None}


class Transcript:
    """Conversations and messages on SQLite or PostgreSQL."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self.engine, self._clock = engine, clock

    def accept(self, conversation: str, channel: str, text: str, *, external: str | None = None, metadata: dict[str, Any] | None = None,
               context: dict[str, Any] | None = None) -> tuple[Message, bool]:
        """Keep a customer's message. (message, is it new?): a known `external` id gives the first one back."""
        now = self._clock().isoformat()
        with writing(self.engine) as db:
            touch = _touch(db.dialect.name, bool(context))
            touch.run(db, id_=conversation, channel_=channel, now_=now, context_=json_text(context))
            key = _accept(db.dialect.name).value(db, conversation_=conversation, at_=now, text_=text, external_=external, metadata_=json_text(metadata or {}))
            if key is None:
                row = db.execute(select(messages).where(messages.c.conversation == conversation, messages.c.external == external)).one()
                return _message(row), False
        return Message(key, conversation, now, "customer", text, metadata=metadata or {}, external=external), True

    def add(self, conversation: str, actor: str, text: str, *, name: str | None = None, stage: str | None = None, metadata: dict[str, Any] | None = None,
            answers: Sequence[int] = ()) -> Message:
        """Keep one outgoing message; `answers` marks those customer messages as dealt with in the same transaction."""
        return self.add_all(conversation, [(actor, text, name, stage, metadata or {})], answers=answers)[0]

    def add_all(self, conversation: str, lines: list[Line], *, answers: Sequence[int] = (), fence: Callable[[Connection], bool] | None = None,
                beside: Beside | None = None) -> list[Message]:
        """Keep the whole reply to one message, or one burst, in one transaction, and what `beside` writes with it. No line where `fence`,
        asked inside it, says that the conversation changed hands meanwhile; nothing at all where another worker has answered already."""
        now = self._clock().isoformat()
        kept = []
        with writing(self.engine) as db:
            _SPOKEN.run(db, id_=conversation, now_=now)       # the conversation's row first, as in `accept`: two transactions never wait for one another
            if answers and not sum([_SETTLE.run(db, id_=row, answered_=time.time()) for row in answers]):
                return []
            if fence is not None and not fence(db):
                lines = []
            for actor, text, name, stage, metadata in lines:
                key = _ADD.value(db, conversation_=conversation, at_=now, actor_=actor, name_=name, text_=text, stage_=stage, metadata_=json_text(metadata))
                kept.append(Message(key, conversation, now, actor, text, name, stage, metadata))
            if beside is not None:
                beside(db, bool(lines))
        return kept

    def since(self, conversation: str, after: int | None = None, limit: int = 500) -> list[Message]:
        """Messages after that id, oldest first."""
        query = select(messages).where(messages.c.conversation == conversation).order_by(messages.c.id).limit(limit)
        if after:
            query = query.where(messages.c.id > after)
        with reading(self.engine) as db:
            return [_message(row) for row in db.execute(query)]

    def latest(self, conversation: str, limit: int = 200) -> list[Message]:
        query = select(messages).where(messages.c.conversation == conversation).order_by(messages.c.id.desc()).limit(limit)
        with reading(self.engine) as db:
            return [_message(row) for row in db.execute(query)][::-1]

    def known(self, conversation: str) -> dict[str, Any] | None:
        """The conversation's own row."""
        with reading(self.engine) as db:
            row = db.execute(select(conversations).where(conversations.c.id == conversation)).one_or_none()
        return dict(row._mapping) if row else None

    def unanswered(self, older_than: str) -> list[Message]:
        """Customer messages accepted before `older_than` whose turn never finished (a worker died)."""
        query = select(messages).where(sql_text(UNANSWERED), messages.c.at < older_than).order_by(messages.c.at, messages.c.id).limit(100)
        with reading(self.engine) as db:
            return [_message(row) for row in db.execute(query)]

    def waiting(self, conversation: str, limit: int = 100) -> list[Message]:
        """The conversation's customer messages that have no answer yet, oldest first."""
        query = select(messages).where(messages.c.conversation == conversation, messages.c.actor == "customer", messages.c.answered.is_(None))
        with reading(self.engine) as db:
            return [_message(row) for row in db.execute(query.order_by(messages.c.id).limit(limit))]

    def settled(self, rows: Sequence[int]) -> bool:
        """Was any of them dealt with already?"""
        with reading(self.engine) as db:
            return any(_SETTLED.value(db, id_=row) is not None for row in rows)

    def settle(self, *rows: int) -> None:
        with writing(self.engine) as db:
            for row in rows:
                _SETTLE.run(db, id_=row, answered_=time.time())

    def idle(self, before: str, limit: int = 50) -> list[str]:
        """Conversations silent since `before` and not yet looked at."""
        query = select(conversations.c.id).where(conversations.c.last_customer_at < before, sql_text("swept = 0")).limit(limit)
        with reading(self.engine) as db:
            return list(db.scalars(query))

    def swept(self, conversation: str) -> None:
        with writing(self.engine) as db:
            db.execute(update(conversations).where(conversations.c.id == conversation).values(swept=1))


def _message(row: Any) -> Message:
    return Message(row.id, row.conversation, row.at, row.actor, row.text, row.name, row.stage, row.metadata or {}, row.external)
