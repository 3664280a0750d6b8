"""The Official Account: verification, three modes, every kind of message, and the answer that comes by API."""
from __future__ import annotations

import time
from dataclasses import replace

import pytest
import xmltodict
from wechatpy.crypto import WeChatCrypto

from bot.channels.settings import ChannelSettings
from bot.channels.wechat import menu
from bot.dialogue.reply import Reply
from bot.reception.ownership import Ownership
from bot.settings import SettingsError
from tests.bot.channels.conftest import ACCOUNT
from tests.bot.channels.fake_tencent import PNG
from tests.bot.channels.tencent_posts import AES_KEY, APPID, TOKEN, message, sealed, stamp, xml

SAFE = replace(ACCOUNT, mode="safe")
WHO = "wechat-wx-openid-1"


async def post(house, fields, **how):
    return await house.web.post("/webhooks/wechat", content=xml(fields), params=stamp(**how), headers={"Content-Type": "text/xml"})


async def write(house, text="洗衣机坏了", **fields):
    """A customer writes; the answer is delivered before this returns."""
    house.tencent.customer_wrote(fields.get("who", "openid-1"))
    answer = await post(house, message(text, **fields))
    await house.settled()
    return answer


async def test_without_settings_the_address_says_that_the_channel_is_not_configured(house):
    for method in ("GET", "POST"):
        answer = await house().web.request(method, "/webhooks/wechat")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "channel_not_configured")


async def test_the_url_verification_is_echoed_as_plain_text(house):
    answer = await house(ACCOUNT).web.get("/webhooks/wechat", params=stamp() | {"echostr": "538291"})
    assert (answer.status_code, answer.text, answer.headers["content-type"]) == (200, "538291", "text/plain; charset=utf-8")


async def test_a_message_is_acknowledged_at_once_and_answered_by_api(house):
    home = house(ACCOUNT)
    home.engine.seconds = 0.5
    home.tencent.customer_wrote("openid-1")
    started = time.perf_counter()
    answer = await post(home, message("洗衣机坏了"))
    assert (answer.text, time.perf_counter() - started < 0.3) == ("success", True)
    await home.settled()
    assert home.tencent.texts("openid-1") == ["收到：洗衣机坏了"]
    assert b"\\u" not in home.tencent.bodies[-1] and "收到".encode() in home.tencent.bodies[-1]


async def test_safe_mode_opens_what_wechatpy_seals(house):
    home = house(SAFE)
    home.tencent.customer_wrote("openid-1")
    body, query = sealed(message("我要投诉😡"))
    assert (await home.web.post("/webhooks/wechat", content=body, params=query)).text == "success"
    await home.settled()
    assert home.tencent.texts() == ["收到：我要投诉😡"]


async def test_compatible_mode_believes_only_the_sealed_twin(house):
    home = house(replace(ACCOUNT, mode="compat"))
    home.tencent.customer_wrote("openid-1")
    body, query = sealed(message("真话"), twin=True)
    assert (await home.web.post("/webhooks/wechat", content=body.replace("真话".encode(), "假话".encode()), params=query)).status_code == 200
    await home.settled()
    assert home.rows(WHO)[0] == ("customer", "真话")
    stripped = message("假话")
    assert (await post(home, stripped)).status_code == 403


async def test_two_accounts_answer_each_under_its_own_name(house):
    shop = replace(ACCOUNT, name="shop", appid="wx-shop", token="other-token", original_id="gh_shop")
    home = house(ACCOUNT, shop)
    home.tencent.customer_wrote("openid-1")
    assert (await home.web.post("/webhooks/wechat", content=xml(message(to="gh_shop")), params=stamp(token="other-token"))).text == "success"
    assert (await home.web.post("/webhooks/wechat", content=xml(message(to="gh_house")), params=stamp(token="other-token"))).status_code == 403
    assert (await post(home, message(to="gh_nobody"))).status_code == 403
    await home.settled()
    assert home.rows("wechat-shop-openid-1")[0] == ("customer", "洗衣机坏了") and not home.rows(WHO)


