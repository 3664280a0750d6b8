"""Photos that visitors attach: POST with the session's token, GET under an unguessable name."""
from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import FileResponse

from bot.channels.files import Files
from bot.channels.visitor import Visitors
from bot.http_errors import ApiError


def router(files: Files, visitors: Visitors) -> APIRouter:
    api = APIRouter(tags=["channels"])

    @api.post("/api/v1/uploads", status_code=201)
    async def upload(file: UploadFile = File(), token: str = Form()) -> dict[str, Any]:
        conversation = visitors.read(token)
        if conversation is None:
            raise ApiError(401, "unauthorized", "请先打开会话。")
        kept = await asyncio.to_thread(files.keep, conversation, file.filename or "photo", await file.read(files.most + 1))
        return {"id": kept.id, "url": kept.url, "type": kept.type, "name": kept.name}

    @api.get("/api/v1/uploads/{name}")
    async def show(name: str) -> FileResponse:
        path, kind = files.find(name)
        return FileResponse(path, media_type=kind, headers={"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'"})

    return api
