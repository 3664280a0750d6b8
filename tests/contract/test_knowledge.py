"""The knowledge base over HTTP: search for everybody, editing with the token."""
from __future__ import annotations

import json
import secrets

import pytest


def test_search_answers_with_score_and_source_best_first(stranger):
    hits = stranger.get("/api/v1/kb/search", params={"q": "七天无理由退货怎么算", "limit": 3}).json()
    assert 1 <= len(hits) <= 3 and "七天" in hits[0]["title"]
    assert all(set(h) >= {"id", "title", "answer", "score", "source"} for h in hits)
    assert [h["score"] for h in hits] == sorted((h["score"] for h in hits), reverse=True)


@pytest.mark.parametrize("query", [{}, {"q": ""}, {"q": "x", "limit": 0}, {"q": "x", "limit": 1000}])
def test_a_wrong_search_is_422(stranger, query):
    assert stranger.get("/api/v1/kb/search", params=query).status_code == 422


def test_an_article_lives_from_writing_to_deletion(client, stranger):
    key = f"t-{secrets.token_hex(4)}"
    article = {"id": key, "title": "猫砂盆怎么换滤网", "answer": "拧开底盖，取下旧滤网，把新滤网扣紧。", "phrasings": ["猫砂盆滤网更换"]}
    assert client.post("/api/v1/kb/articles", json=article).status_code == 201
    assert client.post("/api/v1/kb/articles", json=article).status_code == 409
    assert stranger.get("/api/v1/kb/search", params={"q": "猫砂盆滤网"}).json()[0]["id"] == key
    assert client.put(f"/api/v1/kb/articles/{key}", json={"answer": "先断电，再拧开底盖。"}).json()["answer"] == "先断电，再拧开底盖。"
    assert client.get(f"/api/v1/kb/articles/{key}").json()["title"] == article["title"]
    assert client.delete(f"/api/v1/kb/articles/{key}").status_code == 204
    assert client.get(f"/api/v1/kb/articles/{key}").status_code == 404
    assert key not in [h["id"] for h in stranger.get("/api/v1/kb/search", params={"q": "猫砂盆滤网"}).json()]


def test_import_takes_the_good_rows_and_names_the_bad_ones(client, stranger):
    key = f"i-{secrets.token_hex(4)}"
    good = {"id": key, "title": "鱼缸过滤器多久洗一次", "answer": "一般两周一次，用清水冲。", "phrasings": ["鱼缸过滤棉清洗"], "category": "水族", "audience": "customer"}
    lines = [json.dumps(good, ensure_ascii=False), "{broken", json.dumps({"id": "x"}), ""]
    report = client.post("/api/v1/kb/import", content="\n".join(lines).encode(), headers={"content-type": "application/jsonl"}).json()
    assert report["imported"] == 1 and [e["row"] for e in report["errors"]] == [2, 3] and all(e["message"] for e in report["errors"])
    assert stranger.get("/api/v1/kb/search", params={"q": "鱼缸过滤器清洗"}).json()[0]["id"] == key


def test_what_was_imported_is_said_by_the_assistant_with_its_source(client, stranger):
    key = f"i-{secrets.token_hex(4)}"
    article = {"id": key, "title": "积分商城的积分什么时候过期", "answer": "积分自到账起满两年的月底过期。", "phrasings": ["积分有效期多久", "积分过期时间"]}
    client.post("/api/v1/kb/import", content=json.dumps(article, ensure_ascii=False).encode(), headers={"content-type": "application/jsonl"})
    replies = stranger.post("/webhooks/rest/webhook", json={"sender": key, "message": "你们积分什么时候过期，是怎么规定的"}).json()
    assert "满两年" in replies[0]["text"] and replies[0]["metadata"]["sources"] == [key]