KINDS = {
    "text": ({}, "收到：洗衣机坏了"),
    "voice with recognition": ({"MsgType": "voice", "MediaId": "m", "Format": "amr", "Recognition": "洗衣机坏了"}, "收到：洗衣机坏了"),
    "location": ({"MsgType": "location", "Location_X": "31.2", "Location_Y": "121.4", "Label": "静安区"}, "收到：我的位置：静安区（31.2,121.4）"),
    "link": ({"MsgType": "link", "Title": "新闻", "Description": "漏水", "Url": "https://e.cn/1"}, "收到：新闻 漏水 https://e.cn/1"),
    "upper case": ({"MsgType": "TEXT"}, "收到：洗衣机坏了"),
}


@pytest.mark.parametrize("fields,expected", KINDS.values(), ids=KINDS)
async def test_what_can_be_read_is_answered(house, fields, expected):
    home = house(ACCOUNT)
    await write(home, **fields)
    assert home.tencent.texts() == [expected]


EXCUSES = {"voice": "打字|文字", "video": "文字", "shortvideo": "文字", "hologram": "文字"}


@pytest.mark.parametrize("kind", EXCUSES)
async def test_what_cannot_be_read_gets_an_explanation_and_no_turn(house, kind):
    home = house(ACCOUNT)
    assert (await write(home, None, MsgType=kind, MediaId="m", Recognition="")).text == "success"
    assert home.engine.turns == [] and any(word in home.tencent.texts()[0] for word in EXCUSES[kind].split("|"))


async def test_a_sticker_and_an_empty_message_are_explained_too(house):
    home = house(ACCOUNT)
    await write(home, "【收到不支持的消息类型，暂无法显示】")
    await write(home, "   ")
    assert home.engine.turns == [] and len(home.tencent.texts()) == 2


async def test_a_photo_is_fetched_checked_and_kept_with_its_fingerprint(house):
    home = house(ACCOUNT)
    await write(home, None, MsgType="image", MediaId="media-1", PicUrl="http://mmbiz/1")
    photo = home.reception.transcript.latest(WHO)[0].metadata["attachment"]
    assert photo["type"] == "image/png" and len(photo["sha256"]) == 64 and home.channels._files.find(photo["id"])[0].is_file()


async def test_a_photo_that_cannot_be_fetched_yet_is_fetched_later(house):
    home = house(ACCOUNT)
    home.tencent.media_fails = True
    await write(home, None, MsgType="image", MediaId="media-1")
    assert "id" not in home.reception.transcript.latest(WHO)[0].metadata["attachment"]
    home.tencent.media_fails = False
    home.now.ahead += 120
    await home.channels._rerun()
    assert home.reception.transcript.latest(WHO)[0].metadata["attachment"]["id"]


async def test_a_new_follower_is_greeted_once_however_often_the_event_comes(house):
    home = house(ACCOUNT)
    home.tencent.customer_wrote("openid-1", 3)
    event = message(None, MsgType="event", Event="subscribe", EventKey="")
    for _ in range(3):
        assert (await post(home, event)).text == "success"
    await home.settled()
    assert len(home.tencent.texts()) == 1 and "机器人" in home.tencent.texts()[0] and "转人工" in home.tencent.texts()[0]


async def test_a_menu_click_is_a_message_and_opens_the_small_quota(house):
    home = house(ACCOUNT)
    await write(home, None, MsgType="event", Event="CLICK", EventKey="我要投诉")
    assert home.engine.turns[0][1] == "我要投诉"
    assert await home.channels.outbox.allowance(WHO, "wechat") == {"left": 2, "until": None, "waiting": 0}


@pytest.mark.parametrize("event", ["VIEW", "LOCATION", "SCAN", "TEMPLATESENDJOBFINISH", "MASSSENDJOBFINISH", "kf_switch_session", "scancode_push", "scancode_waitmsg",
                                   "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select", "view_miniprogram", "subscribe_msg_popup_event",
                                   "user_authorization_revoke", "weather_changed"])
async def test_other_events_are_acknowledged_and_say_nothing(house, event):
    home = house(ACCOUNT)
    assert (await write(home, None, MsgType="event", Event=event, EventKey="x")).text == "success"
    assert home.tencent.sent == [] and home.engine.turns == []


async def test_whoever_unsubscribes_is_written_to_no_more(house):
    home = house(ACCOUNT)
    home.tencent.customer_wrote("openid-1", 0)
    await post(home, message())
    await home.settled()
    await write(home, None, MsgType="event", Event="unsubscribe")
    assert home.channels.outbox.rows.open(WHO) == [] and home.tencent.sent == []


