"""The person complained of never sees the case: on every way to it."""
import pytest

from bot.dialogue.case import Case, CaseFact
from kb_connector.errors import Unavailable
from kb_connector.tickets import Complaint, Fact, Issue
from tests.bot.desk.desk_fakes import API, C

OTHER = "web-other"


@pytest.fixture
def complaint(desk, outside):
    """Of 小王, by name; and a conversation that has nothing to do with 小王."""
    for conversation in (C, OTHER):
        desk.transcript.accept(conversation, "web", "你们小王态度太差")
        desk.handovers.request(conversation, channel="web", reason="asked for a person", severity="L2", ticket=None)
    outside.cases[C] = Case(facts={"staff": CaseFact("小王", "你们小王", "1")})
    return desk.records.tickets.file(Complaint(C, "web", "小王态度差", (Issue("complain_attitude", "态度差"),), {"staff": Fact("小王", "你们小王", "1")}), key="k").number


@pytest.fixture
def wang(enter):
    return enter("wang", display="小王")


@pytest.fixture
def li(enter):
    return enter("li", display="小李")


@pytest.fixture
def lead(enter):
    return enter("zhao", "lead", display="赵敏")


@pytest.mark.parametrize("path, query, where", [
    ("queue", {}, "conversation"), ("inbox", {"box": "queue"}, "conversation"), ("inbox", {"box": "all"}, "conversation")])
def test_no_list_shows_it(wang, li, complaint, path, query, where):
    seen = lambda who: {row[where] for row in who.get(f"{API}/{path}", params=query).json()["items"]}      # noqa: E731
    assert (seen(wang), seen(li)) == ({OTHER}, {C, OTHER})


@pytest.mark.parametrize("path, query", [("conversation", {"id": C}), ("messages", {"id": C}), ("suggestions", {"conversation": C})])
def test_it_opens_for_nobody_who_is_meant(wang, li, complaint, path, query):
    refused = wang.get(f"{API}/{path}", params=query)
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "not_found")
    assert li.get(f"{API}/{path}", params=query).status_code == 200


@pytest.mark.parametrize("path, body", [
    ("take", {}), ("assign", {}), ("join", {}), ("return", {}), ("wrap_up", {}), ("close", {}), ("transfer", {"to": "li"}), ("note", {"text": "x"}),
    ("consult", {"text": "x", "to": ["li"]}), ("tags", {"tag": "x"}), ("render", {"text": "x"}), ("reveal", {"field": "staff", "reason": "好奇"}),
    ("macros/b1/run", {"version": 0, "client_id": "x"})])
def test_nothing_can_be_done_with_it(wang, li, complaint, path, body):
    assert wang.post(f"{API}/{path}", json={"conversation": C, **body}).status_code == 404


@pytest.mark.parametrize("path, body", [("message", {"text": "x", "version": 0, "client_id": "x"}), ("typing", {})])
def test_nobody_speaks_in_it_without_having_it(wang, complaint, outside, desk, path, body):
    wang.post(f"{API}/{path}", json={"conversation": C, **body})
    assert [m.actor for m in desk.transcript.latest(C)] == ["customer"]


def test_no_photo_is_uploaded_for_it(wang, complaint):
    assert wang.post(f"{API}/attachment", files={"file": ("x.png", b"\x89PNG\r\n\x1a\n")}, data={"conversation": C}).status_code == 404


def test_nobody_hands_it_to_them(wang, li, lead, complaint):
    assert lead.post(f"{API}/assign", json={"conversation": C, "to": "wang"}).json()["error"]["code"] == "colleague_barred"
    assert li.post(f"{API}/take", json={"conversation": C}).status_code == 200
    for path, body in (("transfer", {"to": "wang"}), ("consult", {"to": ["wang"], "text": "在吗"}), ("note", {"text": "@小王 在吗"})):
        assert li.post(f"{API}/{path}", json={"conversation": C, **body}).json()["error"]["code"] == "colleague_barred"


def test_the_ticket_is_not_theirs_to_see_either(wang, li, complaint):
    tickets = "/api/v1/tickets"
    assert complaint not in wang.get(tickets).text and complaint in li.get(tickets).text
    for method, path, body in (("GET", "", None), ("GET", "/timeline", None), ("PATCH", "", {"owner": "wang"}), ("DELETE", "", None), ("POST", "/acknowledge", {})):
        assert wang.request(method, f"{tickets}/{complaint}{path}", **({"json": body} if body is not None else {})).status_code == 404, path
    assert wang.get(f"{API}/remedies", params={"ticket": complaint}).status_code == 404
    assert wang.post(f"{API}/reveal", json={"ticket": complaint, "field": "staff", "reason": "好奇"}).status_code == 404
    assert li.get(f"{tickets}/{complaint}").status_code == 200


