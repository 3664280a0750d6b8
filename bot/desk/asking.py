"""The customer's side of the handovers, as reception uses it: who has the conversation, calling a person, leaving the queue. Sync."""
from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine

from bot.desk import calls
from bot.desk import handover_rows as rows
from bot.desk.handover import AT_REST
from bot.desk.handover_rows import Handover
from bot.desk.keeping import ticket_for
from bot.desk.ledger import Ledger
from bot.desk.rules import Rules, load_rules
from bot.desk.waiting import PROMISING, exit_notice, position, wait_notice
from bot.reception.ownership import Notice, Ownership
from kb_connector.clocks import is_open, next_opening
from kb_connector.database import reading
from kb_connector.errors import ConnectorError
from kb_connector.records import Records
from kb_connector.time import iso


class Asking:
    def __init__(self, engine: Engine, records: Records, clock: Callable[[], datetime], rules: Rules | None = None) -> None:
        self.engine, self.records, self.rules = engine, records, rules or load_rules()
        self._ledger = Ledger(engine, clock)
        self.when_called: Callable[[], None] = lambda: None       # somebody is called urgently: the desk's clockwork need not wait for its next tick

    def now(self) -> datetime:
        return self._ledger.now()

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
                return known if known == before else self._called(db, rows.save(db, before, known))
            known = replace(known, channel=channel, reason=reason[:200], skill=self._skill(known.ticket), requested_at=iso(now), instruction=None)
            asked = self._ledger.step(db, known, "request", actor="bot", kind="bot", now=now, note=reason)
            return self._called(db, self._ledger.step(db, asked, "enqueue", actor="system", kind="system", now=now, deadline=self._patience(now)))

        handover = self._ledger.change(conversation, change)
        if calls.needed(handover):
            self.when_called()
        with reading(self.engine) as db:
            ownership = handover.ownership(position(db, handover))
            if handover.owner == "human":
                return ownership, Notice("queue_accepted", {"agent": handover.agent_name, "role": "同事"})
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

    def _promise(self, handover: Handover, notice: Notice) -> Notice:
        """Nobody will come now, so the matter is filed before the customer is told that it is; else only that they wait."""
        try:
            number = ticket_for(self.records, handover)
        except ConnectorError:
            return Notice("queue_next")
        kept = self._ledger.change(handover.conversation, lambda db, before, now: rows.save(db, before, replace(before, ticket=number)))
        return exit_notice({"queue_nobody": "no_agent"}.get(notice.key, "off_hours"), self.records, kept, self.now())

    def _called(self, db: Any, handover: Handover) -> Handover:
        if calls.needed(handover):
            calls.add(db, handover, time.time())
        return handover

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
