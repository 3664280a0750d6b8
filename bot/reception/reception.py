"""Reception: keep the message, answer it once, and let nobody talk over anybody."""
from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import Connection

from bot.dialogue.case import Case
from bot.dialogue.reply import Answered
from bot.dialogue.summary import clock_words
from bot.dialogue.wording import Phrasebook
from bot.nlu.identifiers import mask
from bot.nlu.normalise import fold
from bot.reception.calls import Call, Calls
from bot.reception.hub import Hub
from bot.reception.inbound import Inbound
from bot.reception.locks import Turns
from bot.reception.ownership import Handovers, Notice
from bot.reception.transcript import Beside, Message, Transcript
from kb_connector.database import aside

if TYPE_CHECKING:                                             # importing Rasa takes seconds; pages are served before it is there
    from bot.dialogue.engine import Engine

log = structlog.get_logger()
_GIVEN_BACK = ("queue_returned", "queue_closed", "queue_timeout")
Outlet = Callable[[str, Message], Awaitable[None]]


class NotReady(RuntimeError):
    """The assistant is still warming up; the message was kept."""


class Reception:
    """One per process. `engine` appears when the model is loaded; until then messages are kept and answered later."""

    def __init__(self, *, transcript: Transcript, hub: Hub, turns: Turns, handovers: Handovers, words: Phrasebook, clock: Callable[[], datetime]) -> None:
        self.transcript, self.hub, self.handovers, self.words = transcript, hub, handovers, words
        self.engine: Engine | None = None
        self._turns, self._clock = turns, clock
        self._database, self.calls = transcript.engine, Calls(transcript.engine)
        self.outlets: dict[str, Outlet] = {}                  # channel → how to push a message to its customer

    # ---------------------------------------------------------------- customers

    async def receive(self, inbound: Inbound) -> list[Message]:
        """Keep, then answer. The reply's messages; none for a duplicate or while a person speaks. Unavailable before anything is kept."""
        await self._turns.ready()
        message, _ = await self.accept(inbound)
        return await self.answer(message, inbound.channel)    # a repeated message whose turn broke is answered now

    async def accept(self, inbound: Inbound) -> tuple[Message, bool]:
        """Durable before anything else happens; identity and card numbers never reach the store."""
        text, secrets = mask(inbound.text, fold(inbound.text))
        metadata: dict[str, Any] = {"channel": inbound.channel}
        if secrets:
            metadata["secrets"] = list(secrets)
        if inbound.choice:
            metadata["choice"] = inbound.choice
        if inbound.attachment:
            metadata["attachment"] = inbound.attachment
        if page := {k: inbound.context[k] for k in ("order", "store") if inbound.context.get(k)}:
            metadata["page"] = page
        message, new = await aside(self._database, self.transcript.accept, inbound.conversation, inbound.channel, text, external=inbound.external,
                                   metadata=metadata, context=inbound.context or None)
        if new:
            await self._publish(message)
        return message, new

    async def answer(self, message: Message, channel: str) -> list[Message]:
        """The turn for one kept message, or for a burst joined into one; nothing if another worker was first."""
        if self.engine is None:
            raise NotReady
        conversation = message.conversation
        with structlog.contextvars.bound_contextvars(conversation=conversation):
            async with self._turns.turn(conversation):
                if await aside(self._database, self.transcript.settled, message.settles):
                    return []
                before = await aside(self._database, self.handovers.current, conversation)
                if before.owner == "human":
                    await self._overhear(message, channel)
                    return []
                answered = await self._ask_engine(message, channel)
                call = Call.read(conversation, channel, answered.replies)
                kept = await self._keep(conversation, answered, call, answers=message.settles, version=before.version)
                if len(kept) < len(answered.replies):
                    log.info("stale_reply_dropped", version=before.version)
                    return []
                if call:
                    kept += await self._hand_over(call)
        return kept

    async def _ask_engine(self, message: Message, channel: str) -> Answered:
        assert self.engine is not None
        text, choice = message.text[:4000], message.metadata.get("choice")
        if message.metadata.get("attachment") and not text:
            text, choice = "我发了一张照片", "photo"
        return await self.engine.answer(message.conversation, text, message=str(message.id), channel=channel, choice=choice,
                                        secrets=tuple(message.metadata.get("secrets") or ()), **({"page": page} if (page := message.metadata.get("page")) else {}))

    async def _keep(self, conversation: str, answered: Answered, call: Call | None, *, answers: tuple[int, ...], version: int) -> list[Message]:
        def beside(db: Connection, spoken: bool) -> None:
            if answered.keep is not None:
                answered.keep(db)
            if call and spoken:
                self.calls.note(db, call)

        lines = [("bot", r.text, None, r.metadata.get("stage"), {k: v for k, v in r.metadata.items() if k != "handover"}) for r in answered.replies]
        kept = await aside(self._database, self.transcript.add_all, conversation, lines, answers=answers, beside=beside,
                           fence=lambda db: self.handovers.still(db, conversation, version))
        for line in kept:
            await self._publish(line)
        return kept

    async def _overhear(self, message: Message, channel: str) -> None:
        """A person owns the conversation: the bot listens, so that it never asks again what was said."""
        assert self.engine is not None
        await self.engine.overhear(message.conversation, message.text[:4000], message=str(message.id), channel=channel, now=self._clock())
        await aside(self._database, self.transcript.settle, *message.settles)
        await self.hub.publish("desk", {"type": "message", "conversation": message.conversation, "message": message.as_json()})

    async def _hand_over(self, call: Call) -> list[Message]:
        conversation, ticket = call.conversation, call.ticket
        ownership, notice = await aside(self._database, self.handovers.request, conversation, channel=call.channel, reason=call.reason, severity=call.severity,
                                        ticket=ticket)
        log.info("handover_requested", reason=call.reason, severity=call.severity, state=ownership.state)
        await self.hub.publish("desk", {"type": "queue"})
        await self.hub.publish(f"conversation:{conversation}", {"type": "state", "state": ownership.as_state()})
        if call.severity >= "L3" and notice.key in ("queue_off_hours", "queue_nobody"):
            notice = Notice("queue_grave", notice.values)
        promised = notice.values.get("ticket")
        if promised and promised != ticket and self.engine is not None:
            await self.engine.amend(conversation, ticket=promised)
        return [await self.notify(conversation, notice, ticket=ticket or promised, beside=lambda db, _: self.calls.made(db, conversation))]

    async def finish_calls(self, *, grace: float = 20.0) -> None:
        """Calls for a person that a crash left between the reply and the desk."""
        for call in await aside(self._database, self.calls.left_behind, grace):
            async with self._turns.turn(call.conversation):
                if (await aside(self._database, self.handovers.current, call.conversation)).owner == "human":
                    await aside(self._database, self.calls.forget, call.conversation)
                elif await aside(self._database, self.calls.waits, call):
                    await self._hand_over(call)

    # ---------------------------------------------------------------- staff and system

    async def deliver(self, conversation: str, actor: str, text: str, name: str | None = None, stage: str | None = None,
                      metadata: dict[str, Any] | None = None, beside: Beside | None = None) -> Message:
        """Keep and show one message of a person or of the system, on the customer's channel too; `beside` writes in the same transaction."""
        full = {"stage": stage, "asks": None, "ticket": None, "options": [], "actor": "human" if actor == "staff" else "bot", "sources": [], **(metadata or {})}
        message, = await aside(self._database, self.transcript.add_all, conversation, [(actor, text, name, stage, full)], beside=beside)
        await self._publish(message)
        return message

    async def notify(self, conversation: str, notice: Notice, *, ticket: str | None = None, beside: Beside | None = None) -> Message:
        """Say a change of hands in the phrasebook's words; a conversation given back goes on where it stood."""
        text = self.words.say(notice.key, Case(), seed=f"{conversation}{self._clock().isoformat()}", **self._readable(notice.values))
        message = await self.deliver(conversation, "system", text, stage="handover", metadata={"ticket": ticket or notice.values.get("ticket")}, beside=beside)
        if notice.key in _GIVEN_BACK and self.engine is not None:
            await self.resume(conversation)
            if notice.key == "queue_closed":
                await self._survey(conversation)
        return message

    async def _survey(self, conversation: str) -> None:
        """Once per conversation, after a person has settled the matter."""
        case = await self.case_of(conversation)
        if case is None or case.rating is not None or "rating_ask" in case.said:
            return
        stars = [{"id": f"rate:{n}", "label": "★" * n} for n in (5, 4, 3, 2, 1)]
        await self.deliver(conversation, "bot", self.words.say("rating_ask", case, seed=conversation), stage="survey", metadata={"asks": "rating", "options": stars})
        async with self._turns.turn(conversation):
            await self.engine.amend(conversation, pending="rating", said=case.said)

    async def resume(self, conversation: str, **changes: Any) -> None:
        """The bot goes on where it stood; `changes` are fields of the case."""
        assert self.engine is not None
        async with self._turns.turn(conversation):
            await self.engine.resume(conversation, **changes)

    def _readable(self, values: dict[str, Any]) -> dict[str, Any]:
        """Moments as people say them."""
        return {k: clock_words(v, self._clock()) if k in ("due", "opening", "until") and v else v for k, v in values.items()}

    async def write_back(self, conversation: str, actor: str, text: str) -> None:
        """A person's words into Rasa's tracker."""
        if self.engine is not None:
            async with self._turns.turn(conversation):
                await self.engine.write_back(conversation, text, actor)

    async def case_of(self, conversation: str) -> Case | None:
        return await self.engine.case(conversation) if self.engine else None

    async def _publish(self, message: Message) -> None:
        await self.hub.publish(f"conversation:{message.conversation}", {"type": "message", "message": message.as_json()})
        if message.actor != "customer" and self.outlets:
            known = await aside(self._database, self.transcript.known, message.conversation)
            outlet = self.outlets.get(known["channel"]) if known else None
            if outlet:
                await outlet(message.conversation, message)
