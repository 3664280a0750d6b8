"""The handovers' ledger: every move is one transaction, decided on the row as it is and written with its audit row."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from bot.desk import handover_rows as rows
from bot.desk.handover import changes_hands, move
from bot.desk.handover_rows import Handover, Lost
from bot.desk.staff import Staff
from bot.desk.tables import handovers
from kb_connector.database import reading, writing
from kb_connector.errors import Unavailable
from kb_connector.time import in_shanghai, iso

Change = Callable[[Any, Handover, datetime], Handover]
_TRIES = 5


class Ledger:
    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self.engine, self._clock = engine, clock

    def now(self) -> datetime:
        return in_shanghai(self._clock()).replace(microsecond=0)

    def step(self, db: Any, before: Handover, event: str, *, actor: str, kind: str, now: datetime, agent: Staff | None = None,
              joined: list[str] | None = None, deadline: datetime | None = None, note: str = "") -> Handover:
        chosen = move(before.state, event, actor=kind, holds=before.held_by(actor))
        keeps = agent is None and chosen.owner == "human"
        name, shown = (agent.name, agent.display) if agent else (before.agent, before.agent_name) if keeps else (None, None)
        stale = changes_hands(before.owner, before.agent, chosen, name)
        same = before.state == chosen.to and before.agent == name
        after = replace(
            before, state=chosen.to, owner=chosen.owner, version=before.version + stale, agent=name, agent_name=shown,
            previous_agent=before.agent if before.agent and before.agent != name else before.previous_agent,
            joined=joined if joined is not None else before.joined if keeps else [], deadline=iso(deadline) if deadline else None,
            since=before.since if same else iso(now), assigned_at=iso(now) if event in ("assign", "transfer") else before.assigned_at,
            accepted_at=iso(now) if event in ("take", "take_over") else before.accepted_at,
            requested_at=before.requested_at or iso(now))
        kept = rows.save(db, before, after)
        rows.log(db, before, kept, event=event, actor=actor, now=now, note=note)
        return kept

    def change(self, conversation: str, decide: Change) -> Handover:
        """One transaction; when another worker wrote in between, look and decide again."""
        for _ in range(_TRIES):
            try:
                with writing(self.engine) as db:
                    return decide(db, rows.find(db, conversation), self.now())
            except (Lost, IntegrityError):
                continue
        raise Unavailable("the conversation is changing hands; try again")

    def listed(self, which: Any, *order: Any, limit: int = 500) -> list[Handover]:
        with reading(self.engine) as db:
            return [rows.from_row(row) for row in db.execute(select(handovers).where(which).order_by(*order).limit(limit))]
