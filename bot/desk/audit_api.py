"""The audit trail, for those who check the others."""
from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool

from bot.desk import auditing
from bot.desk.access import staff_dependency
from bot.desk.desk import Desk
from bot.desk.staff import Staff


def router(desk: Desk) -> APIRouter:
    api = APIRouter(prefix="/api/v1/desk", tags=["desk: audit"])
    reader = staff_dependency(desk.access, "audit")

    @api.get("/audit")
    async def read(conversation: str | None = Query(None, max_length=200), actor: str | None = Query(None, max_length=60),
                   event: str | None = Query(None, max_length=20), before: int | None = None, limit: int = Query(100, ge=1, le=500),
                   who: Staff = Depends(reader)) -> dict[str, Any]:
        """Looks at hidden data, kept-away colleagues, sign-ins from outside: the newest first."""
        found = await run_in_threadpool(lambda: auditing.rows(desk.engine, conversation=conversation, actor=actor, event=event, before=before, limit=limit))
        seen = await desk.bars.visible(who, [row["conversation"] for row in found])
        return {"items": [row for row in found if row["conversation"] in seen], "before": found[-1]["id"] if len(found) == limit else None}

    return api
