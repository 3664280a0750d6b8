"""Figures of the desk, counted from its audit trail."""
from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Engine, select

from bot.desk.tables import handover_log, wrap_ups
from kb_connector.database import reading
from kb_connector.time import iso

_TAKEN, _FINISHED, _MISSED = ("take", "take_over"), ("wrap_up", "return", "close"), ("time_out", "no_agent", "off_hours", "abandon")


def figures(engine: Engine, now: datetime, days: int, *, agent: str | None = None) -> dict[str, Any]:
    """Of one agent, or of the whole desk; a figure that nothing was counted for is null."""
    since = iso((now - timedelta(days=days - 1)).replace(hour=0, minute=0, second=0))
    log, ends = select(handover_log).where(handover_log.c.at >= since), select(wrap_ups).where(wrap_ups.c.at >= since)
    if agent:
        log, ends = log.where(handover_log.c.actor == agent), ends.where(wrap_ups.c.agent == agent)
    with reading(engine) as db:
        rows, wrapped = list(db.execute(log.order_by(handover_log.c.id))), list(db.execute(ends))
    taken = [r for r in rows if r.event in _TAKEN]
    waits = [r.seconds for r in taken if r.before == "queued" and r.seconds is not None]
    chats = [r.seconds for r in rows if r.event in _FINISHED and r.before == "active" and r.seconds is not None]
    return {"days": days, "since": since, "taken": len(taken), "finished": len(chats), "returned": sum(r.event == "return" for r in rows),
            "transferred": sum(r.event in ("transfer", "requeue") for r in rows), "missed": None if agent else sum(r.event in _MISSED for r in rows),
            "wait_seconds": _middle(waits), "chat_seconds": _middle(chats), "per_day": _per_day(taken, now, days),
            "outcomes": dict(Counter(w.outcome for w in wrapped)), "causes": dict(Counter(w.cause for w in wrapped).most_common(8)),
            "agents": {} if agent else dict(Counter(r.actor for r in taken).most_common())}


def _middle(seconds: list[int]) -> int | None:
    return int(median(seconds)) if seconds else None


def _per_day(taken: list[Any], now: datetime, days: int) -> list[dict[str, Any]]:
    counted = Counter(r.at[:10] for r in taken)
    dates = [(now - timedelta(days=back)).date().isoformat() for back in range(days - 1, -1, -1)]
    return [{"date": day, "taken": counted[day]} for day in dates]
