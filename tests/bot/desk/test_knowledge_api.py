"""The knowledge routes: everybody searches, staff edit, imports tell every bad line."""
from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from fastapi import FastAPI, Header
from fastapi.testclient import TestClient

from bot.desk import knowledge_api
from bot.http_errors import ApiError, install
from kb_connector.records import open_records

ARTICLE = {"id": "a1", "title": "雨伞借用", "answer": "门店可以免费借用雨伞，七天内归还即可。", "phrasings": ["下雨能借伞吗"]}
STAFF = {"Authorization": "Bearer x"}


def staff(authorization: str = Header("")):
    if not authorization:
        raise ApiError(401, "unauthorized", "Who is calling?")
    return SimpleNamespace(name="小王", role="agent")


@pytest.fixture
def client():
    records, app = open_records("sqlite://"), FastAPI()
    install(app)
    app.include_router(knowledge_api.router(lambda: records, staff))
    return TestClient(app)


def refusal(response):
    return response.status_code, response.json()["error"]["code"]


def test_an_import_is_searchable_at_once_by_anybody(client):
    lines = "\n".join([json.dumps(ARTICLE, ensure_ascii=False), "{", json.dumps({"id": "a2"})])
    response = client.post("/api/v1/kb/import", content=lines.encode(), headers={**STAFF, "Content-Type": "application/jsonl"})
    assert response.json()["imported"] == 1
    assert [error["row"] for error in response.json()["errors"]] == [2, 3]
    hits = client.get("/api/v1/kb/search", params={"q": "借伞", "limit": 3}).json()
    assert [set(hit) for hit in hits] == [{"id", "title", "answer", "score", "source"}] and hits[0]["id"] == "a1"


def test_an_article_is_made_changed_hidden_and_deleted(client):
    path = "/api/v1/kb/articles"
    assert client.post(path, json=ARTICLE, headers=STAFF).status_code == 201
    assert refusal(client.post(path, json=ARTICLE, headers=STAFF)) == (409, "already_exists")
    assert client.patch(f"{path}/a1", json={"title": "借伞"}, headers=STAFF).json()["title"] == "借伞"
    assert client.put(f"{path}/a1", json={"answer": "暂停借用。"}, headers=STAFF).json()["answer"] == "暂停借用。"
    assert client.post(f"{path}/a1/unpublish", headers=STAFF).json()["published"] is False
    assert client.get("/api/v1/kb/search", params={"q": "借伞"}).json() == []
    assert client.post(f"{path}/a1/publish", headers=STAFF).json()["published"] is True
    assert [article["id"] for article in client.get(path, headers=STAFF).json()["items"]] == ["a1"]
    assert json.loads(client.get("/api/v1/kb/export", headers=STAFF).text)["id"] == "a1"
    assert client.delete(f"{path}/a1", headers=STAFF).status_code == 204
    assert refusal(client.get(f"{path}/a1", headers=STAFF)) == (404, "not_found")


@pytest.mark.parametrize("method, path, more, expected", [
    ("GET", "search", {}, (422, "invalid_request")),
    ("GET", "search", {"params": {"q": "x", "limit": 99}}, (422, "invalid_request")),
    ("POST", "articles", {"json": {**ARTICLE, "colour": "red"}}, (422, "invalid_request")),
    ("POST", "articles", {"json": {**ARTICLE, "answer": " "}}, (422, "rejected")),
    ("PATCH", "articles/a1", {"json": {"id": "a2"}}, (422, "invalid_request")),
    ("POST", "import", {"content": b"\xff\xfe\x00"}, (422, "invalid_request"))])
def test_what_is_wrong_is_refused_clearly(client, method, path, more, expected):
    assert refusal(client.request(method, f"/api/v1/kb/{path}", headers=STAFF, **more)) == expected


def test_too_large_an_import_is_refused(client, monkeypatch):
    monkeypatch.setattr(knowledge_api, "MOST_BYTES", 100)
    assert refusal(client.post("/api/v1/kb/import", content=b"x" * 101, headers=STAFF)) == (413, "too_large")


@pytest.mark.parametrize("method, path", [("GET", "articles"), ("POST", "articles"), ("GET", "articles/x"), ("PATCH", "articles/x"),
                                          ("DELETE", "articles/x"), ("POST", "import"), ("GET", "misses"), ("GET", "export")])
def test_only_search_needs_no_login(client, method, path):
    assert refusal(client.request(method, f"/api/v1/kb/{path}", json={})) == (401, "unauthorized")
