"""Work that must outlive the request that asked for it: events, photos to fetch. Sync; callers use a thread."""
from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Column, Connection, Engine, Float, Index, Integer, MetaData, String, Table, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from kb_connector.database import creating, reading, writing

metadata = MetaData()
_TRIES = 5
_BEGUN = 60.0                              # seconds after which a job whose worker died is begun again

jobs = Table(
    "channel_jobs", metadata,
    Column("key", String(300), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("body", JSON, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at", Float, nullable=False),
    Column("done", Float),
    Index("channel_jobs_due", "done", "next_at"),
)

cursors = Table("channel_cursors", metadata, Column("name", String(120), primary_key=True), Column("cursor", String(200), nullable=False))


@dataclass(frozen=True)
class Job:
    key: str
    kind: str
    body: dict[str, Any]
    attempts: int


class Jobs:
    """A key is taken once, however often the platform delivers it."""

    def __init__(self, engine: Engine, now: Callable[[], float] = time.time) -> None:
        self._engine, self._now = engine, now
        creating(engine, metadata)

    def take(self, key: str, kind: str, body: dict[str, Any]) -> Job | None:
        """Kept for good before anything is done; None for a key that is known."""
        try:
            with writing(self._engine) as db:
                db.execute(insert(jobs).values(key=key[:300], kind=kind, body=body, attempts=0, next_at=self._now() + _BEGUN))
        except IntegrityError:
            return None
        return Job(key[:300], kind, body, 0)

    def once(self, key: str, work: Callable[[Connection], None]) -> bool:
        """Do `work` in the transaction that notes `key`: both or neither. False for a key that is known."""
        try:
            with writing(self._engine) as db:
                db.execute(insert(jobs).values(key=key[:300], kind="once", body={}, attempts=0, next_at=self._now(), done=self._now()))
                work(db)
        except IntegrityError:
            return False
        return True

    def done(self, key: str) -> None:
        with writing(self._engine) as db:
            self.finish(db, key)

    def finish(self, db: Connection, key: str) -> None:
        """Done, in the transaction that keeps what was done."""
        db.execute(update(jobs).where(jobs.c.key == key).values(done=self._now()))

    def failed(self, job: Job) -> None:
        """Try again later, and give up in the end."""
        over = job.attempts + 1 >= _TRIES
        with writing(self._engine) as db:
            db.execute(update(jobs).where(jobs.c.key == job.key).values(attempts=job.attempts + 1, next_at=self._now() + 30 * 2 ** job.attempts,
                                                                        done=self._now() if over else None))

    def forget(self, *, days: float = 14) -> None:
        """Old keys; no platform repeats a delivery that late."""
        with writing(self._engine) as db:
            db.execute(delete(jobs).where(jobs.c.done < self._now() - days * 86400))

    def due(self, kinds: tuple[str, ...], limit: int = 50) -> list[Job]:
        query = select(jobs).where(jobs.c.done.is_(None), jobs.c.next_at <= self._now(), jobs.c.kind.in_(kinds)).limit(limit)
        with reading(self._engine) as db:
            return [Job(r.key, r.kind, r.body, r.attempts) for r in db.execute(query)]

    def cursor(self, name: str) -> str | None:
        with reading(self._engine) as db:
            return db.scalar(select(cursors.c.cursor).where(cursors.c.name == name))

    def move(self, name: str, cursor: str) -> None:
        with writing(self._engine) as db:
            upsert = (postgresql if db.dialect.name == "postgresql" else sqlite).insert(cursors).values(name=name, cursor=cursor)
            db.execute(upsert.on_conflict_do_update(index_elements=["name"], set_={"cursor": cursor}))
