"""Signed-in browsers. The database knows only a hash of the token."""
from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Engine, delete, insert, select, update

from bot.desk.rules import Rules, load_rules
from bot.desk.tables import staff_sessions
from kb_connector.database import reading, writing
from kb_connector.time import in_shanghai, iso

_TOUCH = timedelta(seconds=60)


@dataclass(frozen=True)
class Session:
    staff: str
    csrf: str
    expires: str


class Sessions:
    def __init__(self, engine: Engine, clock: Callable[[], datetime], rules: Rules | None = None) -> None:
        self._engine, self._clock, self._rules = engine, clock, rules or load_rules()

    def open(self, name: str) -> tuple[str, Session]:
        """(token for the cookie, the session); sessions that ran out are swept away by the way."""
        now, token = in_shanghai(self._clock()), secrets.token_urlsafe(32)
        session = Session(name, secrets.token_urlsafe(24), iso(now + timedelta(hours=self._rules.session_hours)))
        with writing(self._engine) as db:
            db.execute(delete(staff_sessions).where(staff_sessions.c.expires < iso(now)))
            db.execute(insert(staff_sessions).values(token=_hash(token), staff=name, csrf=session.csrf, expires=session.expires, last_seen=iso(now)))
        return token, session

    def find(self, token: str) -> Session | None:
        """The session while it lasts and is used; using it keeps it awake."""
        now = in_shanghai(self._clock())
        with reading(self._engine) as db:
            row = db.execute(select(staff_sessions).where(staff_sessions.c.token == _hash(token))).one_or_none()
        if row is None or row.expires <= iso(now) or row.last_seen < iso(now - timedelta(hours=self._rules.idle_hours)):
            return None
        if row.last_seen < iso(now - _TOUCH):
            with writing(self._engine) as db:
                db.execute(update(staff_sessions).where(staff_sessions.c.token == row.token).values(last_seen=iso(now)))
        return Session(row.staff, row.csrf, row.expires)

    def close(self, token: str) -> None:
        with writing(self._engine) as db:
            db.execute(delete(staff_sessions).where(staff_sessions.c.token == _hash(token)))

    def close_all(self, name: str, *, but: str | None = None) -> None:
        """After a changed password or a blocked account."""
        which = delete(staff_sessions).where(staff_sessions.c.staff == name)
        with writing(self._engine) as db:
            db.execute(which.where(staff_sessions.c.token != _hash(but)) if but else which)


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
