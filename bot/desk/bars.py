"""The person complained of never sees the case: asked before anything of a conversation or a ticket is listed, opened or handed to somebody."""
from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime

from sqlalchemy import Engine, select
from starlette.concurrency import run_in_threadpool

from bot.desk import auditing
from bot.desk.complained_of import complained_of, staff_said
from bot.desk.handovers import Handovers
from bot.desk.staff import MACHINE, Staff
from bot.dialogue.case import Case
from bot.http_errors import ApiError
from bot.reception.tables import conversations
from kb_connector.database import reading
from kb_connector.records import Records
from kb_connector.tickets import Ticket

_TURN, _FRESH, _MOST = 10.0, 2.0, 5000       # seconds that a turn may take; seconds that a list may lag; conversations remembered


class Bars:
    """Whoever has the conversation in hand keeps it while they have it: a customer who thanks them by name does not throw them out."""

    def __init__(self, engine: Engine, records: Records, handovers: Handovers, case_of: Callable[[str], Awaitable[Case | None]]) -> None:
        self._engine, self._records, self._handovers, self._case_of = engine, records, handovers, case_of
        self._known: dict[str, tuple[str, bool, float, tuple[str, ...]]] = {}
        self._news: dict[str, tuple[float, tuple[str, ...]]] = {}
        self._looking: dict[str, asyncio.Task[tuple[float, tuple[str, ...]]]] = {}

    async def named_in(self, conversation: str) -> tuple[str, ...]:
        """What the case and its tickets say of staff, as it is now."""
        case = await self._case_of(conversation)
        tickets = await run_in_threadpool(lambda: self._records.tickets.search(conversation=conversation, limit=20).items)
        return staff_said(case, tickets)

    async def barred(self, who: Staff, conversation: str) -> bool:
        if who is MACHINE or not complained_of(who, await self.named_in(conversation)):
            return False
        now = await run_in_threadpool(self._handovers.get, conversation)
        return not (now.owner == "human" and now.agent == who.name)

    async def check(self, who: Staff, conversation: str) -> None:
        """404, as for a conversation that does not exist, and a row for the auditor."""
        if await self.barred(who, conversation):
            await run_in_threadpool(self._note, who, conversation, "opened")
            raise ApiError(404, "not_found", "没有这个对话。")

    async def check_colleague(self, who: Staff, conversation: str, *, by: Staff) -> None:
        """Before a conversation is handed to `who`."""
        if await self.barred(who, conversation):
            await run_in_threadpool(self._note, who, conversation, f"offered by {by.name}")
            raise ApiError(409, "colleague_barred", "这位同事不能参与这件事，请选择其他同事。", {"to": who.name})

    def check_ticket(self, who: Staff, ticket: Ticket) -> None:
        if self.hides(who, ticket):
            self._note(who, ticket.conversation, "opened", ticket.number)
            raise ApiError(404, "not_found", "没有这张工单。")

    def hides(self, who: Staff, ticket: Ticket) -> bool:
        return who is not MACHINE and complained_of(who, staff_said(None, (ticket,)))

    async def visible(self, who: Staff, among: Iterable[str]) -> set[str]:
        """Those that `who` may see in a list."""
        ids = list(dict.fromkeys(among))
        if who is MACHINE or not ids:
            return set(ids)
        latest = await run_in_threadpool(self._latest, ids)
        return {each for each in ids if not complained_of(who, await self._remembered(each, latest.get(each, ""))) or not await self.barred(who, each)}

    async def hides_news(self, who: Staff, conversation: str) -> bool:
        """For the live line, which must not wait: what was known last counts, and one look aside serves all who listen."""
        if who is MACHINE:
            return False
        known = self._news.get(conversation)
        if known is None or time.monotonic() - known[0] > _FRESH:
            looking = self._look(conversation)
            known = known or await asyncio.shield(looking)
        return complained_of(who, known[1]) and await self.barred(who, conversation)

    def _look(self, conversation: str) -> asyncio.Task[tuple[float, tuple[str, ...]]]:
        """One at a time per conversation."""
        if conversation not in self._looking:
            task = self._looking[conversation] = asyncio.ensure_future(self._looked(conversation))
            task.add_done_callback(lambda done: self._looking.pop(conversation, None) and not done.cancelled() and done.exception())
        return self._looking[conversation]

    async def _looked(self, conversation: str) -> tuple[float, tuple[str, ...]]:
        said = await self.named_in(conversation)
        if len(self._news) >= _MOST:
            self._news.clear()
        self._news[conversation] = (time.monotonic(), said)
        return self._news[conversation]

    async def apart(self, among: Iterable[str], staff: Iterable[Staff]) -> Mapping[str, frozenset[str]]:
        """Conversation → names of those who must not get it."""
        team, ids = list(staff), list(among)
        latest = await run_in_threadpool(self._latest, ids)
        said = {each: await self._remembered(each, latest.get(each, "")) for each in ids}
        return {each: frozenset(who.name for who in team if complained_of(who, texts)) for each, texts in said.items() if texts}

    async def _remembered(self, conversation: str, last_at: str) -> tuple[str, ...]:
        """A case changes only with a message: what was read after its turn was surely over stays true until the next one."""
        known = self._known.get(conversation)
        if known and known[0] == last_at and (known[1] or time.monotonic() - known[2] < _FRESH):
            return known[3]
        texts = await self.named_in(conversation)
        settled = bool(last_at) and (self._handovers.now() - datetime.fromisoformat(last_at)).total_seconds() > _TURN
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[conversation] = (last_at, settled, time.monotonic(), texts)
        return texts

    def _latest(self, ids: list[str]) -> dict[str, str]:
        with reading(self._engine) as db:
            return {row.id: row.last_at for row in db.execute(select(conversations.c.id, conversations.c.last_at).where(conversations.c.id.in_(ids)))}

    def _note(self, who: Staff, conversation: str, how: str, ticket: str | None = None) -> None:
        auditing.note(self._engine, self._handovers.now(), actor=who.name, event="barred", conversation=conversation, ticket=ticket, what="case", why=how)
