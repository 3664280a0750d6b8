"""Accounts that may not push: the reply is the answer to one of the three deliveries, or waits for the next message."""
from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
import xmltodict

from bot.dialogue.reply import Reply
from tests.bot.channels.conftest import ACCOUNT
from tests.bot.channels.tencent_posts import message, stamp, xml

PASSIVE = replace(ACCOUNT, replies="passive")
WHO = "wechat-wx-openid-1"


@pytest.fixture
def home(house):
    """The waits are a twentieth of WeChat's."""
    made = house(PASSIVE)
    made.channels.passive._hold, made.channels.passive._given_up = 0.21, 0.275
    return made


async def deliver(home, body):
    return await home.web.post("/webhooks/wechat", content=body, params=stamp())


def content(answer) -> str | None:
    return None if answer.text == "success" else xmltodict.parse(answer.text)["xml"]["Content"]


async def test_a_quick_reply_rides_on_the_first_delivery(home):
    answer = await deliver(home, xml(message("你好]]>")))
    fields = xmltodict.parse(answer.text)["xml"]
    assert (fields["Content"], fields["ToUserName"], fields["FromUserName"], fields["MsgType"]) == ("收到：你好]]>", "openid-1", "gh_house", "text")
    await home.settled()
    assert home.tencent.sent == [] and home.channels.outbox.rows.open(WHO) == []


async def test_a_slow_reply_rides_on_a_later_delivery_and_is_said_once(home):
    home.engine.seconds = 0.4
    body = xml(message("慢慢来"))
    said = []
    for _ in range(3):                                        # WeChat gives up after 5 s and comes again
        said.append(content(await deliver(home, body)))
        if said[-1]:
            break
    assert said == [None, "收到：慢慢来"] and len(home.engine.turns) == 1


async def test_too_slow_for_all_three_the_reply_waits_for_the_next_message(home):
    home.engine.seconds = 1.2
    body = xml(message("很慢"))
    said = [content(await deliver(home, body)) for _ in range(3)]
    assert said == [None, None, "正在处理，回复任意文字获取结果。"]
    await home.settled()
    home.engine.seconds = 0.0
    assert content(await deliver(home, xml(message("好了吗")))) == "收到：很慢\n\n收到：好了吗"
    assert [t for _, t, _ in home.engine.turns] == ["很慢", "好了吗"]


async def test_overlapping_deliveries_start_one_turn_and_only_the_newest_speaks(home):
    home.engine.seconds = 0.1
    body = xml(message("一次"))
    said = [content(a) for a in await asyncio.gather(*[deliver(home, body) for _ in range(3)])]
    assert sorted(filter(None, said)) == ["收到：一次"] and len(home.engine.turns) == 1


async def test_a_reply_that_was_lost_on_the_way_is_given_again_to_the_same_delivery(house, home):
    body = xml(message("听得到吗"))
    assert content(await deliver(home, body)) == "收到：听得到吗"      # and the process dies before WeChat has read it
    again = house(PASSIVE, again=home)
    assert content(await deliver(again, body)) == "收到：听得到吗"
    assert content(await deliver(again, xml(message("下一句")))) == "收到：下一句" and again.engine.turns == [(WHO, "下一句", None)]


async def test_a_delivery_at_another_worker_waits_for_the_turn_there(house, home):
    other = house(PASSIVE, again=home)
    other.channels.passive._hold, home.engine.seconds = 2.0, 0.6
    body = xml(message("在别处"))
    here = asyncio.create_task(deliver(home, body))
    while not home.engine.turns:
        await asyncio.sleep(0.01)
    assert content(await deliver(other, body)) == "收到：在别处" and content(await here) is None and other.engine.turns == []


async def test_options_are_numbered_and_what_does_not_fit_follows(home):
    home.engine.replies = lambda _: [Reply("长" * 600, {"options": [{"id": "option:a", "label": "甲"}]}), Reply("尾" * 400)]
    first = content(await deliver(home, xml(message("一"))))
    assert first.endswith("回复任意文字接着看。") and "1. 甲" in first and len(first.encode()) <= 2048
    home.engine.replies = lambda _: [Reply("完")]
    assert content(await deliver(home, xml(message("二")))) == "尾" * 400 + "\n\n完"


async def test_an_account_that_turns_out_to_lack_the_permission_becomes_passive(house):
    home = house(ACCOUNT)
    home.tencent.always = 48001
    assert content(await deliver(home, xml(message("一")))) is None
    await home.settled()
    assert content(await deliver(home, xml(message("二")))) == "收到：一\n\n收到：二"
