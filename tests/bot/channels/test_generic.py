"""The generic webhook: signed in, signed out, repeated without harm."""
from __future__ import annotations

import json
import time

import httpx
import pytest

from bot.channels.generic import GenericCourier, sign
from bot.channels.settings import WebhookSettings

SETTINGS = WebhookSettings("shared-secret", "http://platform/replies")


class Platform:
    """The other side: checks what it gets, and fails when told to."""

    def __init__(self) -> None:
        self.got: list[dict] = []
        self.statuses: list[int] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        body = request.content
        if request.headers["x-tingsu-signature"] != sign("shared-secret", request.headers["x-tingsu-timestamp"], body):
            return httpx.Response(403)
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.got.append(json.loads(body))
        return httpx.Response(status)


@pytest.fixture
def platform(house):
    other = Platform()
    home = house(webhook=SETTINGS)
    home.channels.outbox.couriers["webhook"] = GenericCourier(SETTINGS, httpx.AsyncClient(transport=httpx.MockTransport(other)))
    return home, other


async def post(home, posted, *, secret="shared-secret", at=None):
    body, timestamp = json.dumps(posted).encode(), str(int(at or time.time()))
    headers = {"X-Tingsu-Timestamp": timestamp, "X-Tingsu-Signature": sign(secret, timestamp, body)}
    answer = await home.web.post("/webhooks/generic", content=body, headers=headers)
    await home.settled()
    return answer


async def test_a_signed_message_is_answered_with_a_signed_reply(platform):
    home, other = platform
    answer = await post(home, {"id": "1", "sender": "u1", "text": "洗衣机坏了"})
    assert (answer.status_code, answer.json()["duplicate"]) == (202, False)
    assert [(r["recipient"], r["text"], r["actor"]) for r in other.got] == [("u1", "收到：洗衣机坏了", "bot")]


async def test_a_repeated_delivery_is_one_message(platform):
    home, other = platform
    for expected in (False, True):
        assert (await post(home, {"id": "1", "sender": "u1", "text": "在吗"})).json()["duplicate"] is expected
    assert len(other.got) == 1


@pytest.mark.parametrize("how", [{"secret": "guess"}, {"at": time.time() - 3600}, {"at": time.time() + 3600}])
async def test_a_wrong_signature_or_an_old_one_is_refused(platform, how):
    home, other = platform
    assert (await post(home, {"id": "1", "sender": "u1", "text": "在吗"}, **how)).status_code == 403
    assert other.got == [] and home.rows("webhook-u1") == []


@pytest.mark.parametrize("posted", [{"sender": "u"}, {"id": "1", "sender": "a b", "text": "x"}, {"id": "1", "sender": "u", "text": ""}, {"id": "1", "sender": "u", "text": "x", "more": 1}, []])
async def test_another_shape_is_422(platform, posted):
    assert (await post(platform[0], posted)).status_code == 422


async def test_a_reply_that_the_platform_did_not_take_is_repeated_under_the_same_id(platform):
    home, other = platform
    other.statuses = [503]
    await post(home, {"id": "1", "sender": "u1", "text": "在吗"})
    assert other.got == []
    home.now.ahead += 600
    await home.channels._sweep()
    assert [r["text"] for r in other.got] == ["收到：在吗"]


async def test_a_customer_who_is_gone_is_given_up(platform):
    home, other = platform
    other.statuses = [410]
    await post(home, {"id": "1", "sender": "u1", "text": "在吗"})
    assert home.channels.outbox.rows.open("webhook-u1") == []
