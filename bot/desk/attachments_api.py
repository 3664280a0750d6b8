"""Photos from staff to customers: uploaded first, then sent with a message on every channel that can."""
from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, File, Form, UploadFile
from starlette.concurrency import run_in_threadpool

from bot.desk.access import staff_dependency
from bot.desk.desk import Desk
from bot.desk.staff import Staff
from bot.http_errors import ApiError


def router(desk: Desk) -> APIRouter:
    api = APIRouter(prefix="/api/v1/desk", tags=["desk: work"])
    chat = staff_dependency(desk.access, "chat")

    @api.post("/attachment", status_code=201)
    async def upload(file: UploadFile = File(), conversation: str = Form(max_length=200), who: Staff = Depends(chat)) -> dict[str, Any]:
        """`id` goes into a message's `attachment`; it fits this conversation only."""
        if desk.files is None:
            raise ApiError(503, "unavailable", "没有可用的文件存储。")
        await desk.open_to(who, conversation)
        kept = await run_in_threadpool(desk.files.keep, conversation, file.filename or "photo", await file.read(desk.files.most + 1))
        return {"id": kept.id, "url": kept.url, "type": kept.type, "name": kept.name}

    return api
