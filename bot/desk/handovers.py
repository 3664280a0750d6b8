"""Handovers as reception and the staff use them: each move is one transaction with its audit row. Sync; callers use a thread."""
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from bot.desk import handover_rows as rows
from bot.desk import presence, routing, timers
from bot.desk.asking import Asking
from bot.desk.handover import NotAllowed
from bot.desk.handover_rows import Handover, Moved
from bot.desk.ledger import Change
from bot.desk.staff import Staff
from bot.desk.tables import handovers
from bot.desk.waiting import position
from bot.reception.ownership import Notice
from kb_connector.database import reading, writing
from kb_connector.time import iso


class Handovers(Asking):
    """What staff and timers do; what the customer's side needs is `Asking`."""

    # -- the staff's side ------------------------------------------------------------------------------------------

    def take(self, conversation: str, who: Staff) -> Moved:
        """Take what waits; a lead also takes over what the bot or a colleague has."""
        def change(db: Any, before: Handover, now: datetime) -> Handover:
            if before.state == "active" and before.agent == who.name:
                return before
            event = "resume" if before.state == "wrap_up" and before.agent == who.name else \
                "take_over" if before.state in ("bot", "returned", "closed", "active", "wrap_up") or (who.lead and before.state == "assigned") else "take"
            return self._ledger.step(db, before, event, actor=who.name, kind=who.kind, now=now, agent=who)
        return self._moved(conversation, change, "queue_accepted", agent=who.display, role=who.title)

    def assign(self, conversation: str, to: Staff, *, by: Staff | None = None) -> Moved:
        """Offer a waiting conversation to an agent, who accepts by taking it."""
        return self._moved(conversation, lambda db, before, now: self._ledger.step(
            db, before, "assign", actor=by.name if by else "system", kind=by.kind if by else "system", now=now, agent=to, note=to.name,
            deadline=now + timedelta(seconds=self.rules.accept_seconds)))

    def transfer(self, conversation: str, by: Staff, *, to: Staff | None = None, skill: str | None = None, note: str = "") -> Moved:
        """To a colleague, or back to the queue for a skill."""
        def change(db: Any, before: Handover, now: datetime) -> Handover:
            if to:
                return self._ledger.step(db, before, "transfer", actor=by.name, kind=by.kind, now=now, agent=to, note=note,
                                  deadline=now + timedelta(seconds=self.rules.accept_seconds))
            return self._ledger.step(db, replace(before, skill=skill or before.skill), "requeue", actor=by.name, kind=by.kind, now=now, note=note,
                              deadline=self._patience(now))
        return self._moved(conversation, change, "queue_transferred", agent=to.display if to else None)

    def join(self, conversation: str, who: Staff) -> Moved:
        """A supervisor speaks beside the agent."""
        def change(db: Any, before: Handover, now: datetime) -> Handover:
            joined = [*(n for n in before.joined if n != who.name), who.name]
            return self._ledger.step(db, before, "join", actor=who.name, kind=who.kind, now=now, joined=joined)
        return self._moved(conversation, change, "supervisor_joined", agent=who.display)

    def return_to_bot(self, conversation: str, who: Staff, note: str = "") -> Moved:
        """The instruction stays with the handover, and goes along with the notice to whoever tells the bot."""
        return self._moved(conversation, lambda db, before, now: self._ledger.step(
            db, replace(before, instruction=note or None), "return", actor=who.name, kind=who.kind, now=now, note=note), "queue_returned", instruction=note)

    def wrap_up(self, conversation: str, who: Staff) -> Moved:
        return self._moved(conversation, lambda db, before, now: self._ledger.step(
            db, before, "wrap_up", actor=who.name, kind=who.kind, now=now, deadline=now + timedelta(minutes=self.rules.wrap_up_minutes)))

    def close(self, conversation: str, who: Staff, note: str = "") -> Moved:
        return self._moved(conversation, lambda db, before, now: self._ledger.step(
            db, before, "close", actor=who.name, kind=who.kind, now=now, note=note), "queue_closed")

    def system(self, conversation: str, event: str, *, note: str = "", expected: Handover | None = None, ticket: str | None = None) -> Handover:
        """A timer's move; NotAllowed when the row is no longer the one that the timer saw."""
        def change(db: Any, before: Handover, now: datetime) -> Handover:
            if expected and before.revision != expected.revision:
                raise NotAllowed(event, before.state, "it changed meanwhile")
            waits = self._patience(now) if event == "release" else None
            return self._ledger.step(db, replace(before, ticket=ticket or before.ticket), event, actor="system", kind="system", now=now, note=note, deadline=waits)
        return self._ledger.change(conversation, change)

    # -- looking ---------------------------------------------------------------------------------------------------

    def get(self, conversation: str) -> Handover:
        with reading(self.engine) as db:
            return rows.find(db, conversation)

    def history(self, conversation: str) -> list[dict[str, Any]]:
        with reading(self.engine) as db:
            return rows.history(db, conversation)

    def queue(self) -> list[Handover]:
        """Who waits, in the order in which they should be served."""
        return self._ledger.listed(handovers.c.state.in_(("requested", "queued", "assigned")), handovers.c.severity.desc(), handovers.c.requested_at,
                            handovers.c.conversation)

    def mine(self, agent: str) -> list[Handover]:
        return self._ledger.listed((handovers.c.agent == agent) & handovers.c.state.in_(("assigned", "active", "wrap_up")), handovers.c.since.desc())

    def in_states(self, *states: str, limit: int = 200) -> list[Handover]:
        return self._ledger.listed(handovers.c.state.in_(states), handovers.c.since.desc(), limit=limit)

    def overdue(self) -> list[Handover]:
        return self._ledger.listed(handovers.c.deadline <= iso(self.now()), handovers.c.deadline)

    # -- presence --------------------------------------------------------------------------------------------------

    def heartbeat(self, agent: str, *, available: bool | None = None) -> None:
        for _ in range(2):
            try:
                with writing(self.engine) as db:
                    presence.seen(db, agent, self.now(), available=available)
                return
            except IntegrityError:
                continue                # two browsers of one agent, both for the first time

    def left(self, agent: str) -> None:
        with writing(self.engine) as db:
            presence.gone(db, agent)

    def present(self) -> dict[str, bool]:
        with reading(self.engine) as db:
            return presence.present(db, self.now(), within=self.rules.unseen_seconds)

    def expire(self) -> list[Moved]:
        """Every timer that has run out, moved on."""
        return timers.expire(self)

    def deal(self, staff: list[Staff], apart: Mapping[str, frozenset[str]] | None = None) -> list[Moved]:
        """Offer what waits to the agents who are present and free; `apart` names who must not get which conversation."""
        present = self.present()
        agents = [s for s in staff if s.active and "chat" in s.may and present.get(s.name)]
        load = Counter(h.agent for h in self.in_states("assigned", "active", limit=1000))
        done = []
        for waiting, agent in routing.deal(self.queue(), agents, load, now=self.now(), rules=self.rules, apart=apart or {}):
            try:
                done.append(self.assign(waiting.conversation, agent))
            except NotAllowed:
                continue                # taken meanwhile
        return done

    # -- inside ----------------------------------------------------------------------------------------------------

    def _moved(self, conversation: str, change: Change, says: str | None = None, **values: Any) -> Moved:
        seen: list[Handover] = []

        def noting(db: Any, before: Handover, now: datetime) -> Handover:
            seen[:] = [before]
            return change(db, before, now)

        handover = self._ledger.change(conversation, noting)
        unchanged = handover.revision == seen[0].revision or (says == "queue_accepted" and seen[0].agent == handover.agent and seen[0].state == "wrap_up")
        notice = Notice(says, {k: v for k, v in values.items() if v}) if says and not unchanged else None
        with reading(self.engine) as db:
            return Moved(handover, handover.ownership(position(db, handover)), notice)
