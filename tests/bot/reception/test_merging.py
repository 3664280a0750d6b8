"""Bursts: one answer for what belongs together, no waiting for buttons, nothing lost in a crash."""
from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from bot.dialogue.reply import Answered, Reply
from bot.dialogue.wording import Phrasebook
from bot.reception import tables
from bot.reception.hub import LocalHub
from bot.reception.inbound import Inbound
from bot.reception.locks import LocalTurns
from bot.reception.merging import Bursts, first_burst, hurried, joined
from bot.reception.ownership import NobodyAtTheDesk
from bot.reception.reception import NotReady, Reception
from bot.reception.transcript import Message, Transcript
from bot.settings import SHANGHAI
from kb_connector.database import creating, open_engine


class Listening:
    def __init__(self) -> None:
        self.heard: list[str] = []
        self.secrets: list[tuple[str, ...]] = []

    async def answer(self, conversation, text, *, message, channel, choice=None, secrets=()):
        self.heard.append(text)
        self.secrets.append(secrets)
        return Answered([Reply("好的")])


@pytest.fixture
def reception(tmp_path):
    def build() -> Reception:
        database = open_engine(f"sqlite:///{tmp_path / 'r.db'}")
        creating(database, tables.metadata)
        clock = lambda: datetime.now(SHANGHAI)                                       # noqa: E731
        made = Reception(transcript=Transcript(database, clock), hub=LocalHub(), turns=LocalTurns(), handovers=NobodyAtTheDesk(), words=Phrasebook.load(), clock=clock)
        made.engine = Listening()
        return made
    return build


async def keep(reception: Reception, *texts: str, choice: str | None = None) -> list[Message]:
    return [(await reception.accept(Inbound.read("c", text, "web", choice=choice)))[0] for text in texts]


def said(text: str, row: int = 1, **metadata) -> Message:
    return Message(row, "c", "", "customer", text, metadata=metadata)


async def test_a_burst_gets_one_answer_in_the_order_it_was_written(reception):
    house = reception()
    bursts = Bursts(house, quiet=0.1, most=1.0)
    await asyncio.gather(*[bursts.add(m, "web") for m in await keep(house, "洗衣机坏了", "才买三天", "气死我了")])
    assert house.engine.heard == ["洗衣机坏了\n才买三天\n气死我了"]
    assert [m.text for m in house.transcript.latest("c")] == ["洗衣机坏了", "才买三天", "气死我了", "好的"] and not house.transcript.waiting("c")


async def test_quiet_ends_a_burst_and_the_next_message_begins_another(reception):
    house = reception()
    bursts = Bursts(house, quiet=0.05, most=1.0)
    for message in await keep(house, "一", "二"):
        await bursts.add(message, "web")
    assert house.engine.heard == ["一\n二"]                    # both were waiting when the first flush looked


async def test_somebody_who_never_pauses_is_answered_after_the_longest_wait(reception):
    house = reception()
    bursts, loop = Bursts(house, quiet=0.2, most=0.5), asyncio.get_running_loop()
    started, writing = loop.time(), []
    while not house.engine.heard:
        message, = await keep(house, "还有")
        writing.append(asyncio.ensure_future(bursts.add(message, "web")))
        await asyncio.sleep(0.1)
        assert loop.time() - started < 3
    assert 0.45 <= loop.time() - started < 1.5
    await asyncio.gather(*writing)


async def test_ten_messages_are_enough(reception):
    house = reception()
    bursts = Bursts(house, quiet=30, most=60)
    await asyncio.wait_for(asyncio.gather(*[bursts.add(m, "web") for m in await keep(house, *"一二三四五六七八九十")]), 5)
    assert house.engine.heard == ["\n".join("一二三四五六七八九十")]


async def test_a_button_does_not_wait_and_is_not_mixed_with_text(reception):
    house = reception()
    bursts = Bursts(house, quiet=30, most=60)
    first, = await keep(house, "地址在静安")
    waiting = asyncio.ensure_future(bursts.add(first, "web"))
    button, = await keep(house, "human")
    await asyncio.wait_for(asyncio.gather(bursts.add(button, "web"), waiting), 5)
    assert house.engine.heard == ["地址在静安", "human"]


@pytest.mark.parametrize("message", [said("/restart"), said("转人工"), said("", attachment={"id": "1"}), said("好", choice="confirm:yes")])
def test_commands_photos_and_buttons_are_in_a_hurry(message):
    assert hurried(message) and not hurried(said("转人工之前我先说两句"))


def test_a_burst_ends_before_a_button_and_at_ten():
    rows = [said("a", 1), said("b", 2), said("好", 3, choice="confirm:yes"), said("c", 4)]
    assert [len(first_burst(rows)), len(first_burst(rows[2:])), len(first_burst([said("x", n) for n in range(30)]))] == [2, 1, 10]


def test_what_was_masked_in_any_message_of_the_burst_stays_known():
    assert joined([said("a", 1, secrets=["card"]), said("b", 2)]).metadata["secrets"] == ["card"]


async def test_two_workers_with_the_same_burst_answer_it_once(reception):
    one, two = reception(), reception()
    two._turns, two.engine = one._turns, one.engine
    a, b = await keep(one, "一", "二")
    await asyncio.gather(Bursts(one, quiet=0.05).add(a, "web"), Bursts(two, quiet=0.05).add(b, "web"))
    assert one.engine.heard == ["一\n二"] and [m.actor for m in one.transcript.latest("c")].count("bot") == 1


async def test_after_a_crash_the_burst_is_answered_as_one(reception):
    await keep(reception(), "洗衣机坏了", "才买三天")           # and the process dies before its timer
    house = reception()
    assert await Bursts(house).recover(("web",), "9999") == 1
    assert house.engine.heard == ["洗衣机坏了\n才买三天"]
    assert await Bursts(house).recover(("web",), "9999") == 0


async def test_while_the_model_loads_nothing_is_lost(reception):
    house = reception()
    engine, house.engine = house.engine, None
    message, = await keep(house, "在吗")
    with pytest.raises(NotReady):
        await Bursts(house, quiet=0.01).add(message, "web")
    house.engine = engine
    await Bursts(house).recover(("web",), "9999")
    assert engine.heard == ["在吗"]