async def test_options_become_a_menu_and_a_click_on_it_comes_back_as_the_choice(house):
    home = house(ACCOUNT)
    home.engine.replies = lambda _: [Reply("这样处理可以吗？", {"options": [{"id": "confirm:yes", "label": "可以"}, {"id": "confirm:no", "label": "不行"}]})]
    await write(home)
    menu = home.tencent.sent[0][1]["msgmenu"]
    assert menu == {"head_content": "这样处理可以吗？", "list": [{"id": "confirm:yes", "content": "可以"}, {"id": "confirm:no", "content": "不行"}], "tail_content": ""}
    await write(home, "可以", bizmsgmenuid="confirm:yes")
    assert home.engine.turns[-1][2] == "confirm:yes"


async def test_where_menus_are_not_allowed_options_are_numbered_and_the_number_is_understood(house):
    home = house(ACCOUNT)
    home.tencent.faults.append(40200)
    home.engine.replies = lambda _: [Reply("哪一种？", {"options": [{"id": "option:refund", "label": "退款"}, {"id": "option:repair", "label": "维修"}]})]
    await write(home)
    assert home.tencent.texts() == ["哪一种？\n1. 退款\n2. 维修"]
    await write(home, "２")
    assert home.engine.turns[-1][2] == "option:repair"


async def test_while_a_person_has_the_conversation_the_bot_is_silent(house):
    home = house(ACCOUNT)
    home.desk.owners[WHO] = Ownership("human", 1, "active", "小王")
    await write(home)
    assert (home.tencent.sent, home.engine.turns, home.engine.overheard) == ([], [], ["洗衣机坏了"])
    await home.reception.deliver(WHO, "staff", "我是小王", name="小王")
    await home.settled()
    assert home.tencent.texts() == ["我是小王"]


async def test_a_bot_reply_that_waited_is_dropped_once_a_person_took_over(house):
    home = house(ACCOUNT)
    await post(home, message())                      # no quota at Tencent: parked
    await home.settled()
    home.desk.owners[WHO] = Ownership("human", 1, "active", "小王")
    await write(home, "在吗")
    assert home.tencent.sent == []


