"""The ticket's JSON (DESIGN §7), its list, its moves, its history."""
from __future__ import annotations

import re
import secrets

import pytest

KEYS = {"number", "status", "severity", "channel", "conversation", "created_at", "summary", "issues", "facts", "demand", "demand_amount", "contact", "anonymous", "emotion", "risks", "owner",
        "department", "due", "remedy", "approvals", "promises", "agreement", "fulfilment", "satisfaction", "outcome", "lesson", "timeline"}


@pytest.fixture(scope="module")
def conversation(server) -> str:
    """One filed complaint, told over REST."""
    import httpx
    sender = f"contract-{secrets.token_hex(4)}"
    with httpx.Client(base_url=server.base, timeout=30) as calls:
        for text in ("上周六在万达店花四百六买的洗衣机，才用三天就漏水", "转人工"):
            calls.post("/webhooks/rest/webhook", json={"sender": sender, "message": text})
    return sender


@pytest.fixture
def ticket(client, conversation) -> dict:
    number = client.get("/api/v1/tickets", params={"conversation": conversation}).json()["items"][0]["number"]
    return client.get(f"/api/v1/tickets/{number}").json()


def test_the_ticket_has_the_agreed_shape(ticket, conversation):
    assert set(ticket) >= KEYS and ticket["conversation"] == conversation
    assert re.fullmatch(r"C\d{6}[0-9A-Z]{4,}", ticket["number"])
    assert set(ticket["due"]) >= {"acknowledge", "first_reply", "plan", "close", "legal"}
    assert set(ticket["remedy"]) >= {"base", "extra", "status"} and set(ticket["contact"]) == {"name", "phone_masked"}
    assert all(set(i) >= {"cause", "description", "status"} for i in ticket["issues"])
    assert all(set(row) == {"at", "actor", "what", "note"} for row in ticket["timeline"])


def test_the_list_finds_it_by_each_filter(client, ticket):
    for query in ({"status": ticket["status"]}, {"severity": ticket["severity"]}, {"cause": "complain_quality"}, {"q": "洗衣机"}, {"conversation": ticket["conversation"]}):
        found = client.get("/api/v1/tickets", params={**query, "limit": 200}).json()["items"]
        assert ticket["number"] in [t["number"] for t in found], query
    assert client.get("/api/v1/tickets", params={"conversation": "nobody"}).json()["items"] == []


def test_pages_follow_one_another_without_holes(client, stranger):
    for _ in range(3):
        stranger.post("/webhooks/rest/webhook", json={"sender": f"page-{secrets.token_hex(4)}", "message": "我们三十多户都停水了"})
    seen, cursor = [], None
    while True:
        page = client.get("/api/v1/tickets", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        seen += [t["number"] for t in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    everything = [t["number"] for t in client.get("/api/v1/tickets", params={"limit": 200}).json()["items"]]
    assert seen == everything and len(seen) == len(set(seen)) >= 3


@pytest.mark.parametrize("query", [{"status": "nonsense"}, {"severity": "L9"}, {"cause": "x"}, {"limit": 0}, {"limit": "many"}, {"cursor": "x"}])
def test_a_wrong_filter_is_422(client, query):
    response = client.get("/api/v1/tickets", params=query)
    assert response.status_code == 422 and response.json()["error"]["code"]


def test_an_unknown_number_is_404(client):
    assert client.get("/api/v1/tickets/C000000XXXX").status_code == 404
    assert client.post("/api/v1/tickets/C000000XXXX/acknowledge", json={}).status_code == 404


def test_only_allowed_moves_are_made_and_each_is_in_the_history(client, ticket):
    number = ticket["number"]
    refused = client.post(f"/api/v1/tickets/{number}/close", json={})
    assert refused.status_code in (409, 422) and client.get(f"/api/v1/tickets/{number}").json()["status"] == ticket["status"]
    assert client.post(f"/api/v1/tickets/{number}/fly", json={}).status_code in (404, 409, 422)
    before = len(client.get(f"/api/v1/tickets/{number}/timeline").json())
    client.patch(f"/api/v1/tickets/{number}", json={"owner": "lin"})
    moved = client.post(f"/api/v1/tickets/{number}/acknowledge", json={"note": "收到"})
    assert moved.status_code == 200 and moved.json()["status"] == "acknowledged"
    assert len(client.get(f"/api/v1/tickets/{number}/timeline").json()) > before


def test_a_patch_changes_what_may_be_changed_and_refuses_the_rest(client, ticket):
    number = ticket["number"]
    assert client.patch(f"/api/v1/tickets/{number}", json={"owner": "zhou"}).json()["owner"] == "zhou"
    assert client.patch(f"/api/v1/tickets/{number}", json={"number": "C1"}).status_code == 422
    lowered = client.patch(f"/api/v1/tickets/{number}", json={"severity": "L0"})
    assert lowered.status_code in (403, 422)


def test_nothing_is_ever_deleted(client, ticket):
    assert client.delete(f"/api/v1/tickets/{ticket['number']}").status_code == 403
    assert "delete_refused" in [row["what"] for row in client.get(f"/api/v1/tickets/{ticket['number']}/timeline").json()]
