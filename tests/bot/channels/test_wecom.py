"""WeCom customer service: the sealed notice, pulling with a cursor, answering under our own id, and Tencent's states."""
from __future__ import annotations

import itertools
import time
from dataclasses import replace

import pytest
from wechatpy.work.crypto import WeChatCrypto

from bot.channels.wechat.crypto import Envelope
from bot.dialogue.reply import Reply
from bot.reception.ownership import Ownership
from tests.bot.channels.conftest import WECOM
from tests.bot.channels.fake_tencent import PNG
from tests.bot.channels.tencent_posts import CORPID, KF_KEY, TOKEN, kf_callback, sign, stamp

WHO = "wecom.kf-1.wm-1"
_IDS = itertools.count(1)


def line(text="洗衣机坏了", *, origin=3, at=None, msgid=None, who="wm-1", **more):
    return {"msgid": msgid or f"m{next(_IDS)}", "open_kfid": "kf-1", "external_userid": who, "send_time": int(at or time.time()), "origin": origin, "msgtype": "text",
            "text": {"content": text}} | more


def event(kind, **details):
    return {"msgid": f"e{next(_IDS)}", "send_time": int(time.time()), "origin": 4, "msgtype": "event",
            "event": {"event_type": kind, "open_kfid": "kf-1", "external_userid": "wm-1", **details}}


async def notice(home, **how):
    body, query = kf_callback(**how)
    answer = await home.web.post("/webhooks/wecom", content=body, params=query)
    await home.settled()
    return answer


async def arrives(home, *messages):
    """A page of messages, and the notice for it."""
    home.tencent.customer_wrote("wm-1")
    home.tencent.pages["kf-1"].append(list(messages))
    return await notice(home, callback_token=f"t{next(_IDS)}")


@pytest.fixture
def home(house):
    return house(wecom=WECOM)


async def test_the_url_verification_is_opened_and_echoed(home):
    query = stamp()

    sealed, mark = Envelope(TOKEN, KF_KEY, CORPID).seal(b"4827", timestamp=query["timestamp"], nonce=query["nonce"])
    assert WeChatCrypto(TOKEN, KF_KEY, CORPID).check_signature(mark, query["timestamp"], query["nonce"], sealed) == "4827"
    answer = await home.web.get("/webhooks/wecom", params={"timestamp": query["timestamp"], "nonce": query["nonce"], "echostr": sealed, "msg_signature": mark})
    assert (answer.status_code, answer.text) == (200, "4827")
    assert (await home.web.get("/webhooks/wecom", params=query | {"echostr": "4827"})).status_code == 403


async def test_a_notice_is_acknowledged_and_the_messages_are_fetched_and_answered(home):
    assert (await arrives(home, line("洗衣机坏了"), line("才买三天"))).text == "success"
    assert home.tencent.texts("wm-1") == ["收到：洗衣机坏了\n才买三天"]


async def test_plain_or_foreign_notices_are_refused(home):
    body, query = kf_callback()
    for bad in (query | {"msg_signature": "0" * 40}, {**query, "signature": query["msg_signature"]} | {"msg_signature": ""}):
        assert (await home.web.post("/webhooks/wecom", content=body, params=bad)).status_code == 403
    plain = b"<xml><Event>kf_msg_or_event</Event><OpenKfId>kf-1</OpenKfId></xml>"
    assert (await home.web.post("/webhooks/wecom", content=plain, params={**stamp(), "msg_signature": sign(TOKEN, "")})).status_code == 403
    assert home.tencent.calls == []


async def test_all_pages_are_read_even_behind_an_empty_one(home):
    home.tencent.pages["kf-1"] += [[line("一")], [], [line("二")]]
    await arrives(home, line("三"))
    assert [text for actor, text in home.rows(WHO) if actor == "customer"] == ["一", "二", "三"]


async def test_the_cursor_outlives_a_restart(house):
    home = house(wecom=WECOM)
    await arrives(home, line("一"))
    again = house(wecom=WECOM, again=home)
    await arrives(again, line("二"))
    assert [body.get("cursor") for path, body in home.tencent.calls if path == "kf/sync_msg"] == [None, "1"]
    assert home.tencent.texts() == ["收到：一", "收到：二"]


