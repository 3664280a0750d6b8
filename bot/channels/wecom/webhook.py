"""GET/POST /webhooks/wecom: the encrypted notice that messages wait; they are fetched afterwards."""
from __future__ import annotations

import time
from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from bot.channels import doorkeeper
from bot.channels.doorkeeper import forbidden, single, timely
from bot.channels.intake import Intake
from bot.channels.settings import WecomSettings
from bot.channels.wechat import xml
from bot.channels.wechat.crypto import Envelope, NotGenuine
from bot.channels.wecom.puller import SYNC, Puller
from bot.desk.connector_errors import answered


class WecomChannel:
    def __init__(self, settings: WecomSettings, intake: Intake, puller: Puller, now: Callable[[], float] = time.time) -> None:
        self._settings, self._intake, self._puller, self._now = settings, intake, puller, now
        self._envelope = Envelope(settings.token, settings.aes_key, settings.corpid)

    def router(self) -> APIRouter:
        api = APIRouter(tags=["channels"])

        @api.get("/webhooks/wecom")
        async def verify(request: Request) -> PlainTextResponse:
            return PlainTextResponse(self._open(request, single(request, "echostr")).decode("utf-8", "replace"))

        @api.post("/webhooks/wecom")
        async def receive(request: Request) -> PlainTextResponse:
            data = await doorkeeper.body(request, most=xml.MOST)
            try:
                sealed = xml.read(data).get("Encrypt", "")
                fields = xml.read(self._open(request, sealed))
            except xml.BadXml:
                raise forbidden() from None
            if fields.get("Event") == "kf_msg_or_event" and fields.get("OpenKfId"):
                with answered():
                    await self._fetch_soon(fields["OpenKfId"][:64], fields.get("Token"), single(request, "timestamp"))
            return PlainTextResponse("success")

        return api

    def _open(self, request: Request, sealed: str) -> bytes:
        timestamp = single(request, "timestamp")
        try:
            opened = self._envelope.open(sealed, msg_signature=single(request, "msg_signature"), timestamp=timestamp, nonce=single(request, "nonce"))
        except NotGenuine:
            raise forbidden() from None
        if not timely(timestamp, self._now(), self._settings.skew):
            raise forbidden()
        return opened

    async def _fetch_soon(self, open_kfid: str, token: str | None, timestamp: str) -> None:
        """Kept before the acknowledgement, so that a crash repeats it; a repeated callback is one job."""
        key = f"wecom-sync:{open_kfid}:{timestamp}:{token}"
        job = await self._intake.aside(self._intake.jobs.take, key, SYNC, {"open_kfid": open_kfid, "token": token})
        if job:
            self._intake.spawn(self._puller.run(job))
