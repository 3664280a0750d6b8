"""What machines ask with the token: understanding, tracker, transcript, health."""
from __future__ import annotations

import secrets
from datetime import datetime

import pytest

from bot.vocabulary import EMOTIONS, ENTITIES, INTENTS, RISKS

TEXT = "上周六晚上八点在万达店花四百六买的洗衣机，才三天就漏水，打客服电话那女的爱答不理的，再不管我打12315！"


@pytest.fixture
def told(stranger) -> str:
    sender = f"contract-{secrets.token_hex(4)}"
    for text in ("你好", TEXT, "就这些"):
        stranger.post("/webhooks/rest/webhook", json={"sender": sender, "message": text})
    return sender


def test_parse_has_the_agreed_shape_and_indexes_into_the_text_as_sent(client):
    parsed = client.post("/model/parse", json={"text": TEXT, "now": "2026-11-23T10:00:00+08:00"}).json()
    assert parsed["text"] == TEXT and parsed["intent"]["name"] in INTENTS and 0 <= parsed["intent"]["confidence"] <= 1
    assert parsed["intent_ranking"][0] == parsed["intent"] or parsed["intent_ranking"]
    for entity in parsed["entities"]:
        assert set(entity) >= {"entity", "start", "end", "text", "value", "confidence", "extractor"}
        assert entity["entity"] in ENTITIES and TEXT[entity["start"]:entity["end"]] == entity["text"]
    assert {i["cause"] for i in parsed["issues"]} >= {"complain_quality", "complain_attitude"}
    assert all(0 <= i["start"] < i["end"] <= len(TEXT) for i in parsed["issues"])
    assert parsed["emotion"]["label"] in EMOTIONS
    assert [r["name"] for r in parsed["risks"] if r["name"] in RISKS] == ["media_legal"]


def test_parse_takes_now_into_account(client):
    def when(now: str) -> str:
        found = client.post("/model/parse", json={"text": "上周六买的", "now": now}).json()["entities"]
        return next(e["value"] for e in found if e["entity"] == "time")
    assert (when("2026-11-23T10:00:00+08:00"), when("2026-03-02T10:00:00")) == ("2026-11-21", "2026-02-28")


def test_full_width_digits_and_amounts_are_normalised(client):
    parsed = client.post("/model/parse", json={"text": "电话１３８００００１２３４，花了1.2万"}).json()
    assert {"13800001234", "12000"} <= {e["value"] for e in parsed["entities"]}


@pytest.mark.parametrize("text", ["", " ", "\x00", "漏" * 20_000, "😀😀😀", "((((((((((" * 200], ids=lambda text: ascii(text)[:12])
def test_parse_answers_any_string(client, text):
    response = client.post("/model/parse", json={"text": text})
    assert response.status_code == 200 and response.json()["text"] == text


@pytest.mark.parametrize("body", [{}, {"text": None}, {"text": "x", "now": "yesterday"}, {"text": "x", "colour": 1}])
def test_parse_refuses_a_wrong_body(client, body):
    assert client.post("/model/parse", json=body).status_code == 422


def test_the_tracker_is_rasas_and_tells_the_whole_conversation(client, told):
    tracker = client.get(f"/conversations/{told}/tracker").json()
    assert tracker["sender_id"] == told and set(tracker) >= {"slots", "latest_message", "events", "latest_action_name"}
    assert [e["text"] for e in tracker["events"] if e["event"] == "user"] == ["你好", TEXT, "就这些"]
    assert any(e["event"] == "bot" for e in tracker["events"])


def test_the_transcript_has_every_line_in_order_and_goes_on_from_a_point(client, told):
    lines = client.get(f"/api/v1/conversations/{told}/messages").json()
    assert [line["text"] for line in lines if line["actor"] == "customer"] == ["你好", TEXT, "就这些"]
    assert {line["actor"] for line in lines} <= {"customer", "bot", "staff", "system"}
    assert all(datetime.fromisoformat(line["at"]).utcoffset() is not None for line in lines)
    later = client.get(f"/api/v1/conversations/{told}/messages", params={"after": lines[2]["id"]}).json()
    assert later == lines[3:]


def test_unknown_conversations(client):
    assert client.get("/conversations/nobody/tracker").status_code in (200, 404)
    assert client.get("/api/v1/conversations/nobody/messages").json() == []


@pytest.mark.parametrize("method, path", [("POST", "/model/parse"), ("GET", "/conversations/x/tracker"), ("GET", "/api/v1/conversations/x/messages"), ("GET", "/api/v1/tickets"),
                                          ("GET", "/api/v1/kb/articles"), ("POST", "/api/v1/kb/import"), ("GET", "/api/v1/desk/queue")])
def test_without_the_token_nothing_is_told(stranger, method, path):
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}):
        response = stranger.request(method, path, headers=headers, json={"text": "x"} if method == "POST" else None)
        assert response.status_code == 401 and response.json()["error"]["code"] == "unauthorized"


def test_health_version_and_figures(stranger):
    assert stranger.get("/healthz").status_code == stranger.get("/readyz").status_code == 200
    assert stranger.get("/version").json()["name"] == "tingsu"
    figures = stranger.get("/metrics").text
    assert "# TYPE" in figures and "tingsu_http_requests_total" in figures


def test_openapi_names_every_path_of_the_contract(stranger):
    paths = stranger.get("/openapi.json").json()["paths"]
    for path in ("/webhooks/rest/webhook", "/model/parse", "/api/v1/tickets", "/api/v1/tickets/{number}", "/api/v1/tickets/{number}/{action}", "/api/v1/tickets/{number}/timeline",
                 "/api/v1/kb/search", "/api/v1/kb/articles", "/api/v1/kb/import", "/healthz", "/readyz", "/version"):
        assert path in paths, path


@pytest.mark.parametrize("path, part", [("/", "widget"), ("/desk", "<html"), ("/widget.js", "tingsu")])
def test_the_pages_are_there(stranger, path, part):
    response = stranger.get(path)
    assert response.status_code == 200 and part in response.text


@pytest.mark.parametrize("path", ["/nothing", "/api/v1/nothing", "/desk/static/../../settings.py", "/widget/..%2f..%2fsettings.py"])
def test_what_does_not_exist_is_404_in_the_agreed_shape(stranger, path):
    response = stranger.get(path)
    assert response.status_code == 404 and response.json()["error"]["code"] == "not_found"


def test_a_wrong_method_is_405_in_the_agreed_shape(stranger):
    assert stranger.get("/webhooks/rest/webhook").json()["error"]["code"] == "method_not_allowed"


@pytest.mark.parametrize("path", ["/webhooks/wechat", "/webhooks/wecom"])
def test_channels_that_are_not_set_up_refuse_without_a_traceback(stranger, path):
    for response in (stranger.get(path), stranger.post(path, content=b"<xml></xml>")):
        assert 400 <= response.status_code < 600 and response.status_code != 500 and "Traceback" not in response.text


def test_socket_io_is_served(stranger):
    assert stranger.get("/socket.io/", params={"EIO": "4", "transport": "polling"}).text.startswith("0{")


def test_no_personal_data_in_the_log(server, stranger):
    sender = f"contract-{secrets.token_hex(4)}"
    for text in ("我叫欧阳锋，电话13877776666，洗衣机漏水了", "身份证11010519491231002X", "转人工"):
        stranger.post("/webhooks/rest/webhook", json={"sender": sender, "message": text})
    assert not [word for word in ("13877776666", "欧阳锋", "11010519491231", "漏水") if word in server.log]
