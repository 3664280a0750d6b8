"""Rasa's engine without its brakes: the same graph, policy, actions and events, without the work that our project never uses.

`tune(agent, executor)` is the one call. Every override says what Rasa does there and why leaving it out is safe here; what does
not fit our project (a remote action server, slots filled by mappings, sessions that expire) falls back to Rasa's own method.
The stock commands do not come through here. `tests/bot/test_fast.py` compares replies and stored events with and without.
"""
from __future__ import annotations

import logging
from typing import Any, Callable, Optional

from rasa.core.actions.action import Action, ActionListen, RemoteAction, create_bot_utterance
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine.graph import GraphNode, GraphSchema
from rasa.engine.runner.interface import GraphRunner
from rasa.shared.core.constants import DEFAULT_SLOT_NAMES
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event
from rasa.shared.core.slot_mappings import SlotMappingType
from rasa.shared.core.trackers import DialogueStateTracker
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.utils import call_potential_coroutine

from bot.memory.events import event_of

log = logging.getLogger(__name__)
Step = tuple[str, Callable[..., Any], tuple[tuple[str, str], ...]]        # node, its call, (argument, the node that gives it)


def tune(agent: Agent, executor: ActionExecutor | None) -> None:
    """Give `agent` the short paths; `executor` None where the actions run elsewhere."""
    processor = FastProcessor.__new__(FastProcessor)
    processor.__dict__.update(agent.processor.__dict__)
    processor.graph_runner = StraightRunner(agent.processor.graph_runner)
    processor.executor = executor
    processor.slots_from_actions_only = _slots_from_actions_only(processor.domain)
    agent.processor = processor


async def turn(processor: MessageProcessor, message: UserMessage) -> DialogueStateTracker:
    """Rasa's `handle_message` up to the saving, which is the caller's: tracker and replies belong into one transaction."""
    tracker = await processor.log_message(message, should_save_tracker=False)
    tracker = await processor.run_action_extract_slots(message.output_channel, tracker)
    await processor._run_prediction_loop(message.output_channel, tracker)
    return tracker


class StraightRunner(GraphRunner):
    """The model's graph as a list of calls, worked out once per target.

    Rasa prunes the schema, builds a dask graph and starts a dask scheduler for every prediction (about 3 ms). The nodes of a
    loaded model never change, so their order never does.
    """

    def __init__(self, runner: Any) -> None:
        self._instantiated_nodes: dict[str, GraphNode] = runner._instantiated_nodes
        self._schema: GraphSchema = runner._graph_schema
        self._plans: dict[tuple[str, ...], list[Step]] = {}

    @classmethod
    def create(cls, *_: Any, **__: Any) -> StraightRunner:
        raise NotImplementedError("made from a loaded model's runner")

    def run(self, inputs: Optional[dict[str, Any]] = None, targets: Optional[list[str]] = None) -> dict[str, Any]:
        wanted = tuple(targets or self._schema.target_names)
        plan = self._plans.get(wanted) or self._plans.setdefault(wanted, self._plan(wanted))
        values = dict(inputs or {})
        for name, call, needs in plan:
            values[name] = call(**{argument: values[giver] for argument, giver in needs})
        return {name: values[name] for name in wanted}

    def _plan(self, wanted: tuple[str, ...]) -> list[Step]:
        """Every node behind `wanted`, each after what it needs."""
        order: dict[str, Step] = {}

        def visit(name: str) -> None:
            if name in order or name not in self._schema.nodes:   # the latter: an input
                return
            needs = self._schema.nodes[name].needs
            for giver in needs.values():
                visit(giver)
            order[name] = (name, _call_of(self._instantiated_nodes[name]), tuple(needs.items()))

        for name in wanted:
            visit(name)
        return list(order.values())


def _call_of(node: GraphNode) -> Callable[..., Any]:
    """The component's own method; predict graphs are loaded eagerly and without hooks."""
    if not node._eager or node._hooks:
        return lambda **given: node(*((node._inputs[argument], value) for argument, value in given.items()))[1]
    return getattr(node._component, node._fn_name)


