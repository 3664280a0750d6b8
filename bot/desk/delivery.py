"""Did it arrive? The state of each message on its way to the customer's channel, and how many more the platform takes."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select

from bot.reception.outbox_rows import outbox
from kb_connector.database import reading
from kb_connector.time import SHANGHAI, iso

_STATES = {"ready": "sending", "sending": "sending", "parked": "parked", "sent": "sent", "dropped": "failed"}
_WORST = ("failed", "parked", "sending", "sent")
_MOST = 500


def states(engine: Engine, conversation: str) -> dict[int, dict[str, Any]]:
    """Message id → {"state", "reason"}; a message that went in several parts is as far as its last one."""
    query = select(outbox.c.part, outbox.c.state, outbox.c.reason).where(outbox.c.conversation == conversation).order_by(outbox.c.id.desc()).limit(_MOST)
    found: dict[int, dict[str, Any]] = {}
    with reading(engine) as db:
        for row in db.execute(query):
            state = {"state": _STATES.get(row.state, row.state), "reason": row.reason}
            for message in row.part["covers"]:
                if message not in found or _WORST.index(state["state"]) < _WORST.index(found[message]["state"]):
                    found[message] = state
    return found


def of_message(actor: str, key: int, known: dict[int, dict[str, Any]], *, pushes: bool) -> dict[str, Any] | None:
    """None for what the customer wrote; where nothing is pushed, what is kept can be read; what is newer than all that was packed waits."""
    if actor == "customer":
        return None
    return known.get(key) or {"state": "sending" if pushes and key > max(known, default=0) else "sent", "reason": None}


def quota(allowance: dict[str, Any] | None) -> dict[str, Any] | None:
    """For staff; None for a channel without a limit."""
    if allowance is None or allowance["left"] is None:
        return None
    ends = allowance["until"]
    return {"left": allowance["left"], "window_ends": iso(datetime.fromtimestamp(ends, SHANGHAI)) if ends else None, "parked": allowance["waiting"]}
