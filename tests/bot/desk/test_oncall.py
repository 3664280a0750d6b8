"""The gravest conversations ring at every page and call whoever is on call."""
import asyncio
import json

import httpx
import pytest

from bot.desk import calls
from bot.desk.oncall import Ringing
from bot.desk.settings import DeskSettings, OnCall
from bot.desk.staff import Staff
from bot.settings import SettingsError
from bot.signature import sign

WANG = Staff("wang", "小王", "agent")


class Now:
    def __init__(self) -> None:
        self.seconds = 4e9                                    # later than any real clock: everything is due

    def __call__(self) -> float:
        return self.seconds


class Pager:
    """The on-call service: answers with the next of `answers`, then 200."""

    def __init__(self, *answers) -> None:
        self.answers, self.calls = list(answers), []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.calls.append(request)
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer)


def grave(desk, conversation="c1", severity="L4"):
    return desk.handovers.request(conversation, channel="web", reason="risk: injury", severity=severity, ticket=None)


def ringing(desk, pager=None, now=None):
    client = httpx.AsyncClient(transport=httpx.MockTransport(pager or Pager()))
    return Ringing(desk.engine, desk.hub, 30, OnCall("https://pager.example/hook", "s3cret"), now=now or Now(), client=client)


async def rung(desk, ring):
    async with desk.hub.subscribe("desk") as events:
        await ring.ring()
        return [events.get_nowait()[1] for _ in range(events.qsize())]


async def test_everybody_is_rung_until_somebody_takes_it(desk):
    grave(desk)
    now = Now()
    ring = ringing(desk, now=now)
    [event] = await rung(desk, ring)
    assert (event["type"], event["conversation"], event["severity"], event["reason"]) == ("ring", "c1", "L4", "risk: injury")
    assert event["ticket"] == desk.handovers.get("c1").ticket
    assert await rung(desk, ring) == []
    now.seconds += 31
    assert len(await rung(desk, ring)) == 1
    desk.handovers.take("c1", WANG)
    now.seconds += 31
    assert await rung(desk, ring) == []
    now.seconds += 3100
    assert await rung(desk, ring) == []


async def test_it_goes_on_ringing_when_the_wait_has_run_out(desk, clock):
    grave(desk)
    clock.ahead(minutes=11)
    assert [m.handover.state for m in desk.handovers.expire()] == ["no_agent"]
    assert len(await rung(desk, ringing(desk))) == 1


async def test_lesser_matters_ring_nobody_until_they_turn_grave(desk):
    grave(desk, severity="L3")
    assert await rung(desk, ringing(desk)) == []
    grave(desk, severity="L4")
    assert len(await rung(desk, ringing(desk))) == 1
    grave(desk, severity="L4")
    assert await rung(desk, ringing(desk)) == []


async def test_the_pager_is_called_once_and_can_check_who_calls(desk):
    grave(desk)
    pager = Pager()
    ring = ringing(desk, pager)
    assert [await ring.report(), await ring.report()] == [1, 0]
    [request] = pager.calls
    body = json.loads(request.content)
    assert (body["event"], body["conversation"], body["severity"]) == ("grave_conversation", "c1", "L4")
    assert request.headers["x-tingsu-signature"] == sign("s3cret", request.headers["x-tingsu-timestamp"], request.content)


async def test_a_pager_that_is_away_is_called_again_with_the_same_id(desk):
    grave(desk)
    now, pager = Now(), Pager(httpx.ConnectError("away"), 503)
    ring = ringing(desk, pager, now)
    for _ in range(3):
        await ring.report()
        now.seconds += 301
    assert await ring.report() == 0
    assert len(pager.calls) == 3 and len({json.loads(r.content)["id"] for r in pager.calls}) == 1


async def test_a_worker_that_dies_while_calling_leaves_the_call_to_another(desk):
    grave(desk)
    now = Now()
    assert len(calls.posts(desk.engine, now())) == 1            # claimed, and then nothing more is heard
    pager = Pager()
    assert await ringing(desk, pager, now).report() == 0
    now.seconds += 61
    assert await ringing(desk, pager, now).report() == 1


async def test_a_pager_that_is_gone_for_good_is_given_up_in_the_end(desk):
    grave(desk)
    now, pager = Now(), Pager(*[500] * 50)
    ring = ringing(desk, pager, now)
    for _ in range(50):
        await ring.report()
        now.seconds += 301
    assert 10 < len(pager.calls) < 20


async def test_it_rings_at_once_and_not_at_the_next_tick(desk):
    async with desk.hub.subscribe("desk") as events:
        watching = asyncio.create_task(desk.watch(every=60))
        await asyncio.sleep(0.2)                                # the first round has nothing to do
        await asyncio.to_thread(grave, desk)
        _, event = await asyncio.wait_for(events.get(), 2)
        watching.cancel()
    assert event["type"] == "ring"


@pytest.mark.parametrize("environment, words", [
    ({"TINGSU_ONCALL_URL": "pager.example"}, "TINGSU_ONCALL_URL: needs an address"), ({"TINGSU_ONCALL_URL": "ftp://x/y"}, "TINGSU_ONCALL_URL"),
    ({"TINGSU_ONCALL_URL": "https://x:port/"}, "TINGSU_ONCALL_URL"), ({"TINGSU_ONCALL_URL": "https://[::1"}, "TINGSU_ONCALL_URL"),
    ({"TINGSU_ONCALL_URL": "https://pager.example/"}, "TINGSU_ONCALL_SECRET: is missing")])
def test_a_bad_address_is_one_clear_error_at_the_start(environment, words):
    with pytest.raises(SettingsError, match=words):
        DeskSettings.from_environment(environment)


def test_without_settings_nobody_is_called():
    assert DeskSettings.from_environment({}) == DeskSettings(None, None)
    assert DeskSettings.from_environment({"TINGSU_ONCALL_URL": "https://p.example/x", "TINGSU_ONCALL_SECRET": "k"}).oncall == OnCall("https://p.example/x", "k")
    assert "k" not in repr(OnCall("https://p.example", "k"))[40:]
