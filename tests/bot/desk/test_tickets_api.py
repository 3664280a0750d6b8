"""The ticket routes: agreed shapes, clear refusals, nothing without a login."""
from __future__ import annotations

from types import SimpleNamespace

import pytest
from fastapi import FastAPI, Header
from fastapi.testclient import TestClient

from bot.desk import tickets_api
from bot.desk.rules import load_roles
from bot.http_errors import ApiError, install
from kb_connector.records import open_records
from kb_connector.tickets import Complaint, Fact, Issue


@pytest.fixture
def records():
    return open_records("sqlite://")


@pytest.fixture
def number(records):
    return records.tickets.file(Complaint("web-1", "web", "水壶漏水", (Issue("complain_quality", "漏水"),),
                                          {"contact_phone": Fact("13600000404", "", "m1")}), key="k").number


def staff(authorization: str = Header("")):
    if not authorization.startswith("Bearer "):
        raise ApiError(401, "unauthorized", "Who is calling?")
    return SimpleNamespace(name="小王", role=authorization.removeprefix("Bearer "))


@pytest.fixture
def call(records):
    app = FastAPI()
    install(app)
    app.include_router(tickets_api.router(lambda: records, staff))
    client = TestClient(app)

    def send(method, path="", role="agent", **more):
        return client.request(method, "/api/v1/tickets" + path, headers={"Authorization": f"Bearer {role}"} if role else {}, **more)
    return send


def refusal(response):
    return response.status_code, response.json()["error"]["code"]


def test_a_list_has_items_and_a_cursor(call, number):
    body = call("GET", params={"conversation": "web-1", "status": "filed", "severity": "L1", "cause": "complain_quality", "q": "水壶"}).json()
    assert [ticket["number"] for ticket in body["items"]] == [number] and body["next_cursor"] is None
    assert call("GET", params={"owner": "小王"}).json()["items"] == []


def test_one_ticket_shows_what_can_be_done_and_hides_the_phone(call, number):
    response = call("GET", f"/{number}")
    assert "13600000404" not in response.text
    assert response.json()["contact"]["phone_masked"] == "136****0404"
    assert "acknowledge" in [each["action"] for each in response.json()["work"]["moves"]]


def test_a_ticket_lives_over_http(call, number):
    steps = [("acknowledge", None), ("investigate", {"note": "查批次"}), ("propose", {"remedy": {"base": ["replace"]}}), ("agree", {}),
             ("fulfil", {}), ("complete", {"data": {"fulfilment": [{"id": "T1", "status": "done"}]}})]
    for action, body in steps:
        response = call("POST", f"/{number}/{action}", **({"json": body} if body is not None else {}))
        assert response.status_code == 200, response.text
    assert refusal(call("POST", f"/{number}/close", json={})) == (422, "rejected")
    closed = call("POST", f"/{number}/close", json={"lesson": "无新教训", "reason": "偶发", "responsibility": "supplier",
                                                     "issues": [{"cause": "complain_quality", "status": "resolved"}]})
    assert closed.json()["status"] == "closed"
    assert [row["what"] for row in call("GET", f"/{number}/timeline").json()] == ["filed", *(name for name, _ in steps), "close"]


@pytest.mark.parametrize("role", load_roles())
def test_every_role_of_the_desk_reads_tickets(call, number, role):
    assert call("GET", f"/{number}", role=role).status_code == 200


def test_an_auditor_changes_nothing(call, number):
    assert call("GET", f"/{number}", role="auditor").json()["work"]["moves"] == []
    assert refusal(call("PATCH", f"/{number}", role="auditor", json={"owner": "x"})) == (403, "forbidden")
    assert refusal(call("POST", f"/{number}/acknowledge", role="auditor")) == (403, "forbidden")
    assert refusal(call("POST", f"/{number}/withdraw", role="auditor")) == (403, "forbidden")


def test_staff_change_fields(call, number):
    body = call("PATCH", f"/{number}", json={"owner": "小王"}).json()
    assert body["owner"] == "小王" and body["timeline"][-1]["what"] == "owner_set"


@pytest.mark.parametrize("method, path, more, expected", [
    ("GET", "/C000000XXXXX", {}, (404, "not_found")),
    ("GET", "/C000000XXXXX/timeline", {}, (404, "not_found")),
    ("POST", "/{n}/close", {}, (409, "move_not_allowed")),
    ("POST", "/{n}/explode", {}, (409, "move_not_allowed")),
    ("POST", "/{n}/acknowledge", {"json": {"colour": "red"}}, (422, "invalid_request")),
    ("POST", "/{n}/acknowledge", {"json": {"data": {"lesson": "x"}}}, (422, "rejected")),
    ("POST", "/{n}/acknowledge", {"content": "{"}, (422, "invalid_request")),
    ("POST", "/{n}/acknowledge", {"role": "bot"}, (403, "forbidden")),
    ("PATCH", "/{n}", {"json": {"status": "closed"}}, (422, "invalid_request")),
    ("PATCH", "/{n}", {"json": {"severity": "L9"}}, (422, "rejected")),
    ("PATCH", "/{n}", {"json": {}}, (422, "rejected")),
    ("PATCH", "/{n}", {"json": [1]}, (422, "invalid_request")),
    ("GET", "", {"params": {"limit": 0}}, (422, "invalid_request")),
    ("GET", "", {"params": {"status": "lost"}}, (422, "rejected")),
    ("GET", "", {"params": {"cursor": "x"}}, (422, "rejected")),
    ("DELETE", "/{n}", {}, (403, "forbidden"))])
def test_what_is_wrong_is_refused_clearly(call, number, method, path, more, expected):
    assert refusal(call(method, path.format(n=number), **more)) == expected


@pytest.mark.parametrize("method, path", [("GET", ""), ("GET", "/x"), ("PATCH", "/x"), ("POST", "/x/close"), ("GET", "/x/timeline"), ("DELETE", "/x")])
def test_nothing_is_shown_without_a_login(call, method, path):
    assert refusal(call(method, path, role=None, **({"json": {}} if method in ("PATCH", "POST") else {}))) == (401, "unauthorized")


def test_an_attempt_to_delete_stays_in_the_history(call, number):
    call("DELETE", f"/{number}")
    assert call("GET", f"/{number}/timeline").json()[-1]["what"] == "delete_refused"
