"""The transcript: every message, kept before anything is done with it. Sync; callers use a thread."""
from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from bot.reception.tables import conversations, messages
from kb_connector.database import reading, writing


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
        self._engine, self._clock = engine, clock

    def accept(self, conversation: str, channel: str, text: str, *, external: str | None = None, metadata: dict[str, Any] | None = None,
               context: dict[str, Any] | None = None) -> tuple[Message, bool]:
        """Keep a customer's message. (message, is it new?): a known `external` id gives the first one back."""
        now = self._clock().isoformat()
        with writing(self._engine) as db:
            self._touch(db, conversation, channel, now, context)
            try:
                with db.begin_nested():
                    key = db.execute(insert(messages).values(conversation=conversation, at=now, actor="customer", text=text, external=external,
                                                             metadata=metadata or {})).inserted_primary_key[0]
            except IntegrityError:
                row = db.execute(select(messages).where(messages.c.conversation == conversation, messages.c.external == external)).one()
                return _message(row), False
        return Message(key, conversation, now, "customer", text, metadata=metadata or {}, external=external), True

    def add(self, conversation: str, actor: str, text: str, *, name: str | None = None, stage: str | None = None, metadata: dict[str, Any] | None = None,
            answers: Sequence[int] = ()) -> Message:
        """Keep one outgoing message; `answers` marks those customer messages as dealt with in the same transaction."""
        return self.add_all(conversation, [(actor, text, name, stage, metadata or {})], answers=answers)[0]

    def add_all(self, conversation: str, lines: list[tuple[str, str, str | None, str | None, dict[str, Any]]], *, answers: Sequence[int] = (),
                fence: Callable[[Connection], bool] | None = None) -> list[Message]:
        """Keep the whole reply to one message, or one burst, in one transaction. Nothing where `fence`, asked inside it, says that
        the conversation changed hands meanwhile."""
        now = self._clock().isoformat()
        kept = []
        with writing(self._engine) as db:
            if fence is not None and not fence(db):
                lines = []
            for actor, text, name, stage, metadata in lines:
                key = db.execute(insert(messages).values(conversation=conversation, at=now, actor=actor, name=name, text=text, stage=stage,
                                                         metadata=metadata)).inserted_primary_key[0]
                kept.append(Message(key, conversation, now, actor, text, name, stage, metadata))
            if answers:
                db.execute(update(messages).where(messages.c.id.in_(answers)).values(answered=time.time()))
            db.execute(update(conversations).where(conversations.c.id == conversation).values(last_at=now))
        return kept

    def _touch(self, db: Any, conversation: str, channel: str, now: str, context: dict[str, Any] | None) -> None:
        values = {"last_at": now, "last_customer_at": now, "swept": 0} | ({"context": context} if context else {})
        upsert = (postgresql if db.dialect.name == "postgresql" else sqlite).insert(conversations)     # two first messages may come at the same moment
        db.execute(upsert.values(id=conversation, channel=channel, created_at=now, **values).on_conflict_do_update(index_elements=["id"], set_=values))

    def since(self, conversation: str, after: int | None = None, limit: int = 500) -> list[Message]:
        """Messages after that id, oldest first."""
        query = select(messages).where(messages.c.conversation == conversation).order_by(messages.c.id).limit(limit)
        if after:
            query = query.where(messages.c.id > after)
        with reading(self._engine) as db:
            return [_message(row) for row in db.execute(query)]

    def latest(self, conversation: str, limit: int = 200) -> list[Message]:
        query = select(messages).where(messages.c.conversation == conversation).order_by(messages.c.id.desc()).limit(limit)
        with reading(self._engine) as db:
            return [_message(row) for row in db.execute(query)][::-1]

    def known(self, conversation: str) -> dict[str, Any] | None:
        """The conversation's own row."""
        with reading(self._engine) as db:
            row = db.execute(select(conversations).where(conversations.c.id == conversation)).one_or_none()
        return dict(row._mapping) if row else None

    def unanswered(self, older_than: str) -> list[Message]:
        """Customer messages accepted before `older_than` whose turn never finished (a worker died)."""
        query = select(messages).where(messages.c.actor == "customer", messages.c.answered.is_(None), messages.c.at < older_than).order_by(messages.c.id).limit(100)
        with reading(self._engine) as db:
            return [_message(row) for row in db.execute(query)]

    def waiting(self, conversation: str, limit: int = 100) -> list[Message]:
        """The conversation's customer messages that have no answer yet, oldest first."""
        query = select(messages).where(messages.c.conversation == conversation, messages.c.actor == "customer", messages.c.answered.is_(None))
        with reading(self._engine) as db:
            return [_message(row) for row in db.execute(query.order_by(messages.c.id).limit(limit))]

    def settled(self, rows: Sequence[int]) -> bool:
        """Was any of them dealt with already?"""
        with reading(self._engine) as db:
            return db.execute(select(messages.c.id).where(messages.c.id.in_(rows), messages.c.answered.is_not(None)).limit(1)).first() is not None

    def settle(self, *rows: int) -> None:
        with writing(self._engine) as db:
            db.execute(update(messages).where(messages.c.id.in_(rows)).values(answered=time.time()))

    def idle(self, before: str, limit: int = 50) -> list[str]:
        """Conversations silent since `before` and not yet looked at."""
        query = select(conversations.c.id).where(conversations.c.last_customer_at < before, conversations.c.swept == 0).limit(limit)
        with reading(self._engine) as db:
            return list(db.scalars(query))

    def swept(self, conversation: str) -> None:
        with writing(self._engine) as db:
            db.execute(update(conversations).where(conversations.c.id == conversation).values(swept=1))


def _message(row: Any) -> Message:
    return Message(row.id, row.conversation, row.at, row.actor, row.text, row.name, row.stage, row.metadata or {}, row.external)
