"""What remains of a chat: its cause, its lesson, its outcome."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, insert, select

from bot.desk.staff import Staff
from bot.desk.tables import wrap_ups
from bot.desk.wording import outcomes
from bot.http_errors import ApiError
from kb_connector.database import reading, writing
from kb_connector.policy_types import Policy
from kb_connector.time import iso


def check(policy: Policy, cause: str | None, lesson: str | None, outcome: str) -> None:
    wrong = [name for name, fine in (("cause", cause in policy.severity.causes), ("lesson", bool(lesson and lesson.strip())),
                                     ("outcome", outcome in outcomes())) if not fine]
    if wrong:
        raise ApiError(422, "invalid_request", "小结还没有填完整。", {"fields": wrong})


def keep(engine: Engine, conversation: str, who: Staff, cause: str, lesson: str, outcome: str, now: datetime) -> None:
    with writing(engine) as db:
        db.execute(insert(wrap_ups).values(conversation=conversation, at=iso(now), agent=who.name, cause=cause, lesson=lesson.strip(), outcome=outcome))


def done(engine: Engine, conversation: str, since: str | None) -> bool:
    """Whether this chat, taken at `since`, has one."""
    query = select(wrap_ups.c.id).where(wrap_ups.c.conversation == conversation, wrap_ups.c.at >= (since or "")).limit(1)
    with reading(engine) as db:
        return db.execute(query).first() is not None
