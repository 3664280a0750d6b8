"""The true wait: what a customer in the queue is told. Moments are ISO; whoever tells them makes words of them."""
from __future__ import annotations

from datetime import datetime
from math import ceil

from sqlalchemy import Connection, select

from bot.desk.handover_rows import Handover, ahead_of
from bot.desk.presence import present
from bot.desk.rules import Rules
from bot.desk.tables import handover_log
from bot.reception.ownership import Notice
from kb_connector.clocks import is_open, next_opening
from kb_connector.errors import ConnectorError
from kb_connector.records import Records
from kb_connector.time import iso

PROMISING = ("queue_nobody", "queue_off_hours")      # their words say that the matter is filed
_SAMPLE = 20


def position(db: Connection, handover: Handover) -> int | None:
    return ahead_of(db, handover) + 1 if handover.state == "queued" else None


def wait_notice(db: Connection, records: Records, rules: Rules, handover: Handover, now: datetime) -> Notice:
    """Off hours, nobody there, next, or how many are before them with an estimate from the latest chats."""
    if not is_open(records.policy, now):
        return off_hours(records, handover, now)
    agents = [name for name, available in present(db, now, within=rules.unseen_seconds).items() if available]
    if not agents:
        return exit_notice("no_agent", records, handover, now)
    place = position(db, handover) or 1
    if place == 1:
        return Notice("queue_next")
    return Notice("queue_position", {"position": place - 1, "minutes": max(1, ceil((place - 1) * _minutes_per_chat(db, rules) / len(agents)))})


def off_hours(records: Records, handover: Handover, now: datetime) -> Notice:
    company = records.policy.company
    return Notice("queue_off_hours", {"opening": iso(next_opening(records.policy, now)), "hotline": company.hotline, "ticket": handover.ticket,
                                      **_due(records, handover, now)})


def exit_notice(event: str, records: Records, handover: Handover, now: datetime) -> Notice:
    if event == "off_hours":
        return off_hours(records, handover, now)
    return Notice({"no_agent": "queue_nobody"}.get(event, "queue_timeout"), {**_due(records, handover, now), "ticket": handover.ticket})


def _due(records: Records, handover: Handover, now: datetime) -> dict[str, str]:
    """When the ticket promises a person's reply; nothing where there is no ticket."""
    if not handover.ticket:
        return {}
    try:
        due = records.tickets.get(handover.ticket).due.get("first_reply")
    except ConnectorError:
        return {}
    return {"due": due} if due and datetime.fromisoformat(due) > now else {}


def _minutes_per_chat(db: Connection, rules: Rules) -> float:
    done = select(handover_log.c.seconds).where(handover_log.c.before == "active", handover_log.c.after.in_(("wrap_up", "closed", "returned")))
    seconds = [s for s in db.scalars(done.order_by(handover_log.c.id.desc()).limit(_SAMPLE)) if s is not None]
    return sum(seconds) / len(seconds) / 60 if len(seconds) == _SAMPLE else rules.minutes_per_chat
