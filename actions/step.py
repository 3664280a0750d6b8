"""What every step's action shares: the case in, words and the case out."""
from __future__ import annotations

import re
from abc import ABC, abstractmethod
from datetime import datetime, timedelta
from typing import Any, Sequence

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import services
from bot.dialogue.case import Case
from bot.dialogue.summary import clock_words, matter
from bot.dialogue.take import STAGE_OF

from kb_connector.clocks import is_open, next_opening

CASE_SLOT = "case"
_NOT_OF_THIS = re.compile(r"(?:不|没|别|给我|帮我|是我家)\S{0,2}$")         # 「不戴口罩」「给我加热」: no goods that are complained about
_NO_GOODS = re.compile(r"店$|酒店|餐厅|公司|平台|柜$|医院|学校|银行$|支付宝|微信")           # a place or a payer is not what was bought
_GOT = "(?:买|订|点|做|办|修|寄|报|装|租|充|收到)\\S{0,6}"


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
        if (key.startswith("apology_") or key == "listen_on") and not self._told_of(key, known.get("product", "")):
            known.pop("product", None)                        # said, but not of this grievance
        return self.words.say(key, self.case, seed=self.conversation, **{**known, "matter": matter(self.case), **values})

    def _told_of(self, key: str, product: str) -> bool:
        """The product stands in the very words of the grievance, or is what its only message says was bought."""
        told = {t["message"]: t["text"] for t in self.case.told}
        meant = [i for i in self.case.issues if key == "listen_on" or i.cause.removeprefix("complain_") == key.removeprefix("apology_")]
        return bool(product) and not _NO_GOODS.search(product) and any(
            (product in i.text and not _NOT_OF_THIS.search(i.text[:i.text.find(product)]))
            or (len(self.case.issues) == 1 and re.search(_GOT + re.escape(product), told.get(i.message, ""))) for i in meant)

    def due(self, moment: str | None) -> str:
        """A due time as it is said: outside opening hours nobody answers, so the next opening is named."""
        if not moment:
            return ""
        policy, at = self.records.policy, datetime.fromisoformat(moment)
        return clock_words(at if is_open(policy, at - timedelta(minutes=1)) else next_opening(policy, at), self.now)

    def coming(self, due: dict[str, str | None]) -> str:
        """The next due time of a ticket that still lies ahead."""
        return next((self.due(due[k]) for k in ("first_reply", "plan", "close") if due.get(k) and due[k] > self.now.isoformat()), "")

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