async def test_a_repeated_notice_and_a_lost_cursor_answer_nothing_twice(home):
    await arrives(home, line("一", msgid="same"))
    await notice(home)
    home.tencent.pages["kf-1"].append([line("一", msgid="same")])
    await notice(home, callback_token="other")
    assert home.tencent.texts() == ["收到：一"] and len(home.engine.turns) == 1


async def test_on_a_cold_start_the_backlog_is_kept_but_only_fresh_messages_are_answered(home):
    await arrives(home, line("三天前", at=time.time() - 3 * 86400), line("刚才"))
    assert home.tencent.texts() == ["收到：刚才"] and ("customer", "三天前") in home.rows(WHO)


async def test_with_a_cursor_late_messages_are_answered_after_an_outage(home):
    await arrives(home, line("一"))
    await arrives(home, line("停机时说的", at=time.time() - 3600))
    assert home.tencent.texts()[-1] == "收到：停机时说的"


async def test_a_failed_pull_is_tried_again(home):
    home.tencent.always = 45009
    await arrives(home, line("一"))
    assert home.engine.turns == []
    home.tencent.always, home.now.ahead = None, 120.0
    await home.channels._rerun()
    await home.settled()
    assert home.tencent.texts() == ["收到：一"]


async def test_what_an_agent_wrote_is_noted_neither_answered_nor_sent_again(home):
    await arrives(home, line("一"))
    await arrives(home, line("我是专员", origin=5, servicer_userid="zhang"))
    await home.channels._sweep()
    await home.settled()
    assert ("staff", "我是专员") in home.rows(WHO) and home.tencent.texts() == ["收到：一"] and len(home.engine.turns) == 1 and home.engine.written_back == ["我是专员"]


async def test_a_repeated_send_is_the_same_message_at_tencent(home):
    home.tencent.pages["kf-1"].append([line("一")])
    home.tencent.customer_wrote("wm-1")
    deliver = home.tencent._kf_send_msg
    home.tencent._kf_send_msg = lambda body: (deliver(body), {"errcode": -1})[1]          # it arrived, but the answer was lost
    await notice(home)
    home.tencent._kf_send_msg = deliver
    home.now.ahead += 600
    await home.channels._sweep()
    assert home.tencent.texts() == ["收到：一"] and home.channels.outbox.rows.open(WHO) == []


async def test_a_session_that_tencents_people_have_silences_the_bot_until_it_ends(home):
    await arrives(home, line("一"))
    await arrives(home, event("session_status_change", change_type=1, new_servicer_userid="zhang"))
    home.tencent.states["wm-1"] = 3
    await arrives(home, line("在吗"))
    assert home.engine.overheard == ["在吗"] and home.tencent.texts() == ["收到：一"]
    await arrives(home, event("session_status_change", change_type=3, old_servicer_userid="zhang"))
    home.tencent.states["wm-1"] = 0
    await arrives(home, line("又来了"))
    assert home.engine.resumed == [WHO]
    assert home.tencent.texts() == ["收到：一", "收到：又来了"]


async def test_a_session_that_began_with_people_is_noticed_at_the_first_refused_send(home):
    home.tencent.states["wm-1"] = 3
    await arrives(home, line("一"))
    assert home.tencent.sent == [] and home.desk.current(WHO).owner == "human"


async def test_handover_moves_the_customer_into_tencents_queue_after_our_last_words(house):
    home = house(wecom=replace(WECOM, handover="transfer"))
    home.desk.owners[WHO] = Ownership("queue", 1, "queued")
    await arrives(home, line("转人工"))
    assert home.tencent.texts() == ["收到：转人工"] and home.tencent.states["wm-1"] == 2


async def test_a_visitor_is_welcomed_outside_the_quota(home):
    await arrives(home, event("enter_session", scene="1", welcome_code="code-1"))
    assert home.tencent.sent[0][0] == "code-1" and "机器人" in home.tencent.texts()[0]


@pytest.mark.parametrize("fail_type,state", [(4, "parked"), (6, "parked"), (5, "parked"), (10, "dropped"), (1, "dropped")])
async def test_a_send_that_failed_afterwards_is_parked_or_given_up(home, fail_type, state):
    await arrives(home, line("一"))
    msgid = home.tencent.sent[0][1]["msgid"]
    await arrives(home, event("msg_send_fail", fail_msgid=msgid, fail_type=fail_type))
    waiting = [r.state for r in home.channels.outbox.rows.open(WHO)]
    assert waiting == (["parked"] if state == "parked" else [])
    await arrives(home, line("二"))
    assert home.tencent.texts().count("收到：一") == (2 if state == "parked" else 1)


