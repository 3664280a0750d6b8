"""The Rasa graph component: trains the parts on Rasa's training data, answers with the contract's keys."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.linear import Example, LinearModel
from bot.nlu.tagger import Tagger
from bot.nlu.understand import MODEL, TAGGER, Understander
from bot.settings import Settings
from bot.vocabulary import LEARNED_ENTITIES


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True)
class ComplaintUnderstanding(GraphComponent):
    """Intent, entities, issues, emotion and risks in one pass. Labels beyond the intent come from the examples' metadata."""

    def __init__(self, model_storage: ModelStorage, resource: Resource, understander: Understander | None = None) -> None:
        self._model_storage, self._resource, self._understander = model_storage, resource, understander
        self._clock = Settings.from_environment().clock

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext) -> ComplaintUnderstanding:
        return cls(model_storage, resource)

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn", "sklearn_crfsuite", "spacy", "jieba"]

    def train(self, training_data: TrainingData) -> Resource:
        messages = [m for m in training_data.intent_examples if m.get(TEXT)]
        with self._model_storage.write_to(self._resource) as folder:
            LinearModel.train([example_of(m) for m in messages]).save(Path(folder) / MODEL)
            Tagger.train([labelled(m) for m in messages], Path(folder) / TAGGER)
        return self._resource

    @classmethod
    def load(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **_: Any) -> ComplaintUnderstanding:
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, Understander.load(Path(folder)))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        assert self._understander is not None
        for message in messages:
            if message.get(TEXT) is not None:
                parsed = self._understander.parse(message.get(TEXT), self._clock())
                message.set(INTENT, parsed["intent"], add_to_output=True)
                message.set(INTENT_RANKING_KEY, parsed["intent_ranking"], add_to_output=True)
                message.set(ENTITIES, parsed["entities"], add_to_output=True)
                for key in ("issues", "emotion", "risks"):
                    message.set(key, parsed[key], add_to_output=True)
        return messages


def example_of(message: Message) -> Example:
    """A wish's class is its annotation's `group`. The intent's metadata carries emotion, further issues and risks; a complaint's own cause is always an issue."""
    given: dict[str, Any] = (message.get("metadata") or {}).get("intent") or {}
    intent = message.get(INTENT)
    own = (intent,) if intent.startswith("complain_") else ()
    wishes = tuple(dict.fromkeys(e["group"] for e in message.get(ENTITIES) or () if e["entity"] == "demand" and e.get("group")))
    return Example(message.get(TEXT), intent, given.get("emotion", "calm"), tuple(dict.fromkeys((*own, *given.get("issues", ())))), tuple(given.get("risks", ())), wishes)


def labelled(message: Message) -> tuple[str, list[tuple[int, int, str]]]:
    return message.get(TEXT), [(e["start"], e["end"], e["entity"]) for e in message.get(ENTITIES) or () if e["entity"] in LEARNED_ENTITIES]
