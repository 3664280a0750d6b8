"""Internal notes, and questions to colleagues in them: only staff read them."""
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from bot.desk.staff import Staff
from bot.desk.tables import consults, notes
from kb_connector.database import reading, writing
from kb_connector.time import iso


def add(engine: Engine, conversation: str, who: Staff, text: str, now: datetime, *, ask: Sequence[str] = ()) -> dict[str, Any]:
    """The note as kept; `consults` names the colleagues who are asked, `answers` whose questions it answers."""
    row = {"conversation": conversation, "at": iso(now), "author": who.name, "display": who.display, "text": text}
    with writing(engine) as db:
        key = db.execute(insert(notes).values(**row)).inserted_primary_key[0]
        answered = _answer(db, conversation, who.name, row["at"])
        for name in ask:
            db.execute(insert(consults).values(note=key, conversation=conversation, asked_by=who.name, colleague=name, at=row["at"]))
    return row | {"id": key, "consults": list(ask), "answers": answered}


def _answer(db: Connection, conversation: str, who: str, at: str) -> list[str]:
    """Whoever was asked and writes has answered; the names of those who asked."""
    mine = (consults.c.conversation == conversation) & (consults.c.colleague == who) & consults.c.answered_at.is_(None)
    askers = list(dict.fromkeys(db.scalars(select(consults.c.asked_by).where(mine))))
    if askers:
        db.execute(update(consults).where(mine).values(answered_at=at))
    return askers


def of(engine: Engine, conversation: str) -> list[dict[str, Any]]:
    with reading(engine) as db:
        asked: dict[int, list[str]] = {}
        for row in db.execute(select(consults.c.note, consults.c.colleague).where(consults.c.conversation == conversation).order_by(consults.c.id)):
            asked.setdefault(row.note, []).append(row.colleague)
        found = db.execute(select(notes).where(notes.c.conversation == conversation).order_by(notes.c.id))
        return [{**row._mapping, "consults": asked.get(row.id, [])} for row in found]


def waiting_for(engine: Engine, who: str) -> list[dict[str, Any]]:
    """Open questions to this colleague, the oldest first."""
    query = select(consults, notes.c.text, notes.c.display).join(notes, notes.c.id == consults.c.note).where(
        consults.c.colleague == who, consults.c.answered_at.is_(None)).order_by(consults.c.id)
    with reading(engine) as db:
        return [dict(row._mapping) for row in db.execute(query)]


def put_aside(engine: Engine, key: int, who: str, now: datetime) -> bool:
    """Done without an answer; False when it is not this colleague's open question."""
    mine = (consults.c.id == key) & (consults.c.colleague == who) & consults.c.answered_at.is_(None)
    with writing(engine) as db:
        return bool(db.execute(update(consults).where(mine).values(answered_at=iso(now))).rowcount)


def mentioned(text: str, team: Iterable[Staff]) -> list[Staff]:
    """Colleagues written as @name or @display name; of two that fit one place the longer name counts."""
    found = []
    for each in sorted(team, key=lambda s: -max(len(s.display), len(s.name))):
        sign = re.compile(rf"@(?:{re.escape(each.display)}|{re.escape(each.name)}(?![A-Za-z0-9_.-]))", re.IGNORECASE)
        if sign.search(text):
            found.append(each)
            text = sign.sub("", text)
    return found
