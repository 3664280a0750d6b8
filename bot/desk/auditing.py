"""The desk's audit trail beside the handovers' own: who looked at what is hidden, who was kept away, and why. Rows are only added."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, insert, select

from bot.desk.tables import audit
from kb_connector.database import reading, writing
from kb_connector.time import iso


def note(engine: Engine, now: datetime, *, actor: str, event: str, conversation: str, what: str, why: str = "", ticket: str | None = None) -> int:
    """The row's id. What was hidden is never written here, only its name."""
    row = {"at": iso(now), "actor": actor, "event": event, "conversation": conversation, "ticket": ticket, "what": what[:100], "note": why}
    with writing(engine) as db:
        return db.execute(insert(audit).values(**row)).inserted_primary_key[0]


def rows(engine: Engine, *, conversation: str | None = None, actor: str | None = None, event: str | None = None, before: int | None = None,
         limit: int = 100) -> list[dict[str, Any]]:
    """The newest first; `before` continues after the last id read."""
    query = select(audit).order_by(audit.c.id.desc()).limit(limit)
    for column, wanted in ((audit.c.conversation, conversation), (audit.c.actor, actor), (audit.c.event, event)):
        if wanted:
            query = query.where(column == wanted)
    if before is not None:
        query = query.where(audit.c.id < before)
    with reading(engine) as db:
        return [dict(row._mapping) for row in db.execute(query)]
