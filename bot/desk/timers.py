"""Timers of the desk. They stand in the database, so a crash or a restart loses none."""
from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.desk.handover import NotAllowed
from bot.desk.handover_rows import Handover, Moved
from bot.desk.keeping import ticket_for
from bot.desk.waiting import exit_notice
from bot.reception.ownership import Notice
from kb_connector.clocks import is_open
from kb_connector.errors import ConnectorError

if TYPE_CHECKING:
    from bot.desk.handovers import Handovers

def expire(desk: Handovers) -> list[Moved]:
    """Lost agents first, so that their customers are back in the queue before anything else is decided."""
    return [moved for moved in (*_lost(desk), *_overdue(desk)) if moved]


def _lost(desk: Handovers) -> list[Moved | None]:
    present = desk.present()
    return [_move(desk, each, "release", note=f"{each.agent} unseen") for each in desk.in_states("active", "assigned", limit=1000)
            if each.agent not in present and _settled(desk, each)]


def _settled(desk: Handovers, handover: Handover) -> bool:
    """In these hands for longer than an agent may be unseen; a fresh take is not taken away."""
    return (desk.now() - datetime.fromisoformat(handover.since)).total_seconds() > desk.rules.unseen_seconds


def _overdue(desk: Handovers) -> list[Moved | None]:
    done = []
    for each in desk.overdue():
        if each.state == "queued":
            done.append(_exit(desk, each))
        elif each.state == "assigned":
            done.append(_move(desk, each, "release", note="not accepted"))
        elif each.state == "wrap_up":
            done.append(_move(desk, each, "close", note="wrap-up ran out", says=Notice("queue_closed")))
    return done


def _exit(desk: Handovers, handover: Handover) -> Moved | None:
    """The wait is over without a person: the ticket keeps the promise, and one is filed where there is none."""
    now = desk.now()
    event = "off_hours" if not is_open(desk.records.policy, now) else "time_out" if any(desk.present().values()) else "no_agent"
    try:
        ticket = ticket_for(desk.records, handover)
    except ConnectorError:
        return None                 # without a ticket no promise: the customer keeps the place in the queue
    promised = replace(handover, ticket=ticket)
    return _move(desk, handover, event, ticket=ticket, says=exit_notice(event, desk.records, promised, now))


def _move(desk: Handovers, seen: Handover, event: str, *, note: str = "", ticket: str | None = None, says: Notice | None = None) -> Moved | None:
    try:
        after = desk.system(seen.conversation, event, note=note, expected=seen, ticket=ticket)
    except NotAllowed:
        return None                 # somebody moved it in between
    if event == "release":
        says = Notice("queue_transferred")
    return Moved(after, desk.current(seen.conversation), says)
