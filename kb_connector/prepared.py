"""SQL compiled once: SQLAlchemy builds, keys and looks up a statement for every execution, which costs several times what SQLite needs to run it."""
from __future__ import annotations

import json
from typing import Any, Sequence

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.expression import ClauseElement


class Prepared:
    """A statement whose `bindparam`s are filled at `run`, on SQLite and PostgreSQL alike. Columns are plain (text, numbers); what goes into a
    JSON column is given as `json_text`."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, Sequence[str] | None]] = {}

    def row(self, connection: Connection, **values: Any) -> tuple[Any, ...] | None:
        """Its first row."""
        rows = self._execute(connection, values).fetchall()
        return tuple(rows[0]) if rows else None

    def value(self, connection: Connection, **values: Any) -> Any:
        """The first row's first column, or None."""
        found = self.row(connection, **values)
        return found[0] if found else None

    def run(self, connection: Connection, **values: Any) -> int:
        """How many rows it changed."""
        return self._execute(connection, values).rowcount

    def _execute(self, connection: Connection, values: dict[str, Any]) -> Any:
        sql, order = self._compiled.get(connection.dialect.name) or self._compile(connection.dialect)
        cursor = connection.connection.cursor()               # the driver's own: a `Connection.execute` costs ten times what SQLite needs
        given = tuple(values[name] for name in order) if order is not None else values
        try:
            cursor.execute(sql, given)
        except connection.dialect.loaded_dbapi.Error as exc:
            raise DBAPIError.instance(sql, None, exc, connection.dialect.loaded_dbapi.Error, hide_parameters=True, dialect=connection.dialect) from exc
        return cursor

    def _compile(self, dialect: Dialect) -> tuple[str, Sequence[str] | None]:
        compiled = self._statement.compile(dialect=dialect)
        order = tuple(compiled.positiontup) if compiled.positional else None
        self._compiled[dialect.name] = (str(compiled), order)
        return self._compiled[dialect.name]


def json_text(value: Any) -> str | None:
    """As SQLAlchemy's JSON columns keep it."""
    return None if value is None else json.dumps(value, ensure_ascii=False)
