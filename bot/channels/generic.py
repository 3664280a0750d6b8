"""The generic webhook: any other platform is one small program that signs what it posts to us and checks what we post to it."""
from __future__ import annotations

import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.channels import doorkeeper
from bot.channels.doorkeeper import forbidden, timely
from bot.channels.intake import Intake
from bot.channels.settings import WebhookSettings
from bot.desk.connector_errors import answered
from bot.http_errors import ApiError
from bot.reception.inbound import Inbound
from bot.reception.delivery import SendLater, Undeliverable
from bot.reception.parts import Part
from bot.reception.quota import Limits
from bot.signature import sign, signed_headers

CHANNEL, _MOST = "webhook", 64 * 1024


class Posted(BaseModel):
    """What the other side posts. `id` makes a repeated delivery harmless."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=1, max_length=150)
    sender: str = Field(pattern=r"^[\w.@:-]{1,150}$")
    text: str = ""
    choice: str | None = Field(None, max_length=100)
    context: dict[str, str] = Field(default_factory=dict, max_length=20)


class GenericCourier:
    """Posts replies to the other side; its own id per part makes a repeated one recognisable."""

    limits: Limits | None = None
    most_bytes = 20_000
    more = ""

    def __init__(self, settings: WebhookSettings, client: httpx.AsyncClient | None = None) -> None:
        self._settings = settings
        self._client = client or httpx.AsyncClient(timeout=httpx.Timeout(5.0, connect=3.0), trust_env=False)

    async def send(self, conversation: str, part: Part, *, msgid: str) -> None:
        body = json.dumps({"id": msgid, "recipient": conversation.removeprefix(CHANNEL + "-"), "text": part.text, "options": list(part.options),
                           "actor": "human" if part.actor == "staff" else "bot", "attachment": part.attachment}, ensure_ascii=False).encode()
        headers = signed_headers(self._settings.secret, body, at=time.time())
        try:
            answer = await self._client.post(self._settings.reply_url, content=body, headers=headers)
        except httpx.HTTPError as exc:
            raise SendLater(type(exc).__name__, certain=False) from exc
        if answer.status_code in (404, 410):
            raise Undeliverable(f"HTTP {answer.status_code}")
        if not answer.is_success:
            raise SendLater(f"HTTP {answer.status_code}")


class GenericChannel:
    def __init__(self, settings: WebhookSettings, intake: Intake, now: Callable[[], float] = time.time) -> None:
        self._settings, self._intake, self._now = settings, intake, now

    def router(self) -> APIRouter:
        api = APIRouter(tags=["channels"])

        @api.post("/webhooks/generic", status_code=202)
        async def receive(request: Request) -> dict[str, Any]:
            body = await doorkeeper.body(request, most=_MOST)
            self._check(request, body)
            try:
                posted = Posted.model_validate_json(body)
            except ValidationError as exc:
                details = exc.errors(include_url=False, include_input=False, include_context=False)
                raise ApiError(422, "invalid_request", "The body does not have the agreed shape.", details) from None
            with answered():
                return await self._take(posted)

        return api

    def _check(self, request: Request, body: bytes) -> None:
        timestamp, given = request.headers.get("x-tingsu-timestamp", ""), request.headers.get("x-tingsu-signature", "")
        genuine = hmac.compare_digest(given.encode("latin-1"), sign(self._settings.secret, timestamp, body).encode())
        if not genuine or not timely(timestamp, self._now(), self._settings.skew):
            raise forbidden()

    async def _take(self, posted: Posted) -> dict[str, Any]:
        inbound = Inbound.read(f"{CHANNEL}-{posted.sender}", posted.text, CHANNEL, external=posted.id, choice=posted.choice, context=posted.context)
        if not (inbound.text or inbound.choice):
            raise ApiError(422, "invalid_request", "The message is empty.")
        message, new = await self._intake.keep(inbound, refill=None, at=self._now())
        if new:
            self._intake.answer_soon(message, CHANNEL)
        return {"message": str(message.id), "duplicate": not new}
