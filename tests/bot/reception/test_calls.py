"""A call for a person that the reply promised reaches the desk, though the process died in between."""
from __future__ import annotations

import pytest

from bot.dialogue.reply import Reply
from bot.reception.inbound import Inbound
from bot.reception.ownership import Ownership
from tests.bot.channels.conftest import house  # noqa: F401

CALL = [Reply("我帮您转人工。", {"handover": {"reason": "asked for a person", "severity": "L1"}})]


class PowerCut(BaseException):
    pass


@pytest.fixture
def home(house):  # noqa: F811
    made = house()
    made.engine.replies = lambda _: CALL
    return made


def cut(home, owner, name):
    """The process stops where `name` begins."""
    kept = getattr(owner, name)

    def stop(*_, **__):
        raise PowerCut
    setattr(owner, name, stop)
    return lambda: setattr(owner, name, kept)


async def asks(home):
    return await home.reception.receive(Inbound.read("test-1", "转人工", "rest", external="m1"))


async def test_without_a_crash_the_call_is_made_once(home):
    assert [m.actor for m in await asks(home)] == ["bot", "system"]
    await home.reception.finish_calls(grace=-1)
    assert [actor for actor, _ in home.rows("test-1")] == ["customer", "bot", "system"] and home.desk.current("test-1").owner == "queue"


@pytest.mark.parametrize("step", ["request", "notice"])
async def test_a_crash_between_the_reply_and_the_queue_loses_nobody(home, step):
    repair = cut(home, *((home.desk, "request") if step == "request" else (home.reception.words, "say")))
    with pytest.raises(PowerCut):
        await asks(home)
    repair()
    assert [actor for actor, _ in home.rows("test-1")] == ["customer", "bot"]
    for _ in range(2):
        await home.reception.finish_calls(grace=-1)
    assert [actor for actor, _ in home.rows("test-1")] == ["customer", "bot", "system"] and home.desk.current("test-1").owner == "queue"


async def test_a_person_who_came_by_themselves_needs_no_call(home):
    repair = cut(home, home.desk, "request")
    with pytest.raises(PowerCut):
        await asks(home)
    repair()
    home.desk.owners["test-1"] = Ownership("human", 1, "active", "小王")
    for _ in range(2):
        await home.reception.finish_calls(grace=-1)
    assert [actor for actor, _ in home.rows("test-1")] == ["customer", "bot"] and home.reception.calls.left_behind(-1) == []


async def test_two_workers_with_the_same_message_keep_one_reply(home):
    """A turn that outlived its lock: the second reply finds the message answered and writes nothing, the tracker included."""
    home.engine.replies = lambda _: [Reply("一次")]
    message, _ = await home.reception.accept(Inbound.read("test-1", "在吗", "rest"))
    home.reception.transcript.settled = lambda _: False
    assert [m.text for m in await home.reception.answer(message, "rest")] == ["一次"]
    assert await home.reception.answer(message, "rest") == []
    assert [actor for actor, _ in home.rows("test-1")] == ["customer", "bot"]


async def test_a_repeated_message_whose_turn_broke_is_answered(home):
    home.engine.replies, home.engine.fails = (lambda _: [Reply("好的")]), 1
    with pytest.raises(RuntimeError):
        await asks(home)
    assert [m.text for m in await asks(home)] == ["好的"] and await asks(home) == []
