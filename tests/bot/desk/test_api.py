"""A day at the desk over HTTP and the live line."""
from fastapi.testclient import TestClient

from bot.dialogue.case import Case, CaseFact, CaseIssue, CaseRisk
from kb_connector.tickets import Complaint, Issue
from tests.bot.desk.desk_fakes import API, TOKEN, C


def say(client, text, version, client_id="m1"):
    return client.post(f"{API}/message", json={"conversation": C, "text": text, "version": version, "client_id": client_id})


def take(client):
    return client.post(f"{API}/take", json={"conversation": C}).json()["handover"]["version"]


def test_from_the_queue_to_the_wrap_up(enter, waiting, outside, desk):
    wang = enter("wang", display="小王")
    queued = wang.get(f"{API}/inbox?box=queue").json()
    assert queued["items"][0]["conversation"] == C
    assert queued["items"][0]["last"]["text"].startswith("洗衣机漏水")
    version = take(wang)
    assert say(wang, "您好，我是小王，前面您说的我都看了。", version).status_code == 200
    assert outside.written_back == [(C, "staff", "您好，我是小王，前面您说的我都看了。")]
    read = wang.get(f"{API}/conversation", params={"id": C}).json()
    assert [m["actor"] for m in read["messages"]] == ["customer", "staff"]
    assert read["may_speak"] and {"transfer", "return", "wrap_up"} <= set(read["events"])
    assert wang.get(f"{API}/inbox?box=waiting").json()["items"][0]["conversation"] == C
    assert wang.post(f"{API}/close", json={"conversation": C}).json()["error"]["code"] == "wrap_up_missing"
    wrapped = {"conversation": C, "cause": "complain_quality", "lesson": "门封圈批次问题", "outcome": "filed"}
    assert wang.post(f"{API}/wrap_up", json={**wrapped, "outcome": "great"}).status_code == 422
    assert wang.post(f"{API}/wrap_up", json=wrapped).json()["handover"]["state"] == "wrap_up"
    assert wang.post(f"{API}/close", json={"conversation": C}).json()["ownership"]["owner"] == "bot"
    assert [notice.key for _, notice in outside.notices] == ["queue_accepted", "queue_closed"]
    stats = wang.get(f"{API}/stats").json()
    assert (stats["taken"], stats["finished"], stats["outcomes"]) == (1, 1, {"filed": 1})


def test_a_repeated_message_is_sent_once(enter, waiting, desk):
    wang = enter("wang")
    version = take(wang)
    first, again = say(wang, "在的", version).json(), say(wang, "在的", version).json()
    assert again == {"message": first["message"], "repeated": True}
    assert len(desk.transcript.since(C)) == 2


def test_a_message_written_before_the_takeover_is_not_sent(enter, waiting, desk):
    wang, lead = enter("wang"), enter("zhao", "lead")
    old = take(wang)
    take(lead)
    refused = say(wang, "我来处理", old)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "stale_version")
    assert say(wang, "我来处理", old + 1).json()["error"]["code"] == "not_yours"
    assert len(desk.transcript.since(C)) == 1


def test_a_supervisor_speaks_only_after_joining(enter, waiting):
    wang, lead = enter("wang"), enter("zhao", "lead", display="赵主管")
    version = take(wang)
    assert say(lead, "我是主管", version).status_code == 409
    assert lead.post(f"{API}/join", json={"conversation": C}).status_code == 200
    assert say(lead, "我是主管", version).status_code == 200
    assert say(wang, "好的", version, "m2").status_code == 200
    assert wang.post(f"{API}/join", json={"conversation": C}).status_code == 403