class FastProcessor(MessageProcessor):
    """Rasa's processor with the short paths."""

    executor: ActionExecutor | None
    slots_from_actions_only: bool

    async def run_action_extract_slots(self, output_channel: OutputChannel, tracker: DialogueStateTracker) -> DialogueStateTracker:
        """Rasa tries every mapping of every slot against every message. Ours are set by the policy and the actions alone."""
        return tracker if self.slots_from_actions_only else await super().run_action_extract_slots(output_channel, tracker)

    async def _update_tracker_session(self, tracker: DialogueStateTracker, output_channel: OutputChannel, metadata: Optional[dict] = None) -> None:
        """Rasa replays all events to see whether a session began. Without expiry only an empty tracker begins one."""
        if not tracker.events or self.domain.session_config.are_sessions_enabled():
            await super()._update_tracker_session(tracker, output_channel, metadata)

    async def parse_message(self, message: UserMessage, tracker: Optional[DialogueStateTracker] = None, only_output_properties: bool = True) -> dict[str, Any]:
        """Rasa copies the result deeply for a debug line and compares it with the domain; `tingsu check` does the latter once."""
        if self.http_interpreter or tracker is None:
            return await super().parse_message(message, tracker, only_output_properties)
        return self._parse_message_with_graph(message, tracker, only_output_properties)

    async def _run_action(self, action: Action, tracker: DialogueStateTracker, output_channel: OutputChannel, nlg: NaturalLanguageGenerator, prediction: PolicyPrediction) -> bool:
        """Rasa copies the tracker by replaying it, so that a rejected action leaves no trace; our actions never reject."""
        if isinstance(action, ActionListen):
            self._took(tracker, action, prediction, [])
            return False
        if self.executor is None or not isinstance(action, RemoteAction):
            return await super()._run_action(action, tracker, output_channel, nlg, prediction)
        tracker.update_with_events(prediction.events, self.domain)
        try:
            events = await self._act(action.name(), tracker)
        except Exception:                  # as in Rasa: the bot goes on without this action's events
            log.exception("action_failed %s", action.name())
            events = []
        self._took(tracker, action, prediction, events, heard=True)
        await self.execute_side_effects(events, tracker, output_channel)
        return True

    def _took(self, tracker: DialogueStateTracker, action: Action, prediction: PolicyPrediction, events: list[Event], *, heard: bool = False) -> None:
        """Rasa's order of events: the policy's, the action, the action's; without deep copies for debug lines."""
        if not heard:
            tracker.update_with_events(prediction.events, self.domain)
        tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, self.domain)

    async def _act(self, name: str, tracker: DialogueStateTracker) -> list[Event]:
        """Rasa dumps tracker and domain, validates the answer with jsonschema (85% of a turn) and searches all event classes.

        The action runs in this process and was imported with it: what it returns is made by the SDK's own constructors.
        """
        assert self.executor is not None
        dispatcher = CollectingDispatcher()
        returned = await call_potential_coroutine(self.executor.actions[name](dispatcher, _Seen(tracker), {})) or []
        events = [event_of(e) for e in self.executor.validate_events(returned, name)]
        return [*map(_utterance, dispatcher.messages), *(e for e in events if e is not None)]

    @staticmethod
    def _log_slots(tracker: DialogueStateTracker) -> None:
        """Only a debug line; slots hold what customers said."""

    def is_action_limit_reached(self, tracker: DialogueStateTracker, should_predict_another_action: bool) -> bool:
        """Rasa copies and reverses all events; the count needs only those since the last listen."""
        taken = 0
        for event in reversed(tracker.events):
            if isinstance(event, ActionExecuted):
                if event.action_name in ("action_listen", "action_session_start"):
                    break
                taken += 1
        return should_predict_another_action and taken >= self.max_number_of_predictions


def _slots_from_actions_only(domain: Domain) -> bool:
    """True when no slot has a mapping that a message could fill."""
    mappings = [m for slot in domain.slots if slot.name not in DEFAULT_SLOT_NAMES for m in slot.mappings]
    return not domain.form_names and all(m.get("type") == SlotMappingType.CUSTOM.value and not m.get("action") for m in mappings)


class _Seen(Tracker):
    """The SDK's view of a tracker; events become JSON only for an action that reads them, and ours read slots, sender and channel."""

    def __init__(self, tracker: DialogueStateTracker) -> None:
        latest = tracker.latest_message
        self._tracker = tracker
        self.sender_id, self.slots = tracker.sender_id, tracker.current_slot_values()
        self.latest_message = {**latest.parse_data, "entities": latest.entities} if latest else {}
        self.followup_action, self._paused = tracker.followup_action, tracker.is_paused()
        self.active_loop, self.latest_action_name = {}, tracker.latest_action_name

    @property
    def events(self) -> list[dict[str, Any]]:
        return [e.as_dict() for e in self._tracker.events]

    def get_latest_input_channel(self) -> Optional[str]:
        return self._tracker.get_latest_input_channel()


def _utterance(response: dict[str, Any]) -> BotUttered:
    """As `RemoteAction._utter_responses` makes it; our steps word their replies themselves."""
    if response.get("response"):
        raise ValueError("an action in this process words its own reply: `response=` is not looked up")
    draft: dict[str, Any] = {"buttons": list(response["buttons"])} if response.get("buttons") else {}
    rest = {k: v for k, v in response.items() if v and k not in ("response", "buttons")}
    return create_bot_utterance({**draft, **rest})

