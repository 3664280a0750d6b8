"""What must happen without a message: turns that a crash interrupted, cases that were abandoned, timers of the queue."""
from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from actions.complaint import complaint_from
from actions.services import Services
from bot.reception.reception import Reception
from kb_connector.errors import ConnectorError

log = structlog.get_logger()


class Caretaker:
    """Runs every few seconds in one worker; every job is safe to run twice."""

    def __init__(self, reception: Reception, services: Services, *, idle_minutes: int = 30, every: float = 2.5) -> None:
        self._reception, self._services = reception, services
        self._idle, self._every = timedelta(minutes=idle_minutes), every

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            for job in (self.finish_interrupted, self._reception.finish_calls, self.file_abandoned):
                try:
                    await job()
                except Exception:
                    log.exception("caretaker_job_failed", job=job.__name__)
            await asyncio.sleep(self._every)

    async def finish_interrupted(self, *, grace: float = 5.0) -> int:
        """Answer messages that were kept but never answered (a worker died, or the model was still loading)."""
        if self._reception.engine is None:
            return 0
        before = (self._services.clock() - timedelta(seconds=grace)).isoformat()
        waiting = await asyncio.to_thread(self._reception.transcript.unanswered, before)
        for message in waiting:
            await self._reception.answer(message, message.metadata.get("channel") or "web")
        return len(waiting)

    async def file_abandoned(self) -> int:
        """A complaint told and left: file what is known and say so (nothing told is ever lost)."""
        before = (self._services.clock() - self._idle).isoformat()
        filed = 0
        for conversation in await asyncio.to_thread(self._reception.transcript.idle, before):
            case = await self._reception.case_of(conversation)
            if case and case.complains and not case.ticket and not case.withdrawn:
                complaint = complaint_from(case, conversation, "web", self._services.records, "abandoned")
                try:
                    ticket = await asyncio.to_thread(self._services.records.tickets.file, complaint, key=f"{conversation}:abandoned:{case.turn}")
                except ConnectorError:
                    continue
                await self._reception.resume(conversation, ticket=ticket.number, ticket_seen=True)
                text = self._services.words.say("abandoned_filed", case, seed=conversation, number=ticket.number)
                await self._reception.deliver(conversation, "bot", text, stage="filed", metadata={"ticket": ticket.number})
                filed += 1
            await asyncio.to_thread(self._reception.transcript.swept, conversation)
        return filed
