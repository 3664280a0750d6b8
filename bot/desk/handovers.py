"""Handovers as reception and the staff use them: each move is one transaction with its audit row. Sync; callers use a thread."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from bot.desk import handover_rows as rows
from bot.desk import presence, routing, timers
from bot.desk.accounts import Staff
from bot.desk.handover import AT_REST, NotAllowed
from bot.desk.handover_rows import Handover, Moved
from bot.desk.keeping import ticket_for
from bot.desk.ledger import Change, Ledger
from bot.desk.rules import Rules, load_roles, load_rules
from bot.desk.tables import handovers
from bot.desk.waiting import PROMISING, exit_notice, position, wait_notice
from bot.reception.ownership import Notice, Ownership
from kb_connector.clocks import is_open, next_opening
from kb_connector.database import reading, writing
from kb_connector.errors import ConnectorError
from kb_connector.records import Records
from kb_connector.time import iso


class Handovers:
    def __init__(self, engine: Engine, records: Records, clock: Callable[[], datetime], rules: Rules | None = None) -> None:
        self.engine, self.records, self.rules = engine, records, rules or load_rules()
        self._ledger = Ledger(engine, clock)

    def now(self) -> datetime:
        return self._ledger.now()

    # -- reception's side ------------------------------------------------------------------------------------------

    def current(self, conversation: str) -> Ownership:
        with reading(self.engine) as db:
            held = rows.held(db, conversation)
            return held if held.state != "queued" else replace(held, position=position(db, rows.find(db, conversation)))

    def still(self, db: Connection, conversation: str, version: int) -> bool:
        """The fence: asked inside the transaction (`writing`) that keeps a reply, nobody can take the conversation before the reply is kept."""
        return rows.locked_version(db, conversation) == version

    def request(self, conversation: str, *, channel: str, reason: str, severity: str, ticket: str | None) -> tuple[Ownership, Notice]:
        """Into the queue; asked again, the place and the waiting time are kept and what is new is added."""
        def change(db: Any, before: Handover, now: datetime) -> Handover:
            known = replace(before, ticket=ticket or before.ticket, severity=max(severity, before.severity) if before.state not in AT_REST else severity)
            if before.state not in AT_REST:
                return known if known == before else rows.save(db, before, known)
            known = replace(known, channel=channel, reason=reason[:200], skill=self._skill(known.ticket), requested_at=iso(now), instruction=None)
            asked = self._ledger.step(db, known, "request", actor="bot", kind="bot", now=now, note=reason)
            return self._ledger.step(db, asked, "enqueue", actor="system", kind="system", now=now, deadline=self._patience(now))

        handover = self._ledger.change(conversation, change)
        with reading(self.engine) as db:
            ownership = handover.ownership(position(db, handover))
            if handover.owner == "human":
                return ownership, Notice("queue_accepted", {"agent": handover.agent_name})
            notice = wait_notice(db, self.records, self.rules, handover, self.now())
        if notice.key in PROMISING and not handover.ticket:
            notice = self._promise(handover, notice)
        return ownership, notice

    def abandoned(self, conversation: str) -> None:
        """The customer left while waiting."""
        def change(db: Any, before: Handover, now: datetime) -> Handover:
            if before.state not in ("requested", "queued", "assigned"):
                return before
            return self._ledger.step(db, before, "abandon", actor="customer", kind="customer", now=now)
        self._ledger.change(conversation, change)

    # -- the staff's side ------------------------------------------------------------------------------------------

    def take(self, conversation: str, who: Staff) -> Moved:
        """Take what waits; a lead also takes over what the bot or a colleague has."""
        def change(db: Any, before: Handover, now: datetime) -> Handover:
            if before.state == "active" and before.agent == who.name:
                return before
            event = "resume" if before.state == "wrap_up" and before.agent == who.name else \
                "take_over" if before.state in ("bot", "returned", "closed", "active", "wrap_up") or (who.lead and before.state == "assigned") else "take"
            return self._ledger.step(db, before, event, actor=who.name, kind=who.kind, now=now, agent=who)
        return self._moved(conversation, change, "queue_accepted", agent=who.display, role=load_roles()[who.role].name)

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
        return self._moved(conversation, lambda db, before, now: self._ledger.step(
            db, replace(before, instruction=note or None), "return", actor=who.name, kind=who.kind, now=now, note=note), "queue_returned")

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

    def _promise(self, handover: Handover, notice: Notice) -> Notice:
        """Nobody will come now, so the matter is filed before the customer is told that it is; else only that they wait."""
        try:
            number = ticket_for(self.records, handover)
        except ConnectorError:
            return Notice("queue_next")
        kept = self._ledger.change(handover.conversation, lambda db, before, now: rows.save(db, before, replace(before, ticket=number)))
        return exit_notice({"queue_nobody": "no_agent"}.get(notice.key, "off_hours"), self.records, kept, self.now())

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

    def deal(self, staff: list[Staff]) -> list[Moved]:
        """Offer what waits to the agents who are present and free."""
        present = self.present()
        agents = [s for s in staff if s.active and "chat" in s.may and present.get(s.name)]
        load = Counter(h.agent for h in self.in_states("assigned", "active", limit=1000))
        done = []
        for waiting, agent in routing.deal(self.queue(), agents, load):
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

    def _patience(self, now: datetime) -> datetime:
        """Waiting counts from the next opening."""
        start = now if is_open(self.records.policy, now) else next_opening(self.records.policy, now)
        return start + timedelta(minutes=self.rules.wait_minutes)

    def _skill(self, ticket: str | None) -> str | None:
        """The ticket's department is the skill that is wanted."""
        if not ticket:
            return None
        try:
            return self.records.tickets.get(ticket).department
        except ConnectorError:
            return None
