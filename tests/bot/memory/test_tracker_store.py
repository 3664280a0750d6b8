"""The bounded tracker store: flat, complete, all or nothing; the same promises on SQLite and PostgreSQL."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from sqlalchemy import Engine

from bot.memory import tracker_store
from bot.memory.events import event_of
from bot.memory.tracker_store import BoundedTrackerStore
from kb_connector.database import open_engine

DOMAIN = Domain.from_yaml('version: "3.1"\nintents: [greet]\nslots:\n  case: {type: any, mappings: [{type: custom}]}\nactions: [action_greet]\n')


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'memory.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: Engine) -> BoundedTrackerStore:
    return BoundedTrackerStore(DOMAIN, engine)


@pytest.fixture
def sender(request: pytest.FixtureRequest) -> str:
    return request.node.name


def turn(number: int) -> list[Event]:
    return [UserUttered(f"第{number}句", {"name": "greet", "confidence": 1.0}), SlotSet("case", f"{{\"turn\": {number}}}"), ActionExecuted("action_greet"),
            SlotSet("case", f"{{\"turn\": {number}, \"greeted\": true}}"), BotUttered(f"第{number}答"), ActionExecuted("action_listen")]


async def talk(store: BoundedTrackerStore, sender: str, turns: int, *, first: int = 0) -> None:
    for number in range(first, first + turns):
        tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
        for happened in turn(number):
            tracker.update(happened)
        await store.save(tracker)


async def test_the_tracker_of_turn_500_is_as_small_as_that_of_turn_10(store: BoundedTrackerStore, sender: str) -> None:
    await talk(store, sender, 10)
    early = await store.retrieve(sender)
    await talk(store, sender, 490, first=10)
    late = await store.retrieve(sender)
    assert len(late.events) == len(early.events) < 10
    assert late.get_slot("case") == '{"turn": 499, "greeted": true}'
    assert late.latest_message.text == "第499句"


async def test_every_message_is_kept_for_audit_in_order_and_once(store: BoundedTrackerStore, sender: str) -> None:
    await talk(store, sender, 30)
    full = await store.retrieve_full_tracker(sender)
    assert [e.text for e in full.events if isinstance(e, UserUttered)] == [f"第{n}句" for n in range(30)]
    assert [e.text for e in full.events if isinstance(e, BotUttered)] == [f"第{n}答" for n in range(30)]


async def test_an_interrupted_save_leaves_everything_as_it_was_and_can_be_repeated(store: BoundedTrackerStore, sender: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await talk(store, sender, 2)
    tracker = await store.retrieve(sender)
    for happened in turn(2):
        tracker.update(happened)

    def power_cut(*_: Any, **__: Any) -> int:
        raise ConnectionError("gone")

    with monkeypatch.context() as broken:
        broken.setattr(tracker_store._REWRITE, "run", power_cut)
        with pytest.raises(ConnectionError):
            await store.save(tracker)
    assert [e.text for e in (await store.retrieve_full_tracker(sender)).events if isinstance(e, UserUttered)] == ["第0句", "第1句"]
    await store.save(tracker)
    assert [e.text for e in (await store.retrieve_full_tracker(sender)).events if isinstance(e, UserUttered)] == ["第0句", "第1句", "第2句"]


async def test_saving_twice_without_news_doubles_nothing(store: BoundedTrackerStore, sender: str) -> None:
    await talk(store, sender, 1)
    tracker = await store.retrieve(sender)
    await store.save(tracker)
    await store.save(tracker)
    full = await store.retrieve_full_tracker(sender)
    assert sum(isinstance(e, UserUttered) for e in full.events) == 1


async def test_a_deleted_conversation_is_gone_from_both_tables(store: BoundedTrackerStore, sender: str) -> None:
    await talk(store, sender, 2)
    await store.delete(sender)
    assert await store.retrieve(sender) is None
    assert await store.retrieve_full_tracker(sender) is None


@pytest.mark.parametrize("happened", turn(1), ids=lambda e: e.type_name)
def test_events_come_back_from_json_as_rasa_brings_them_back(happened: Event) -> None:
    kept = happened.as_dict()
    assert event_of(kept) == Event.from_parameters(kept)


def test_what_is_no_event_is_none() -> None:
    assert event_of({"text": "hello"}) is None
    assert event_of({"event": "of another version"}) is None
