"""The life of a handover as a table: every move, who may make it, who owns the conversation afterwards, what the customer reads.

bot → requested → queued → assigned → active → wrap_up → returned | closed; exits no_agent, off_hours, timed_out, abandoned.
"""
from __future__ import annotations

from dataclasses import dataclass

EXITS = ("no_agent", "off_hours", "timed_out", "abandoned")
AT_REST = ("bot", "returned", "closed", *EXITS)              # the bot has it
STATES = (*AT_REST, "requested", "queued", "assigned", "active", "wrap_up")

_ASKING = ("customer", "bot", "system", "staff", "lead")
_STAFF = ("staff", "lead")                                   # any agent; a lead or above may do what an agent may
_LEAD = ("lead",)


class NotAllowed(Exception):
    """The handover's state, or the actor's role, does not allow this event."""

    def __init__(self, event: str, state: str, why: str) -> None:
        super().__init__(f"{event} is not possible in state {state}: {why}")
        self.event, self.state, self.why = event, state, why


@dataclass(frozen=True)
class Move:
    """`owner` after it; `says` is a key of the phrasebook, None where the customer need not know.

    `holder`: only the agent who has the conversation (or a lead) may do it.
    """

    sources: tuple[str, ...]
    to: str
    owner: str
    actors: tuple[str, ...]
    says: str | None = None
    holder: bool = False


MOVES: dict[str, Move] = {
    "request": Move(AT_REST, "requested", "queue", _ASKING),
    "enqueue": Move(("requested",), "queued", "queue", ("system",), "queue_position"),
    "assign": Move(("queued",), "assigned", "queue", ("system", "lead")),
    "take": Move(("requested", "queued", "assigned", *EXITS), "active", "human", _STAFF, "queue_accepted", holder=True),
    "take_over": Move(("bot", "returned", "closed", "assigned", "active", "wrap_up"), "active", "human", _LEAD, "queue_accepted"),
    "join": Move(("active",), "active", "human", _LEAD, "supervisor_joined"),
    "transfer": Move(("assigned", "active", "wrap_up"), "assigned", "human", _STAFF, "queue_transferred", holder=True),
    "requeue": Move(("assigned", "active", "wrap_up"), "queued", "queue", _STAFF, "queue_transferred", holder=True),
    "release": Move(("assigned", "active"), "queued", "queue", ("system",), "queue_transferred"),
    "wrap_up": Move(("active",), "wrap_up", "human", _STAFF, holder=True),
    "resume": Move(("wrap_up",), "active", "human", _STAFF, holder=True),
    "return": Move(("assigned", "active", "wrap_up"), "returned", "bot", _STAFF, "queue_returned", holder=True),
    "close": Move(("active", "wrap_up"), "closed", "bot", (*_STAFF, "system"), "queue_closed", holder=True),
    "time_out": Move(("queued",), "timed_out", "bot", ("system",), "queue_timeout"),
    "no_agent": Move(("queued",), "no_agent", "bot", ("system",), "queue_nobody"),
    "off_hours": Move(("queued",), "off_hours", "bot", ("system",), "queue_off_hours"),
    "abandon": Move(("requested", "queued", "assigned"), "abandoned", "bot", ("customer", "system")),
}


def move(state: str, event: str, *, actor: str, holds: bool = True) -> Move:
    """The move that `event` is in `state`; NotAllowed otherwise. `holds`: the actor has the conversation, or nobody has it."""
    chosen = MOVES.get(event)
    if chosen is None:
        raise NotAllowed(event, state, "no such event")
    if state not in chosen.sources:
        raise NotAllowed(event, state, "wrong state")
    if actor not in chosen.actors:
        raise NotAllowed(event, state, "not for this role")
    if chosen.holder and actor == "staff" and not holds:
        raise NotAllowed(event, state, "somebody else has it")
    return chosen


def changes_hands(owner: str, agent: str | None, move: Move, new_agent: str | None) -> bool:
    """Whether whatever was being written under the old owner is stale now."""
    return owner != move.owner or (move.owner == "human" and agent != new_agent)


def events_in(state: str, *, actor: str, holds: bool = True) -> list[str]:
    """What this actor may do now: the desk's buttons."""
    return [event for event, each in MOVES.items()
            if state in each.sources and actor in each.actors and (holds or actor != "staff" or not each.holder)]