async def test_options_are_a_menu_and_its_click_is_the_choice(home):
    home.engine.replies = lambda _: [Reply("可以吗？", {"options": [{"id": "confirm:yes", "label": "可以"}]})]
    await arrives(home, line("退款"))
    assert home.tencent.sent[0][1]["msgmenu"]["list"] == [{"type": "click", "click": {"id": "confirm:yes", "content": "可以"}}]
    await arrives(home, line() | {"text": {"content": "可以", "menu_id": "confirm:yes"}})
    assert home.engine.turns[-1][2] == "confirm:yes"


@pytest.mark.parametrize("message", [line(msgtype="voice", voice={"media_id": "m"}), line(msgtype="business_card", business_card={}), line(msgtype="hologram")])
async def test_what_cannot_be_read_is_explained(home, message):
    await arrives(home, message)
    assert home.engine.turns == [] and len(home.tencent.texts()) == 1


async def test_a_photo_is_fetched_and_kept(home):
    await arrives(home, line(msgtype="image", image={"media_id": "m-1"}))
    assert home.reception.transcript.latest(WHO)[0].metadata["attachment"]["type"] == "image/png"


async def test_a_photo_that_could_not_be_fetched_is_fetched_later(home):
    home.tencent.media_fails = True
    await arrives(home, line(msgtype="image", image={"media_id": "m-1"}))
    assert "id" not in home.reception.transcript.latest(WHO)[0].metadata["attachment"]
    home.tencent.media_fails, home.now.ahead = False, 120.0
    await home.channels._rerun()
    assert home.reception.transcript.latest(WHO)[0].metadata["attachment"]["id"]


async def test_a_photo_of_staff_is_uploaded_and_sent_under_ids_of_its_own(home):
    await arrives(home, line("一"))
    kept = home.channels._files.keep(WHO, "凭证.png", PNG)
    await home.reception.deliver(WHO, "staff", "这是退款凭证", name="小王", metadata={"attachment": {"id": kept.id, "url": kept.url, "type": kept.type, "name": "凭证"}})
    await home.settled()
    sent = [m for _, m in home.tencent.sent[1:]]
    assert [(m["msgtype"], m.get("image") or m.get("text")) for m in sent] == [("image", {"media_id": "uploaded-1"}), ("text", {"content": "这是退款凭证"})]
    assert len({m["msgid"] for m in sent}) == 2


@pytest.mark.parametrize("state,owner,waiting", [(0, "bot", []), (1, "bot", []), (2, "human", ["parked"]), (3, "human", ["parked"]), (4, "bot", ["parked"])])
async def test_each_service_state_has_its_owner_on_our_side(home, state, owner, waiting):
    """A send that Tencent refuses makes us look. An ended session takes nothing until the customer writes again."""
    home.tencent.states["wm-1"] = state
    await arrives(home, line("一"))
    assert (home.desk.current(WHO).owner, [r.state for r in home.channels.outbox.rows.open(WHO)]) == (owner, waiting)
    if state == 4:
        home.tencent.states["wm-1"] = 0
        await arrives(home, line("二", at=time.time() + 1))
        assert "收到：一" in home.tencent.texts()[0] and home.channels.outbox.rows.open(WHO) == []


async def test_a_customer_who_gave_up_waiting_in_wecoms_queue_is_the_bots_again(house):
    home = house(wecom=replace(WECOM, handover="transfer"))
    home.desk.owners[WHO] = Ownership("queue", 1, "queued")
    await arrives(home, line("转人工"))
    await arrives(home, event("session_status_change", change_type=3))
    assert (WHO, "abandoned") in home.desk.moves and home.engine.resumed == [WHO]


@pytest.mark.parametrize("kind", ["servicer_status_change", "user_recall_msg", "reject_customer_msg_switch_change", "tomorrow"])
async def test_other_events_are_noted_and_say_nothing(home, kind):
    assert (await arrives(home, event(kind))).text == "success"
    assert home.tencent.sent == [] and home.engine.turns == []
