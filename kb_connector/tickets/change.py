"""A change to a ticket together with the history rows that tell it."""
from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from kb_connector.tickets.ticket import Ticket


class Event(NamedTuple):
    what: str
    note: str = ""


@dataclass(frozen=True)
class Change:
    ticket: Ticket
    events: tuple[Event, ...] = ()
