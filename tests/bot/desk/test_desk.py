"""The desk's clockwork: timers reach the customer, and one failing notice costs nobody else theirs."""
from dataclasses import replace

from tests.bot.desk.desk_fakes import Clock, make_desk


async def test_a_timer_tells_pages_and_customer(tmp_path):
    clock = Clock()
    desk, outside = make_desk(tmp_path, clock)
    desk.handovers.request("c1", channel="web", reason="asked for a person", severity="L1", ticket=None)
    clock.ahead(minutes=11)
    async with desk.hub.subscribe("desk", "conversation:c1") as events:
        await desk.tick()
        got = [events.get_nowait() for _ in range(2)]
    assert [(topic, event["type"]) for topic, event in got] == [("conversation:c1", "state"), ("desk", "queue")]
    assert [notice.key for _, notice in outside.notices] == ["queue_nobody"]


async def test_a_failing_notice_leaves_the_others_theirs(tmp_path):
    clock = Clock()
    desk, outside = make_desk(tmp_path, clock)
    told = []

    async def notify(conversation, notice):
        if conversation == "c1":
            raise ConnectionError
        told.append(conversation)
    for each in ("c1", "c2"):
        desk.handovers.request(each, channel="web", reason="asked for a person", severity="L1", ticket=None)
    clock.ahead(minutes=11)
    await replace(desk, notify=notify).tick()
    assert told == ["c2"]
