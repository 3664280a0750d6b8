"""The live line costs little, however many listen."""
import asyncio

from bot.desk.staff import Staff
from bot.dialogue.case import Case, CaseFact
from tests.bot.desk.desk_fakes import API, C


def test_a_move_that_concerns_others_makes_no_line_look_at_the_records(enter, waiting, desk, monkeypatch):
    wang, li = enter("wang"), enter("li")
    asked = []
    mine = desk.handovers.mine
    monkeypatch.setattr(type(desk.handovers), "mine", lambda _, name: asked.append(name) or mine(name))
    with li.websocket_connect("/ws/desk") as line:
        assert line.receive_json() == {"type": "ready"}
        asked.clear()
        assert wang.post(f"{API}/take", json={"conversation": C}).status_code == 200
        assert line.receive_json()["event"] == {"type": "queue", "conversation": C, "agent": "wang"}
        assert asked == []
        assert wang.post(f"{API}/transfer", json={"conversation": C, "to": "li"}).status_code == 200
        assert line.receive_json()["event"]["agent"] == "li"
        assert asked == ["li"]


def test_a_conversation_that_comes_to_me_is_heard_at_once_and_one_that_leaves_no_more(enter, waiting, desk):
    wang, li = enter("wang"), enter("li")
    say = lambda text: line.portal.call(desk.hub.publish, f"conversation:{C}", {"type": "message", "message": {"text": text, "actor": "customer"}})      # noqa: E731
    wang.post(f"{API}/take", json={"conversation": C})
    with wang.websocket_connect("/ws/desk") as line:
        line.receive_json()
        say("您好")
        assert line.receive_json()["topic"] == f"conversation:{C}"
        wang.post(f"{API}/transfer", json={"conversation": C, "to": "li"})
        assert {line.receive_json()["event"]["type"] for _ in range(2)} == {"queue", "state"}
        say("还在吗")
        line.send_json({"type": "ping"})
        assert line.receive_json() == {"type": "pong"}
    assert li.get(f"{API}/inbox").json()["items"][0]["conversation"] == C


def test_what_is_known_is_told_without_waiting_and_looked_up_aside(desk, outside, waiting):
    """A line that waits for the records at every frame falls behind when forty listen."""
    wang = Staff("wang", "小王", "agent")

    async def listen():
        assert not await desk.bars.hides_news(wang, C)
        outside.cases[C] = Case(facts={"staff": CaseFact("小王", "小王", "1")})
        desk.bars._news[C] = (float("-inf"), desk.bars._news[C][1])          # two seconds later
        first = await desk.bars.hides_news(wang, C)
        await asyncio.gather(*desk.bars._looking.values())
        return first, await desk.bars.hides_news(wang, C)
    assert asyncio.run(listen()) == (False, True)
