"""The dialogue engine: Rasa's agent in this process, actions in this process, one door for reception."""
from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from bot.dialogue.case import Case
from bot.dialogue.fast import tune, turn
from bot.dialogue.hear import hear
from bot.dialogue.policy import CASE_SLOT
from bot.dialogue.reply import Answered, Reply
from bot.dialogue.understood import Understood
from bot.nlu.component import ComplaintUnderstanding
from bot.nlu.understand import NoModel, Understander


class _Collector(OutputChannel):
    """Takes the bot's messages whole, metadata included."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []

    @classmethod
    def name(cls) -> str:
        return "collector"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.replies.append(Reply(message.get("text") or "", message.get("metadata") or {}))


class InProcessActions(EndpointConfig):
    """An action endpoint without a server: Rasa's call goes straight to the SDK's executor."""

    def __init__(self, package: str = "actions") -> None:
        super().__init__("inprocess://actions", enable_selective_domain=True)
        self.executor = ActionExecutor()
        self.executor.register_package(package)

    async def request(self, method: str = "post", subpath: str | None = None, content_type: str | None = None, compress: bool = False, **kwargs: Any) -> Any:
        return await self.executor.run(kwargs["json"])


class Engine:
    """Understands, decides, answers. One instance per process; safe for many conversations at once. One call at a time per conversation is
    the caller's part: reception holds its turn, which other workers see too."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self._understander = _understander(agent)

    @classmethod
    def load(cls, model: Path, store_of: Any, action_endpoint: EndpointConfig | None = None) -> Engine:
        """`store_of(domain)` gives the tracker store. Raises NoModel."""
        if not model.exists():
            raise NoModel
        endpoint = action_endpoint or InProcessActions()
        agent = Agent.load(str(model), lock_store=InMemoryLockStore(), action_endpoint=endpoint)
        tune(agent, endpoint.executor if isinstance(endpoint, InProcessActions) else None)
        agent.tracker_store = store_of(agent.domain)
        agent.processor.tracker_store = agent.tracker_store
        return cls(agent)

    async def answer(self, conversation: str, text: str, *, message: str, channel: str, choice: str | None = None, secrets: tuple[str, ...] = (),
                     page: dict[str, str] | None = None) -> Answered:
        """The bot's bubbles for one customer message, and the tracker to be kept with them. `page`: the order and store of the page it was written on."""
        collector = _Collector()
        metadata = {"message": message, **({"choice": choice} if choice else {}), **({"secrets": list(secrets)} if secrets else {}), **({"page": page} if page else {})}
        heard = UserMessage(text or " ", collector, conversation, input_channel=channel, message_id=message, metadata=metadata)
        tracker = await turn(self._agent.processor, heard)
        return Answered(collector.replies, self._store.keeping(tracker))

    def parse(self, text: str, now: datetime) -> dict[str, Any]:
        """The contract's `/model/parse`."""
        return self._understander.parse(text, now)

    async def case(self, conversation: str) -> Case | None:
        """What the conversation knows; None for an unknown one."""
        tracker = await self._store.retrieve(conversation)
        return Case.load(tracker.get_slot(CASE_SLOT)) if tracker else None

    async def overhear(self, conversation: str, text: str, *, message: str, channel: str, now: datetime) -> None:
        """A customer's message to a person: the case learns from it, the bot says nothing."""
        tracker = await self._store.get_or_create_tracker(conversation)
        parsed = self.parse(text, now)
        case = hear(Case.load(tracker.get_slot(CASE_SLOT)), Understood.from_parse(parsed, message=message, at=time.time()))
        user = UserMessage(text, None, conversation, input_channel=channel, message_id=message, parse_data=parsed)
        await self._agent.processor._handle_message_with_tracker(user, tracker)
        tracker.update(SlotSet(CASE_SLOT, case.dump()), self._agent.domain)
        tracker.update(ActionExecuted("action_listen"), self._agent.domain)
        await self._store.save(tracker)

    async def write_back(self, conversation: str, text: str, name: str | None) -> None:
        """A person's turn, so that the tracker tells the whole conversation."""
        tracker = await self._store.get_or_create_tracker(conversation)
        tracker.update(BotUttered(text, metadata={"actor": "human", "name": name}), self._agent.domain)
        tracker.update(ActionExecuted("action_listen"), self._agent.domain)
        await self._store.save(tracker)

    async def resume(self, conversation: str, **changes: Any) -> None:
        """A person gave the conversation back: the case goes on, without the old call for a person."""
        await self.amend(conversation, handover=None, failures=0, stalled=0, abuse=0, secrets=[], **changes)

    async def amend(self, conversation: str, **changes: Any) -> None:
        """Set fields of the case that others than the dialogue know better."""
        tracker = await self._store.get_or_create_tracker(conversation)
        case = Case.load(tracker.get_slot(CASE_SLOT))
        for name, value in changes.items():
            setattr(case, name, value)
        for risk in case.risks.values() if "handover" in changes else ():
            risk.answered = True
        tracker.update(SlotSet(CASE_SLOT, case.dump()), self._agent.domain)
        await self._store.save(tracker)

    async def tracker(self, conversation: str) -> dict[str, Any] | None:
        """Rasa's own view of the whole conversation."""
        from rasa.shared.core.trackers import EventVerbosity
        tracker = await self._store.retrieve_full_tracker(conversation)
        return tracker.current_state(EventVerbosity.AFTER_RESTART) if tracker else None

    @property
    def _store(self) -> TrackerStore:
        return self._agent.tracker_store


def _understander(agent: Agent) -> Understander:
    for node in agent.processor.graph_runner._instantiated_nodes.values():
        component = getattr(node, "_component", None)
        if isinstance(component, ComplaintUnderstanding) and component._understander:
            return component._understander
    raise NoModel("the model lacks the understanding component")
