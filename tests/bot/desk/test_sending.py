"""What staff send: photos, and whether it arrived."""
import base64
import time

import pytest
from sqlalchemy import insert

from bot.desk import delivery
from bot.desk.tables import sent
from bot.reception.outbox_rows import OutboxRows
from kb_connector.database import writing
from tests.bot.desk.desk_fakes import API, C

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


@pytest.fixture
def wang(enter, waiting):
    wang = enter("wang", display="小王")
    wang.version = wang.post(f"{API}/take", json={"conversation": C}).json()["handover"]["version"]
    return wang


def upload(client, data=PNG, conversation=C):
    return client.post(f"{API}/attachment", files={"file": ("门封圈.png", data, "image/png")}, data={"conversation": conversation})


def say(client, **more):
    return client.post(f"{API}/message", json={"conversation": C, "version": client.version, "client_id": "m1", **more})


def test_a_photo_goes_to_the_customer_with_or_without_words(wang, desk, outside):
    kept = upload(wang).json()
    assert say(wang, attachment=kept["id"]).status_code == 200
    assert say(wang, attachment=kept["id"], text="这是新的门封圈", client_id="m2").status_code == 200
    first, second = desk.transcript.latest(C)[-2:]
    assert first.as_json()["attachment"]["url"] == kept["url"] and first.text == ""
    assert second.text == "这是新的门封圈"
    assert outside.written_back[0] == (C, "staff", "〔图片〕")


@pytest.mark.parametrize("kept", [True, False], ids=["after it was kept", "before it was kept"])
def test_a_worker_that_died_while_sending_neither_loses_nor_doubles(wang, desk, kept):
    with writing(desk.engine) as db:
        db.execute(insert(sent).values(conversation=C, client_id="m1", at=time.time() - 31))
    if kept:
        desk.transcript.add(C, "staff", "您好", metadata={"client_id": "m1"})
    answer = say(wang, text="您好").json()
    assert answer["repeated"] is kept
    assert say(wang, text="您好").json() == {"message": answer["message"], "repeated": True}
    assert [m.text for m in desk.transcript.latest(C) if m.actor == "staff"] == ["您好"]


def test_a_message_that_is_being_sent_is_not_sent_by_another_worker(wang, desk):
    with writing(desk.engine) as db:
        db.execute(insert(sent).values(conversation=C, client_id="m1", at=time.time()))
    assert say(wang, text="您好").json()["error"]["code"] == "in_progress"


def test_a_photo_of_another_conversation_is_never_sent(wang, desk):
    desk.transcript.accept("c2", "web", "你好")
    foreign = upload(wang, conversation="c2").json()["id"]
    for wrong in (foreign, "x.png", "../../etc/passwd"):
        assert say(wang, attachment=wrong, text="看").status_code == 422
    assert say(wang).status_code == 422
    assert len(desk.transcript.latest(C)) == 1


def test_only_pictures_are_taken_and_only_for_known_conversations(wang):
    assert upload(wang, b"MZ....").status_code == 415
    assert upload(wang, b"\x89PNG\r\n\x1a\n" + b"0" * (10 * 1024 * 1024)).status_code == 413
    assert upload(wang, conversation="nope").status_code == 404


def test_the_agent_sees_how_far_each_message_got_and_what_is_left(wang, desk, outside):
    outside.allowances["web"] = {"left": 2, "until": 1795572000.0, "waiting": 1}
    rows = OutboxRows(desk.engine, lambda: 1000.0)
    for n, text in enumerate(("一", "二", "三")):
        say(wang, text=text, client_id=f"s{n}")
        if n < 2:
            rows.pack(C, "web", 2000)
    first, second = rows.open(C)
    rows.finish(first, "sent")
    rows.finish(second, "parked", reason="quota")
    read = wang.get(f"{API}/conversation", params={"id": C}).json()
    assert [m.get("delivery") for m in read["messages"]] == [None, {"state": "sent", "reason": None}, {"state": "parked", "reason": "quota"}, {"state": "sending", "reason": None}]
    assert read["channel_quota"] == {"left": 2, "window_ends": "2026-11-25T10:00:00+08:00", "parked": 1}


def test_where_nothing_is_pushed_everything_has_arrived_and_there_is_no_quota(wang):
    say(wang, text="您好")
    read = wang.get(f"{API}/conversation", params={"id": C}).json()
    assert read["messages"][-1]["delivery"]["state"] == "sent" and read["channel_quota"] is None


def test_a_message_in_several_parts_is_as_far_as_its_last_part(desk):
    rows = OutboxRows(desk.engine, lambda: 1000.0)
    message = desk.transcript.add(C, "staff", "很长。" * 60)
    rows.pack(C, "webhook", 200)
    parts = rows.open(C)
    assert len(parts) > 1
    for part in parts[:-1]:
        rows.finish(part, "sent")
    assert delivery.states(desk.engine, C)[message.id]["state"] == "sending"
    rows.finish(parts[-1], "dropped", reason="unsubscribed")
    assert delivery.states(desk.engine, C)[message.id] == {"state": "failed", "reason": "unsubscribed"}