def test_hurting_words_never_reach_the_customer(enter, waiting, desk):
    wang = enter("wang")
    refused = say(wang, "你懂不懂最基本的技巧", take(wang))
    assert refused.json()["error"]["code"] == "tone_blocked"
    assert len(desk.transcript.since(C)) == 1
    warned = wang.post(f"{API}/lint", json={"text": "您怎么不早说，一定给您赔"}).json()["findings"]
    assert [f["level"] for f in warned] == ["warn", "warn"]
    assert wang.post(f"{API}/lint", json={"text": "您好，我先向您道歉，现在就为您核实。"}).json()["findings"] == []


def test_the_built_in_replies_pass_the_tone_check(enter):
    wang = enter("wang")
    for reply in wang.get(f"{API}/canned").json()["items"]:
        assert wang.post(f"{API}/lint", json={"text": reply["text"]}).json()["findings"] == [], reply


def test_transfer_note_and_hand_back(enter, waiting, outside, desk):
    wang, li = enter("wang"), enter("li", display="小李")
    take(wang)
    assert wang.post(f"{API}/transfer", json={"conversation": C}).status_code == 422
    assert wang.post(f"{API}/transfer", json={"conversation": C, "to": "nobody"}).status_code == 422
    assert wang.post(f"{API}/transfer", json={"conversation": C, "to": "li", "note": "懂洗衣机"}).json()["handover"]["state"] == "assigned"
    assert li.get(f"{API}/inbox?box=mine").json()["items"][0]["state"] == "assigned"
    take(li)
    assert li.post(f"{API}/note", json={"conversation": C, "text": "已联系仓库"}).status_code == 201
    notes = li.get(f"{API}/conversation", params={"id": C}).json()["notes"]
    assert [n["text"] for n in notes] == ["转交：懂洗衣机", "已联系仓库"]
    assert wang.post(f"{API}/return", json={"conversation": C}).status_code == 409
    assert li.post(f"{API}/return", json={"conversation": C, "note": "继续问订单号"}).json()["ownership"]["owner"] == "bot"
    assert [n.key for _, n in outside.notices] == ["queue_accepted", "queue_transferred", "queue_accepted", "queue_returned"]


def test_the_packet_links_every_point_to_the_customers_sentence(enter, waiting, outside, desk):
    ticket = desk.records.tickets.file(Complaint(C, "web", "洗衣机漏水", (Issue("complain_quality", "漏水"),)), key="k")
    outside.cases[C] = Case(
        issues=[CaseIssue("complain_quality", "洗衣机漏水", "1")], facts={"product": CaseFact("洗衣机", "洗衣机", "1")},
        told=[{"text": "洗衣机漏水，把地板泡了", "message": "1"}], demand=["修理"], demand_text="赶紧修", risks={"hazard": CaseRisk("漏电", "1")},
        moods=["dissatisfied", "angry"], ticket=ticket.number)
    desk.transcript.add(C, "bot", "门封圈保修两年。", metadata={"sources": [{"id": "kb1", "title": "保修"}]})
    packet = enter("wang").get(f"{API}/conversation", params={"id": C}).json()["packet"]
    assert packet["issues"][0] == {"cause": "complain_quality", "label": "质量问题", "text": "洗衣机漏水", "message": "1"}
    assert packet["facts"][0]["text"] == "洗衣机漏水，把地板泡了"
    assert packet["risks"][0] == {"risk": "hazard", "label": "存在安全隐患", "level": "L3", "text": "漏电", "message": "1"}
    assert [m["label"] for m in packet["emotion"]["trend"]] == ["不满", "生气"]
    assert packet["knowledge"][0]["id"] == "kb1"
    assert packet["ticket"]["number"] == ticket.number and packet["promises"] and len(packet["remedies"]) >= 3
    assert packet["missing"] and "product" not in [m["fact"] for m in packet["missing"]]
    assert "安全" in packet["next_step"]


def test_a_case_that_nobody_knows_makes_an_empty_packet(enter, waiting):
    packet = enter("wang").get(f"{API}/conversation", params={"id": C}).json()["packet"]
    assert (packet["issues"], packet["facts"], packet["remedies"], packet["missing"]) == ([], [], [], [])


