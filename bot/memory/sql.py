"""SQL compiled once: SQLAlchemy builds, keys and looks up a statement for every execution, which costs several times what SQLite needs to run it."""
from __future__ import annotations

from typing import Any, Sequence

from sqlalchemy import Connection, CursorResult
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.expression import ClauseElement


class Prepared:
    """A statement whose `bindparam`s are filled at `run`; plain columns only (text, numbers), on SQLite and PostgreSQL alike."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, Sequence[str] | None]] = {}

    def run(self, connection: Connection, **values: Any) -> CursorResult[Any]:
        sql, order = self._compiled.get(connection.dialect.name) or self._compile(connection.dialect)
        return connection.exec_driver_sql(sql, tuple(values[name] for name in order) if order is not None else values)

    def _compile(self, dialect: Dialect) -> tuple[str, Sequence[str] | None]:
        compiled = self._statement.compile(dialect=dialect)
        order = tuple(compiled.positiontup) if compiled.positional else None
        self._compiled[dialect.name] = (str(compiled), order)
        return self._compiled[dialect.name]
