"""Knowledge over HTTP: everybody may search, staff edit."""
from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict

from bot.desk.connector_errors import answered
from bot.http_errors import ApiError
from kb_connector.records import Records

MOST_BYTES = 32 * 1024 * 1024


class ArticleChanges(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str | None = None
    answer: str | None = None
    phrasings: list[str] | None = None
    category: str | None = None
    audience: str | None = None
    source: str | None = None


class NewArticle(ArticleChanges):
    id: str
    title: str
    answer: str
    published: bool = True


def router(records_of: Callable[[], Records], staff: Callable) -> APIRouter:
    """The routes; `staff` guards all of them but the search."""
    api = APIRouter(prefix="/api/v1/kb", tags=["knowledge"])
    guarded = [Depends(staff)]

    @api.get("/search")
    def search(q: str = Query(min_length=1), limit: int = Query(5, ge=1, le=50)) -> list[dict[str, Any]]:
        with answered():
            return [asdict(hit) for hit in records_of().knowledge.search(q, limit)]

    @api.get("/articles", dependencies=guarded)
    def list_articles() -> dict[str, Any]:
        with answered():
            return {"items": [asdict(article) for article in records_of().knowledge.articles()]}

    @api.post("/articles", status_code=201, dependencies=guarded)
    def create_article(body: NewArticle) -> dict[str, Any]:
        with answered(conflict="already_exists"):
            return asdict(records_of().knowledge.create(body.model_dump(exclude_none=True, exclude={"published"}), published=body.published))

    @api.get("/articles/{article_id}", dependencies=guarded)
    def read_article(article_id: str) -> dict[str, Any]:
        with answered():
            return asdict(records_of().knowledge.get(article_id))

    @api.put("/articles/{article_id}", dependencies=guarded)
    @api.patch("/articles/{article_id}", dependencies=guarded)
    def change_article(article_id: str, body: ArticleChanges) -> dict[str, Any]:
        with answered():
            return asdict(records_of().knowledge.update(article_id, body.model_dump(exclude_unset=True)))

    @api.delete("/articles/{article_id}", status_code=204, dependencies=guarded)
    def delete_article(article_id: str) -> Response:
        with answered():
            records_of().knowledge.delete(article_id)
        return Response(status_code=204)

    @api.post("/articles/{article_id}/publish", dependencies=guarded)
    def publish_article(article_id: str) -> dict[str, Any]:
        with answered():
            return asdict(records_of().knowledge.publish(article_id))

    @api.post("/articles/{article_id}/unpublish", dependencies=guarded)
    def unpublish_article(article_id: str) -> dict[str, Any]:
        with answered():
            return asdict(records_of().knowledge.publish(article_id, published=False))

    @api.get("/misses", dependencies=guarded)
    def list_misses(limit: int = Query(100, ge=1, le=1000)) -> dict[str, Any]:
        with answered():
            return {"items": records_of().knowledge.misses(limit)}

    @api.get("/export", dependencies=guarded)
    def export_articles() -> Response:
        lines = io.StringIO()
        with answered():
            records_of().knowledge.export(lines)
        return Response(lines.getvalue(), media_type="application/jsonl")

    @api.post("/import", dependencies=guarded)
    async def import_articles(request: Request) -> dict[str, Any]:
        """JSON lines, whatever the content type says; bad lines are told, the others are taken."""
        text = await _text(request)
        with answered():
            report = await run_in_threadpool(records_of().knowledge.import_jsonl, text.split("\n"))
        return {"imported": report.imported, "errors": list(report.errors)}

    return api


async def _text(request: Request) -> str:
    taken = bytearray()
    async for chunk in request.stream():
        taken += chunk
        if len(taken) > MOST_BYTES:
            raise ApiError(413, "too_large", f"At most {MOST_BYTES} bytes at once.")
    try:
        return taken.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise ApiError(422, "invalid_request", "The articles must be UTF-8 text.") from exc