def test_suggestions_come_from_the_knowledge_base(enter, waiting, desk):
    desk.records.knowledge.create({"id": "kb1", "title": "洗衣机漏水怎么办", "answer": "请先断电。", "source": "售后手册"})
    hits = enter("wang").get(f"{API}/suggestions", params={"conversation": C}).json()["items"]
    assert (hits[0]["id"], hits[0]["source"]) == ("kb1", "售后手册")


def test_all_conversations_are_listed_also_those_of_the_bot(enter, waiting, desk):
    desk.transcript.accept("c2", "web", "你好")
    items = enter("wang").get(f"{API}/inbox?box=all").json()["items"]
    assert {i["conversation"]: i["state"] for i in items} == {C: "queued", "c2": "bot"}
    assert enter("li").get(f"{API}/conversation", params={"id": "nope"}).status_code == 404


def test_only_a_lead_takes_over_from_the_bot(enter, desk):
    desk.transcript.accept(C, "web", "你好")
    assert enter("wang").post(f"{API}/take", json={"conversation": C}).status_code == 403
    assert enter("zhao", "lead").post(f"{API}/take", json={"conversation": C}).json()["ownership"]["owner"] == "human"


def test_an_auditor_reads_and_touches_nothing(enter, waiting):
    auditor = enter("sun", "auditor")
    assert auditor.get(f"{API}/conversation", params={"id": C}).json()["events"] == []
    assert auditor.post(f"{API}/take", json={"conversation": C}).status_code == 403


def test_canned_replies_are_kept_by_leads(enter):
    wang, lead = enter("wang"), enter("zhao", "lead")
    reply = {"title": "问候", "text": "{称呼}您好"}
    assert wang.post(f"{API}/canned", json=reply).status_code == 403
    key = lead.post(f"{API}/canned", json=reply).json()["id"]
    assert lead.put(f"{API}/canned/{key}", json={**reply, "title": "开场"}).json()["title"] == "开场"
    assert wang.get(f"{API}/canned").json()["items"][0]["title"] == "开场"
    assert lead.delete(f"{API}/canned/{key}").status_code == 204
    assert lead.delete(f"{API}/canned/{key}").status_code == 404


def test_colleagues_show_who_is_really_there(enter):
    wang = enter("wang")
    enter("li")
    wang.post(f"{API}/presence")
    there = {c["name"]: c["present"] for c in wang.get(f"{API}/colleagues").json()["items"]}
    assert there == {"wang": True, "li": False}
    assert wang.post(f"{API}/presence?available=no").json() == {"available": False}


def test_unknown_fields_are_refused(enter):
    assert enter("wang").post(f"{API}/take", json={"conversation": C, "force": True}).status_code == 422


def test_the_live_line_tells_of_the_queue_and_of_messages(enter, waiting):
    wang = enter("wang")
    with wang.websocket_connect("/ws/desk") as line:
        assert line.receive_json() == {"type": "ready"}
        version = take(wang)
        assert line.receive_json()["event"]["type"] == "queue"
        say(wang, "您好", version)
        frames = [line.receive_json() for _ in range(2)]
        assert sorted((f["topic"], f["event"]["type"]) for f in frames) == [(f"conversation:{C}", "message"), ("desk", "message")]
        line.send_json({"type": "ping"})
        assert line.receive_json() == {"type": "pong"}


def test_the_live_line_is_closed_to_strangers_and_to_other_sites(app, enter):
    for client, headers, code in ((TestClient(app), {}, 4401), (enter("wang"), {"origin": "https://evil.example"}, 4403)):
        with client.websocket_connect("/ws/desk", headers=headers) as line:
            assert line.receive()["code"] == code


def test_a_machine_may_work_the_desk(app, waiting):
    client = TestClient(app, headers={"Authorization": f"Bearer {TOKEN}"})
    assert say(client, "您好", take(client)).status_code == 200
