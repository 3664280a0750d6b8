"""Tags that staff put on a conversation."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from bot.desk.tables import tags
from kb_connector.database import reading, writing
from kb_connector.time import iso

LONGEST = 30


def add(engine: Engine, conversation: str, tag: str, author: str, now: datetime) -> None:
    """Twice is once."""
    try:
        with writing(engine) as db:
            db.execute(insert(tags).values(conversation=conversation, tag=tag, at=iso(now), author=author))
    except IntegrityError:
        return


def drop(engine: Engine, conversation: str, tag: str) -> None:
    with writing(engine) as db:
        db.execute(delete(tags).where(tags.c.conversation == conversation, tags.c.tag == tag))


def of(engine: Engine, conversations: Iterable[str]) -> dict[str, list[str]]:
    """Conversation → its tags."""
    found: dict[str, list[str]] = {}
    with reading(engine) as db:
        for row in db.execute(select(tags).where(tags.c.conversation.in_(list(conversations))).order_by(tags.c.at, tags.c.tag)):
            found.setdefault(row.conversation, []).append(row.tag)
    return found
