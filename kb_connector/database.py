"""One engine for SQLite and PostgreSQL, and the two ways in: `reading` and `writing`."""
from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, MetaData, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from kb_connector.errors import Rejected, Unavailable

_MEMORY = (None, "", ":memory:")
Answer = TypeVar("Answer")


def open_engine(database_url: str) -> Engine:
    """An engine whose SQLite side uses WAL and waits for other writers; a missing folder is made."""
    try:
        url = make_url(database_url)
    except SQLAlchemyError as exc:
        raise Rejected(f"not a database address: {str(database_url).split('@')[-1]!r}") from exc
    if url.get_backend_name() == "postgresql" and url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=10, pool_timeout=10)
    if url.database in _MEMORY:
        # One shared connection: an in-memory database is private to its connection.
        engine = create_engine(url, poolclass=QueuePool, pool_size=1, max_overflow=0, pool_timeout=10,
                               connect_args={"check_same_thread": False})
    else:
        Path(url.database).expanduser().parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url, poolclass=QueuePool, pool_size=10, max_overflow=10, pool_timeout=10,
                               connect_args={"check_same_thread": False, "timeout": 10})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection, _record) -> None:
    connection.isolation_level = None          # the driver would begin too late; _begin_sqlite does it
    for pragma in ("journal_mode=WAL", "busy_timeout=10000", "foreign_keys=ON", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: upgrading a read lock later can fail however long one waits.
    writes = connection.get_execution_options().get("writes", False)
    connection.connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")


async def aside(engine: Engine, work: Callable[..., Answer], *args: Any, **named: Any) -> Answer:
    """`work` beside the event loop. On SQLite at once: its short statements take less than a hop to a thread and back."""
    if engine.dialect.name == "sqlite":
        return work(*args, **named)
    return await asyncio.to_thread(work, *args, **named)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    with _translated(), engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction: all of it or nothing. On SQLite one writer of this process at a time, woken at once: its own waiting sleeps up to 100 ms."""
    writer, turn = _writers.get(engine) or _writers.setdefault(engine, (engine.execution_options(writes=True), _turn(engine)))
    with _translated(), turn, writer.begin() as connection:
        yield connection


_writers: WeakKeyDictionary[Engine, tuple[Engine, AbstractContextManager]] = WeakKeyDictionary()


def _turn(engine: Engine) -> AbstractContextManager:
    return Lock() if engine.dialect.name == "sqlite" else nullcontext()


def creating(engine: Engine, metadata: MetaData) -> None:
    """Make the tables that are missing; processes that start together do not trip over one another."""
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(7461)"))
        metadata.create_all(connection)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, PoolTimeout) as exc:
        raise Unavailable("the records are not available right now") from exc