async def test_handover_to_tencents_agents_answers_with_the_transfer(house):
    home = house(replace(SAFE, handover="transfer"))
    home.desk.owners[WHO] = Ownership("queue", 1, "queued")
    body, query = sealed(message("转人工"))
    answer = await home.web.post("/webhooks/wechat", content=body, params=query)
    outer = xmltodict.parse(answer.text)["xml"]
    inner = WeChatCrypto(TOKEN, AES_KEY, APPID).decrypt_message(answer.text, outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"])
    assert xmltodict.parse(inner)["xml"]["MsgType"] == "transfer_customer_service"
    await home.settled()


async def test_a_session_with_the_accounts_own_agents_silences_the_bot_until_it_ends(house):
    home = house(replace(ACCOUNT, handover="transfer"))
    await write(home, None, MsgType="event", Event="kf_create_session", KfAccount="zhang@gh", at=time.time() - 2)
    await write(home, "在吗")
    assert home.desk.current(WHO).owner == "human" and home.engine.overheard == ["在吗"] and home.tencent.sent == []
    await write(home, None, MsgType="event", Event="kf_close_session", KfAccount="zhang@gh")
    await write(home, "还有一件事")
    assert home.engine.resumed == [WHO] and home.tencent.texts() == ["收到：还有一件事"]


async def test_whoever_waits_longer_than_usual_sees_typing_and_nobody_else(house):
    home = house(ACCOUNT)
    await write(home)
    assert not [body for path, body in home.tencent.calls if path == "message/custom/typing"]
    home.engine.seconds = 1.8
    await write(home, "慢一点")
    assert [body for path, body in home.tencent.calls if path == "message/custom/typing"] == [{"touser": "openid-1", "command": "Typing"}]


@pytest.mark.parametrize("refusal", [45080, 45081, -1])
async def test_typing_that_is_refused_costs_nobody_the_answer(house, refusal):
    home = house(ACCOUNT)
    home.engine.seconds, home.tencent._message_custom_typing = 1.8, lambda _: {"errcode": refusal}
    await write(home)
    assert home.tencent.texts() == ["收到：洗衣机坏了"]


async def test_a_photo_of_staff_is_uploaded_and_sent_before_its_words(house):
    home = house(ACCOUNT)
    await write(home)
    kept = home.channels._files.keep(WHO, "凭证.png", PNG)
    await home.reception.deliver(WHO, "staff", "这是退款凭证", name="小王", metadata={"attachment": {"id": kept.id, "url": kept.url, "type": kept.type, "name": "凭证"}})
    await home.settled()
    assert ("media/upload", {"size": len(PNG), "type": "image"}) in home.tencent.calls
    assert [m for _, m in home.tencent.sent[1:]] == [{"touser": "openid-1", "msgtype": "image", "image": {"media_id": "uploaded-1"}},
                                                     {"touser": "openid-1", "msgtype": "text", "text": {"content": "这是退款凭证"}}]


MENU = """
- name: 我要投诉
- name: 帮助
  buttons:
    - {name: 查进度, says: 我想查一下投诉进度}
    - {name: 退换政策, url: "https://shop.example/policy"}
"""


async def test_the_menu_is_created_once_and_again_when_it_changed(house, tmp_path):
    file = tmp_path / "menu.yml"
    file.write_text(MENU)
    home = house(replace(ACCOUNT, menu=str(file)))
    created = lambda: [body for path, body in home.tencent.calls if path == "menu/create"]      # noqa: E731
    for made in (home, house(replace(ACCOUNT, menu=str(file)), again=home)):
        await made.channels._create_menus()
    assert created() == [{"button": [{"name": "我要投诉", "type": "click", "key": "我要投诉"},
                                     {"name": "帮助", "sub_button": [{"name": "查进度", "type": "click", "key": "我想查一下投诉进度"},
                                                                   {"name": "退换政策", "type": "view", "url": "https://shop.example/policy"}]}]}]
    file.write_text("- name: 投诉")
    await house(replace(ACCOUNT, menu=str(file)), again=home).channels._create_menus()
    assert len(created()) == 2
    await write(home, None, MsgType="event", Event="CLICK", EventKey="我想查一下投诉进度")
    assert home.engine.turns[-1][1] == "我想查一下投诉进度"


async def test_a_menu_that_was_refused_is_tried_again_later(house, tmp_path):
    (file := tmp_path / "menu.yml").write_text(MENU)
    home = house(replace(ACCOUNT, menu=str(file)))
    home.tencent.always = 48001
    for _ in range(3):
        await home.channels._create_menus()
    home.tencent.always, home.now.ahead = None, 700
    await home.channels._create_menus()
    assert len([path for path, _ in home.tencent.calls if path == "menu/create"]) == 2


@pytest.mark.parametrize("text", ["", "{", "- name: ''", "- {name: 一, colour: red}", "- name: 一\n- name: 二\n- name: 三\n- name: 四", "- name: 名字太长了的一个按钮",
                                  "- {name: 一, buttons: [{name: 二, buttons: [{name: 三}]}]}", "- {name: 一, buttons: []}", "- 5"])
def test_a_menu_that_tencent_would_refuse_is_named_at_start(tmp_path, text):
    (file := tmp_path / "menu.yml").write_text(text)
    with pytest.raises(SettingsError, match="menu.yml"):
        menu.load(str(file))


@pytest.mark.parametrize("broken,named", [({"TINGSU_WECHAT_APPID": "a"}, "TINGSU_WECHAT_SECRET"), ({"TINGSU_WECHAT_MODE": "sealed"}, "TINGSU_WECHAT_MODE"),
                                          ({"TINGSU_WECHAT_MODE": "safe", "TINGSU_WECHAT_AES_KEY": "short"}, "TINGSU_WECHAT_AES_KEY")])
def test_a_wrong_setting_is_named(broken, named):
    good = {"TINGSU_WECHAT_APPID": "a", "TINGSU_WECHAT_SECRET": "s", "TINGSU_WECHAT_TOKEN": "t"}
    with pytest.raises(SettingsError, match=named):
        ChannelSettings.from_environment((good if "TINGSU_WECHAT_APPID" not in broken else {}) | broken)


def test_secrets_do_not_show_in_the_settings_repr():
    assert "app-secret" not in repr(ACCOUNT) and TOKEN not in repr(ACCOUNT)
