"""A tracker store that costs the same on turn 500 as on turn 5.

The dialogue needs the slots and the latest turn; stock stores load, replay and rewrite the whole conversation. Here a
turn reads one small row, appends its new events in another table, and rewrites the small row, in one transaction.
"""
from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Iterable, Optional, Text

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, update

from bot.memory.events import event_of
from kb_connector.prepared import Prepared
from bot.memory.tables import metadata, tracker_events, tracker_state
from kb_connector.database import aside, reading, writing

_STATE = Prepared(select(tracker_state.c.slots, tracker_state.c.tail).where(tracker_state.c.sender == bindparam("sender_")))
_APPEND = Prepared(insert(tracker_events).values(sender=bindparam("sender_"), saved_at=bindparam("saved_at_"), events=bindparam("events_")).inline())
_REWRITE = Prepared(update(tracker_state).where(tracker_state.c.sender == bindparam("sender_"))
                    .values(slots=bindparam("slots_"), tail=bindparam("tail_"), saved_at=bindparam("saved_at_")))
_BEGIN = Prepared(insert(tracker_state).values(sender=bindparam("sender_"), slots=bindparam("slots_"), tail=bindparam("tail_"), saved_at=bindparam("saved_at_")).inline())
_STORED = "_tingsu_stored"                                    # how many of a tracker's events are in the store


class BoundedTrackerStore(TrackerStore, SerializedTrackerAsText):
    """State and tail for the dialogue, everything for audit. SQLite and PostgreSQL."""

    def __init__(self, domain: Domain, engine: Engine, event_broker: Optional[EventBroker] = None, **kwargs: Any) -> None:
        self._engine = engine
        metadata.create_all(engine)
        super().__init__(domain, event_broker, **kwargs)

    async def retrieve(self, sender_id: Text) -> Optional[DialogueStateTracker]:
        """The bounded tracker: all slots, events of the latest turn."""
        row = await aside(self._engine, self._state, sender_id)
        if row is None:
            return None
        slots, tail = json.loads(row[0]), json.loads(row[1])
        events: list[Event] = [SlotSet(name, value) for name, value in slots.items()]
        events += [e for e in map(event_of, tail) if e is not None]
        tracker = DialogueStateTracker.from_events(sender_id, events, self.domain.slots)
        setattr(tracker, _STORED, len(tracker.events))
        return tracker

    async def retrieve_full_tracker(self, conversation_id: Text) -> Optional[DialogueStateTracker]:
        """Every event ever saved, for audit and for `GET /conversations/{id}/tracker`."""
        events = await asyncio.to_thread(self._events, conversation_id)
        if not events:
            return None
        return DialogueStateTracker.from_dict(conversation_id, events, self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append what is new; an interrupted save leaves everything as it was."""
        await self.stream_events(tracker) if self.event_broker else None
        keep, stored = self.keeping(tracker), len(tracker.events)

        def write() -> None:
            with writing(self._engine) as db:
                keep(db)
        await aside(self._engine, write)
        setattr(tracker, _STORED, stored)

    def keeping(self, tracker: DialogueStateTracker) -> Callable[[Connection], None]:
        """What writes the tracker's new events and its state, in the transaction of whoever calls it."""
        events = list(tracker.events)
        return partial(keep_turn, sender=tracker.sender_id, slots=_slots(tracker), tail=_tail(events), new=_audited(events[getattr(tracker, _STORED, 0):]))

    async def keys(self) -> Iterable[Text]:
        return await asyncio.to_thread(self._senders)

    async def delete(self, sender_id: Text) -> None:
        def erase() -> None:
            with writing(self._engine) as db:
                db.execute(delete(tracker_state).where(tracker_state.c.sender == sender_id))
                db.execute(delete(tracker_events).where(tracker_events.c.sender == sender_id))
        await asyncio.to_thread(erase)

    # ---------------------------------------------------------------- SQL

    def _state(self, sender: str) -> tuple[str, str] | None:
        with reading(self._engine) as db:
            return _STATE.row(db, sender_=sender)

    def _events(self, sender: str) -> list[dict[str, Any]]:
        with reading(self._engine) as db:
            rows = db.scalars(select(tracker_events.c.events).where(tracker_events.c.sender == sender).order_by(tracker_events.c.id))
            return [event for row in rows for event in json.loads(row)]

    def _senders(self) -> list[str]:
        with reading(self._engine) as db:
            return list(db.scalars(select(tracker_state.c.sender)))


def keep_turn(db: Connection, *, sender: str, slots: str, tail: str, new: str) -> None:
    """One turn's rows: its events for audit, and the small state; all are JSON."""
    now = time.time()
    _APPEND.run(db, sender_=sender, saved_at_=now, events_=new)
    if not _REWRITE.run(db, sender_=sender, slots_=slots, tail_=tail, saved_at_=now):
        _BEGIN.run(db, sender_=sender, slots_=slots, tail_=tail, saved_at_=now)


def _slots(tracker: DialogueStateTracker) -> str:
    return json.dumps({name: slot.value for name, slot in tracker.slots.items() if slot.value is not None}, ensure_ascii=False)


def _tail(events: list[Event]) -> str:
    """Events from the latest customer message on, without the slots (they are kept beside it)."""
    start = next((i for i in range(len(events) - 1, -1, -1) if isinstance(events[i], UserUttered)), 0)
    return json.dumps([e.as_dict() for e in events[start:] if not isinstance(e, SlotSet)], ensure_ascii=False, default=str)


def _audited(new: list[Event]) -> str:
    """Of a slot set several times in one turn only the last value is kept."""
    last = {e.key: i for i, e in enumerate(new) if isinstance(e, SlotSet)}
    return json.dumps([e.as_dict() for i, e in enumerate(new) if not isinstance(e, SlotSet) or last[e.key] == i], ensure_ascii=False, default=str)
