"""The inbox: lists of conversations with their latest line, in three reads whatever their number."""
from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from bot.desk.handover import EXITS
from bot.desk.handover_rows import Handover
from bot.desk.handovers import Handovers
from bot.reception.tables import conversations, messages
from kb_connector.database import reading

BOXES = ("mine", "queue", "waiting", "missed", "all")
_MOST = 100


def inbox(desk: Handovers, box: str, agent: str) -> list[dict[str, Any]]:
    """`waiting`: mine, and the customer has the word; `missed`: nobody could take them in time."""
    found = _handovers(desk, box, agent)
    rows = _rows(desk, found) if box != "all" else _rows(desk, found) + _with_the_bot(desk, {h.conversation for h in found})
    if box == "waiting":
        rows = [row for row in rows if row["last"] and row["last"]["actor"] == "staff"]
    if box == "all":
        rows.sort(key=lambda row: row["last_at"] or row["since"] or "", reverse=True)
    return rows


def _handovers(desk: Handovers, box: str, agent: str) -> list[Handover]:
    if box in ("mine", "waiting"):
        return desk.mine(agent)
    if box == "queue":
        return desk.queue()
    if box == "missed":
        return desk.in_states(*EXITS, limit=_MOST)
    return desk.in_states("requested", "queued", "assigned", "active", "wrap_up", *EXITS, "returned", "closed", limit=_MOST)


def _rows(desk: Handovers, found: list[Handover]) -> list[dict[str, Any]]:
    latest, about = _latest(desk, [h.conversation for h in found])
    return [{**each.as_json(), "last": latest.get(each.conversation), "last_at": about.get(each.conversation, {}).get("last_at"),
             "last_customer_at": about.get(each.conversation, {}).get("last_customer_at")} for each in found]


def _latest(desk: Handovers, ids: list[str]) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    if not ids:
        return {}, {}
    newest = select(func.max(messages.c.id)).where(messages.c.conversation.in_(ids), messages.c.actor != "system").group_by(messages.c.conversation)
    with reading(desk.engine) as db:
        lines = {row.conversation: {"id": str(row.id), "at": row.at, "actor": row.actor, "text": row.text[:120]}
                 for row in db.execute(select(messages).where(messages.c.id.in_(newest)))}
        about = {row.id: dict(row._mapping) for row in db.execute(select(conversations).where(conversations.c.id.in_(ids)))}
    return lines, about


def _with_the_bot(desk: Handovers, known: set[str]) -> list[dict[str, Any]]:
    """Conversations that never called a person."""
    with reading(desk.engine) as db:
        others = [row for row in db.execute(select(conversations).order_by(conversations.c.last_at.desc()).limit(_MOST)) if row.id not in known]
    return _rows(desk, [Handover(row.id, channel=row.channel, severity="", since=row.created_at) for row in others])
