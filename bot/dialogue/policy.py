"""The Rasa policy that asks `decide`: read the tracker, ask, answer Rasa."""
from __future__ import annotations

import time
from typing import Any, Optional

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.case import Case
from bot.dialogue.decide import Step, decide
from bot.dialogue.hear import hear
from bot.dialogue.take import STAGE_OF, take
from bot.dialogue.understood import Understood

CASE_SLOT = "case"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class ProtocolPolicy(Policy):
    """Certain of itself: the protocol decides, nothing is learned. The case travels in one slot as JSON."""

    @staticmethod
    def supported_data() -> SupportedData:
        return SupportedData.ML_AND_RULE_DATA

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"priority": 6}

    def train(self, training_trackers: list, domain: Domain, **_: Any) -> Resource:
        self.persist()
        return self._resource

    def persist(self) -> None:
        with self._model_storage.write_to(self._resource) as path:
            (path / "protocol.txt").write_text("decided in bot/dialogue", encoding="utf-8")

    @classmethod
    def load(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **_: Any) -> ProtocolPolicy:
        return cls(config, model_storage, resource, execution_context)

    def predict_action_probabilities(self, tracker: DialogueStateTracker, domain: Domain, rule_only_data: Optional[dict] = None, **_: Any) -> PolicyPrediction:
        events = []
        kept = tracker.get_slot(CASE_SLOT)
        heard = self._just_heard(tracker)
        case = Case.load(kept) if kept is not None else replayed(tracker)
        if heard is not None:
            case = hear(case, heard)
        step = decide(case)
        if heard is not None or step.name != "listen":
            events.append(SlotSet(CASE_SLOT, take(case, step).dump()))
        probabilities = self._default_predictions(domain)
        probabilities[domain.index_for_action(step.action)] = 1.0
        return self._prediction(probabilities, events=events)

    @staticmethod
    def _just_heard(tracker: DialogueStateTracker) -> Understood | None:
        """The customer's message when nothing has been done about it yet."""
        for event in reversed(tracker.events):
            if isinstance(event, ActionExecuted):
                return None
            if isinstance(event, UserUttered):
                return Understood.from_parse(event.parse_data, message=event.message_id or "", metadata=event.metadata, at=event.timestamp or time.time())
        return None


def replayed(tracker: DialogueStateTracker) -> Case:
    """The case as the events tell it, without the message that is still to be heard: `rasa test` drops what policies set."""
    case, waiting = Case(), None
    for event in tracker.events:
        if isinstance(event, UserUttered):
            waiting = Understood.from_parse(event.parse_data, message=event.message_id or "", metadata=event.metadata, at=event.timestamp or 0.0)
        elif isinstance(event, ActionExecuted) and event.action_name and event.action_name.removeprefix("action_") in STAGE_OF:
            if waiting is not None:
                case, waiting = hear(case, waiting), None
            step = decide(case)
            name = event.action_name.removeprefix("action_")
            case = take(case, step if step.name == name else Step(name, "as the events tell"))
    return case
