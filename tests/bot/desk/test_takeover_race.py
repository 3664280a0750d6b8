"""A person takes the conversation while the bot's reply is being computed, two hundred times over: through the real reception."""
import asyncio
import os
import random
import time

import pytest

from bot.desk.staff import Staff
from bot.dialogue.reply import Answered, Reply
from bot.dialogue.wording import Phrasebook
from bot.reception.inbound import Inbound
from bot.reception.locks import LocalTurns
from bot.reception.reception import Reception
from tests.bot.desk.desk_fakes import Clock, make_desk

LEAD = Staff("zhao", "赵敏", "lead")
POSTGRESQL = os.environ.get("TINGSU_TEST_DATABASE_URL")


class SlowEngine:
    """Thinks for a moment, as the real one does, and knows nothing."""

    def __init__(self, seconds) -> None:
        self._seconds = seconds
        self.overheard = 0

    async def answer(self, conversation, text, **_) -> Answered:
        await asyncio.sleep(self._seconds())
        return Answered([Reply("请问订单号是多少？", {"stage": "collecting"}), Reply("没有也没关系。", {"stage": "collecting"})])

    async def overhear(self, conversation, text, **_) -> None:
        self.overheard += 1

    async def resume(self, conversation, **_) -> None: ...


@pytest.fixture(params=["sqlite", *(["postgresql"] if POSTGRESQL else [])])
def desk(request, tmp_path):
    made = make_desk(tmp_path, Clock(), POSTGRESQL if request.param == "postgresql" else None)[0]
    yield made
    made.engine.dispose()


@pytest.mark.parametrize("asked", [True, False], ids=["waiting in the queue", "never asked for a person"])
async def test_no_stale_reply_in_two_hundred_takeovers(desk, asked):
    dice = random.Random(7)
    reception = Reception(transcript=desk.transcript, hub=desk.hub, turns=LocalTurns(), handovers=desk.handovers, words=Phrasebook.load(), clock=Clock())
    reception.engine = engine = SlowEngine(lambda: dice.random() / 100)
    spoke = {"bot": 0, "dropped": 0}
    began = time.perf_counter()
    await asyncio.gather(*(reception.receive(Inbound.read(f"alone-{n}", "洗衣机漏水", "rest")) for n in range(8)))
    turn = time.perf_counter() - began                       # how long eight turns take here: the takeovers are spread over twice that

    async def race(n: int) -> None:
        conversation = f"race-{n}"
        desk.transcript.accept(conversation, "rest", "你好")
        if asked:
            desk.handovers.request(conversation, channel="rest", reason="asked for a person", severity="L1", ticket="C1")

        async def person() -> None:
            await asyncio.sleep(dice.random() * 2 * turn)
            await asyncio.to_thread(desk.handovers.take, conversation, LEAD)
            await reception.deliver(conversation, "staff", "您好，我来处理。", name=LEAD.display)

        replies, _ = await asyncio.gather(reception.receive(Inbound.read(conversation, "洗衣机漏水", "rest")), person())
        actors = [m.actor for m in desk.transcript.since(conversation) if m.actor in ("bot", "staff")]
        assert actors in (["bot", "bot", "staff"], ["staff"]), (conversation, actors)
        spoke["bot" if replies else "dropped"] += 1

    for start in range(0, 200, 8):
        await asyncio.gather(*(race(n) for n in range(start, start + 8)))
    assert sum(spoke.values()) == 200 and all(spoke.values()), spoke
    assert engine.overheard <= spoke["dropped"]