def test_leads_read_who_is_kept_away_and_the_one_who_is_does_not(li, lead, wang, complaint, enter):
    read = lambda who: who.get(f"{API}/conversation", params={"id": C}).json()["packet"]["barred"]      # noqa: E731
    assert read(lead) == [{"name": "wang", "display": "小王"}]
    assert read(li) == []


def test_each_attempt_is_written_down(wang, lead, complaint, enter):
    wang.get(f"{API}/conversation", params={"id": C})
    wang.get(f"/api/v1/tickets/{complaint}")
    lead.post(f"{API}/assign", json={"conversation": C, "to": "wang"})
    rows = enter("sun", "auditor").get(f"{API}/audit", params={"event": "barred"}).json()["items"]
    assert [(r["actor"], r["conversation"], r["note"], r["ticket"]) for r in reversed(rows)] == [
        ("wang", C, "opened", None), ("wang", C, "opened", complaint), ("wang", C, "offered by zhao", None)]


def test_the_live_line_tells_them_nothing_of_it(wang, li, complaint):
    with wang.websocket_connect("/ws/desk") as line:
        line.receive_json()
        line.send_json({"type": "open", "conversation": C})
        assert line.receive_json() == {"type": "opened", "conversation": None}
        li.post(f"{API}/note", json={"conversation": C, "text": "关于小王的事"})
        li.post(f"{API}/note", json={"conversation": OTHER, "text": "别的事"})
        assert line.receive_json()["event"]["note"]["text"] == "别的事"


def test_a_line_that_cannot_ask_shows_nothing_and_goes_on(wang, li, complaint, desk, monkeypatch):
    with wang.websocket_connect("/ws/desk") as line:
        line.receive_json()
        with monkeypatch.context() as away:
            def gone(**_):
                raise Unavailable("the records are away")
            away.setattr(desk.records.tickets, "search", gone)
            line.portal.call(desk.hub.publish, "desk", {"type": "note", "conversation": OTHER, "note": {"text": "别的事"}})
            assert line.receive_json()["event"] == {"type": "lagged"}
        line.portal.call(desk.hub.publish, "desk", {"type": "note", "conversation": "third", "note": {"text": "后来的事"}})
        assert line.receive_json()["event"]["note"]["text"] == "后来的事"


def test_a_page_that_is_open_closes_its_ears_when_its_reader_is_named(wang, desk, outside):
    desk.transcript.accept(C, "web", "我要投诉")
    with wang.websocket_connect("/ws/desk") as line:
        line.receive_json()
        line.send_json({"type": "open", "conversation": C})
        assert line.receive_json()["conversation"] == C
        outside.cases[C] = Case(facts={"staff": CaseFact("小王", "小王", "1")})
        line.portal.call(desk.hub.publish, f"conversation:{C}", {"type": "message", "message": {"text": "就是小王", "actor": "customer"}})
        line.send_json({"type": "ping"})
        assert line.receive_json() == {"type": "pong"}


async def test_automatic_assignment_passes_them_over(desk, complaint, enter):
    enter("wang", display="小王")
    desk.handovers.heartbeat("wang")
    staff = desk.access.accounts.all()
    apart = await desk.bars.apart([h.conversation for h in desk.handovers.queue()], staff)
    assert [m.handover.conversation for m in desk.handovers.deal(staff, apart)] == [OTHER]


def test_a_work_number_bars_too(enter, desk, outside):
    outside.cases[C] = Case(facts={"staff": CaseFact("工号8023", "工号8023那个", "1")})
    desk.transcript.accept(C, "web", "工号8023那个")
    assert enter("qian", display="钱进", work_number="8023").get(f"{API}/conversation", params={"id": C}).status_code == 404
    assert enter("sun", display="孙立", work_number="80234").get(f"{API}/conversation", params={"id": C}).status_code == 200


def test_whoever_has_the_conversation_keeps_it_when_thanked_by_name_and_loses_it_afterwards(wang, desk, outside):
    desk.transcript.accept(C, "web", "我要人工")
    desk.handovers.request(C, channel="web", reason="asked for a person", severity="L1", ticket=None)
    wang.post(f"{API}/take", json={"conversation": C})
    outside.cases[C] = Case(facts={"staff": CaseFact("小王", "小王", "9")})
    assert wang.get(f"{API}/conversation", params={"id": C}).status_code == 200
    assert wang.post(f"{API}/return", json={"conversation": C}).status_code == 200
    assert wang.get(f"{API}/conversation", params={"id": C}).status_code == 404
