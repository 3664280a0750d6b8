"""What machines may ask with the token: parse, tracker, transcript."""
from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any, Callable

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from bot.http_errors import ApiError
from bot.reception.reception import Reception
from bot.settings import SHANGHAI


class ParseRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str
    now: datetime | None = None
    message_id: str | None = None


def router(reception: Callable[[], Reception], token: Any, clock: Callable[[], datetime]) -> APIRouter:
    """`reception()` raises 503 while the assistant warms up; `token` guards every route."""
    api = APIRouter(dependencies=[token], tags=["machines"])

    @api.post("/model/parse")
    async def parse(body: ParseRequest) -> dict[str, Any]:
        now = body.now or clock()
        now = now if now.tzinfo else now.replace(tzinfo=SHANGHAI)
        return reception().engine.parse(body.text, now.astimezone(SHANGHAI))

    @api.get("/conversations/{sender:path}/tracker")
    async def tracker(sender: str) -> dict[str, Any]:
        found = await reception().engine.tracker(sender)
        if found is None:
            raise ApiError(404, "not_found", "No such conversation.")
        return found

    @api.get("/api/v1/conversations/{sender:path}/messages")
    async def messages(sender: str, after: str | None = Query(None), limit: int = Query(500, ge=1, le=500)) -> list[dict[str, Any]]:
        start = int(after) if after and after.isdigit() else None
        rows = await asyncio.to_thread(reception().transcript.since, sender, start, limit)
        return [{k: v for k, v in m.as_json().items() if k in ("id", "at", "actor", "text", "stage", "name", "attachment")} for m in rows]

    return api
