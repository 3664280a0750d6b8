"""Rasa's REST channel: one message in, its replies out, at once."""
from __future__ import annotations

import math
from typing import Any, Callable

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from bot.channels.limits import RateLimit
from bot.desk.connector_errors import answered
from bot.http_errors import ApiError
from bot.reception.inbound import Inbound
from bot.reception.reception import Reception
from bot.reception.transcript import Message


class RestMessage(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sender: str = Field(min_length=1, max_length=200)
    message: str = ""
    metadata: dict[str, Any] | None = None
    input_channel: str | None = None
    stream: bool | None = None


def router(reception: Callable[[], Reception], limit: RateLimit) -> APIRouter:
    """`reception()` raises ApiError 503 while the assistant warms up."""
    api = APIRouter(tags=["channels"])

    @api.get("/webhooks/rest")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @api.post("/webhooks/rest/webhook")
    async def receive(body: RestMessage) -> list[dict[str, Any]]:
        if wait := limit.take(body.sender):
            raise ApiError(429, "too_many_requests", "Too many messages at once; try again in a moment.", headers={"Retry-After": str(math.ceil(wait))})
        metadata = body.metadata or {}
        external = metadata.get("message_id")
        inbound = Inbound.read(body.sender, body.message, "rest", external=str(external) if external else None, choice=_text(metadata.get("choice")),
                               context={k: v for k, v in metadata.items() if k not in ("message_id", "choice")})
        with answered():                                      # 503 while Redis or the database is away
            return [as_rasa(m) for m in await reception().receive(inbound)]

    return api


def as_rasa(message: Message) -> dict[str, Any]:
    """A reply in Rasa's shape; ours stands in `metadata`."""
    out: dict[str, Any] = {"recipient_id": message.conversation, "text": message.text}
    options = message.metadata.get("options") or ()
    if options:
        out["buttons"] = [{"title": o["label"], "payload": o["id"]} for o in options]
    return out | {"metadata": public(message)}


def public(message: Message) -> dict[str, Any]:
    """The contract's metadata of one reply, whatever actor it has."""
    given = message.metadata
    return {"stage": message.stage, "asks": given.get("asks"), "ticket": given.get("ticket"), "options": given.get("options") or [],
            "actor": given.get("actor") or "bot", "sources": given.get("sources") or []}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
