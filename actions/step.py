"""What every step's action shares: the case in, words and the case out."""
from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any, Sequence

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import services
from bot.dialogue.case import Case
from bot.dialogue.summary import matter
from bot.dialogue.take import STAGE_OF

CASE_SLOT = "case"


class Turn:
    """One step of one conversation: the case, the words and the company's records."""

    def __init__(self, step: str, tracker: Tracker, dispatcher: CollectingDispatcher, at_hand: services.Services) -> None:
        self.step = step
        self.case = Case.load(tracker.get_slot(CASE_SLOT))
        self.conversation: str = tracker.sender_id
        self.channel: str = tracker.get_latest_input_channel() or "web"
        self.records = at_hand.records
        self.words = at_hand.words
        self.now: datetime = at_hand.clock()
        self._dispatcher = dispatcher

    def phrase(self, key: str, **values: Any) -> str:
        known = {f: c.text or c.value for f, c in self.case.facts.items() if f in ("product", "where", "courier", "staff", "brand")}
        known = {f: v for f, v in known.items() if len(v) <= 14 and not v.startswith(("你们", "我们"))}
        if key.startswith("apology_") and not self._told_of(key, known.get("product", "")):
            known.pop("product", None)                        # said, but not of this grievance
        return self.words.say(key, self.case, seed=self.conversation, **{**known, "matter": matter(self.case), **values})

    def _told_of(self, key: str, product: str) -> bool:
        """The product stands in the words of the grievance that is apologised for (or in its only message)."""
        told = {t["message"]: t["text"] for t in self.case.told}
        return any(product in i.text or (len(self.case.issues) == 1 and product in told.get(i.message, ""))
                   for i in self.case.issues if i.cause.removeprefix("complain_") == key.removeprefix("apology_"))

    def say(self, *parts: str, asks: str | None = None, options: Sequence[dict[str, str]] = (), sources: Sequence[str] = (), stage: str | None = None,
            **extra: Any) -> None:
        """Send one bubble; the first of a conversation says that this is a robot and that a person can be had."""
        parts = tuple(p for p in parts if p)
        if not self.case.disclosed:
            self.case.disclosed = True
            parts = (self.phrase("disclosure"), *parts)
        metadata = {"stage": stage or STAGE_OF[self.step], "asks": asks, "ticket": self.case.ticket if self.case.ticket_seen or self.case.handover else None,
                    "options": list(options), "actor": "bot", "sources": list(sources), **extra}
        self.case.labels.update({o["label"]: o["id"] for o in options})
        buttons = [{"title": o["label"], "payload": o["id"]} for o in options]
        self._dispatcher.utter_message(text="\n".join(parts), buttons=buttons or None, metadata=metadata)

    def options(self, *names: str) -> list[dict[str, str]]:
        """Buttons by their name in the phrasebook: `continue` → its label."""
        return [{"id": name, "label": self.phrase(f"button_{name.replace(':', '_')}")} for name in names]


class StepAction(Action, ABC):
    """Subclasses name their `step` and `act` it out; what they need comes from `services`."""

    step: str = ""

    def __init__(self, at_hand: services.Services | None = None) -> None:
        self._at_hand = at_hand

    def name(self) -> str:
        return f"action_{self.step}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        turn = Turn(self.step, tracker, dispatcher, self._at_hand or services.current())
        followup = await self.act(turn)
        return [SlotSet(CASE_SLOT, turn.case.dump()), *(followup or ())]

    @abstractmethod
    async def act(self, turn: Turn) -> list[dict[str, Any]] | None:
        """Say and do what this step is for; may return further Rasa events."""
