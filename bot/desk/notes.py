"""Internal notes: only staff read them."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, insert, select

from bot.desk.accounts import Staff
from bot.desk.tables import notes
from kb_connector.database import reading, writing
from kb_connector.time import iso


def add(engine: Engine, conversation: str, who: Staff, text: str, now: datetime) -> dict[str, Any]:
    row = {"conversation": conversation, "at": iso(now), "author": who.name, "display": who.display, "text": text}
    with writing(engine) as db:
        return row | {"id": db.execute(insert(notes).values(**row)).inserted_primary_key[0]}


def of(engine: Engine, conversation: str) -> list[dict[str, Any]]:
    with reading(engine) as db:
        return [dict(row._mapping) for row in db.execute(select(notes).where(notes.c.conversation == conversation).order_by(notes.c.id))]
