"""Who is really at the desk: an agent counts as present while their browser keeps calling."""
from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from bot.desk.tables import presence
from kb_connector.time import iso


def seen(db: Connection, agent: str, now: datetime, *, available: bool | None = None) -> None:
    values = {"seen_at": iso(now)} | ({} if available is None else {"available": available})
    if not db.execute(update(presence).where(presence.c.agent == agent).values(**values)).rowcount:
        db.execute(insert(presence).values(agent=agent, **({"available": True} | values)))


def gone(db: Connection, agent: str) -> None:
    """Signed out: nobody waits for the timer."""
    db.execute(update(presence).where(presence.c.agent == agent).values(seen_at=""))


def present(db: Connection, now: datetime, *, within: int) -> dict[str, bool]:
    """Name → takes new conversations?, of everybody seen in the last `within` seconds."""
    since = iso(now - timedelta(seconds=within))
    return {row.agent: row.available for row in db.execute(select(presence).where(presence.c.seen_at >= since))}
