"""Sign-ins under way, between the two redirects: each works once, for the browser that began it, for ten minutes."""
from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Engine, delete, insert, select

from bot.desk.oidc import Attempt
from bot.desk.tables import sign_ins
from kb_connector.database import writing
from kb_connector.time import iso

MINUTES = 10


def begin(engine: Engine, attempt: Attempt, browser: str, now: datetime) -> None:
    with writing(engine) as db:
        db.execute(delete(sign_ins).where(sign_ins.c.expires < iso(now)))
        db.execute(insert(sign_ins).values(state=_hash(attempt.state), browser=_hash(browser), nonce=attempt.nonce, verifier=attempt.verifier,
                                           expires=iso(now + timedelta(minutes=MINUTES))))


def finish(engine: Engine, state: str, browser: str, now: datetime) -> Attempt | None:
    """The attempt, taken away; None for one that is unknown, used, too old, or another browser's."""
    with writing(engine) as db:
        row = db.execute(select(sign_ins).where(sign_ins.c.state == _hash(state), sign_ins.c.browser == _hash(browser))).one_or_none()
        if row is None or not db.execute(delete(sign_ins).where(sign_ins.c.state == row.state)).rowcount or row.expires < iso(now):
            return None
    return Attempt(state, row.nonce, row.verifier)


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
