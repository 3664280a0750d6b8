"""GET/POST /webhooks/wechat: verify, keep, acknowledge; everything else happens afterwards."""
from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from bot.channels import doorkeeper
from bot.channels.intake import Intake
from bot.channels.wechat import xml
from bot.channels.wechat.courier import WechatCourier
from bot.channels.wechat.follow import Followers
from bot.channels.wechat.gate import Gate, Opened
from bot.channels.wechat.messages import Heard, NotAMessage, heard
from bot.channels.wechat.passive import Passive
from bot.desk.connector_errors import answered
from bot.reception.inbound import Inbound

log = structlog.get_logger()
CHANNEL = "wechat"


class WechatChannel:
    def __init__(self, gate: Gate, intake: Intake, courier: WechatCourier, passive: Passive, followers: Followers,
                 now: Callable[[], float] = time.time) -> None:
        self._gate, self._intake, self._courier, self._passive, self._followers, self._now = gate, intake, courier, passive, followers, now

    def router(self) -> APIRouter:
        api = APIRouter(tags=["channels"])

        @api.get("/webhooks/wechat")
        async def verify(request: Request) -> PlainTextResponse:
            return PlainTextResponse(self._gate.greet(request))

        @api.post("/webhooks/wechat")
        async def receive(request: Request) -> Response:
            opened = self._gate.open(request, await doorkeeper.body(request, most=xml.MOST))
            try:
                message = heard(opened.fields)
            except NotAMessage:
                log.info("wechat_unknown_shape")
                return _success()
            with answered():                                  # 503 while the database is away: WeChat comes again
                return await self._take(opened, message)

        return api

    async def _take(self, opened: Opened, message: Heard) -> Response:
        conversation = f"{CHANNEL}-{opened.account.name}-{message.openid}"
        if not message.is_message:
            await self._followers.happened(conversation, message)
            return await self._passively(opened, conversation, message) if message.kind == "event:subscribe" else _success()
        await self._keep(opened, conversation, message)
        if self._courier.line(conversation)[0].passive:
            return await self._passively(opened, conversation, message)
        if opened.account.handover == "transfer" and await self._with_people(conversation):
            return self._answer(opened, message, {"MsgType": "transfer_customer_service"})
        return _success()

    async def _keep(self, opened: Opened, conversation: str, message: Heard) -> None:
        photo = {"type": "image/jpeg", "name": "照片", "media": message.media} if message.media else None
        inbound = Inbound.read(conversation, message.text or f"[{message.kind}]", CHANNEL, external=message.key, choice=message.choice, attachment=photo,
                               context=dict(message.context)) if not photo else Inbound(conversation, "", CHANNEL, external=message.key, attachment=photo)
        kept, new = await self._intake.keep(inbound, refill=message.refill, at=float(message.at or self._now()))
        if photo:                                             # also when it is known: the process may have died in between
            await self._followers.photo(opened.account.name, conversation, kept.id, message.media or "")
        if not new:
            return
        turn = self._intake.answer_soon(kept, CHANNEL, excuse=message.excuse)
        if self._courier.line(conversation)[0].passive:
            self._passive.expect(conversation, message.key, turn)
        elif not message.excuse:
            self._intake.spawn(self._courier.typing(conversation, turn))

    async def _passively(self, opened: Opened, conversation: str, message: Heard) -> Response:
        if not self._courier.line(conversation)[0].passive:
            return _success()
        text = await self._passive.reply(conversation, message.key, CHANNEL)
        return self._answer(opened, message, {"MsgType": "text", "Content": text}) if text else _success()

    async def _with_people(self, conversation: str) -> bool:
        owner = await self._intake.aside(self._intake.reception.handovers.current, conversation)
        return owner.owner != "bot"

    def _answer(self, opened: Opened, message: Heard, fields: dict[str, Any]) -> Response:
        """A passive reply, sealed where the question was."""
        now = int(self._now())
        body = xml.write({"ToUserName": message.openid, "FromUserName": message.to, "CreateTime": now, **fields})
        if opened.sealed:
            timestamp, nonce = str(now), secrets.token_hex(8)
            sealed, signature = self._gate.envelopes[opened.account.name].seal(body.encode(), timestamp=timestamp, nonce=nonce)
            body = xml.write({"Encrypt": sealed, "MsgSignature": signature, "TimeStamp": now, "Nonce": nonce})
        return Response(body, media_type="application/xml")


def _success() -> PlainTextResponse:
    return PlainTextResponse("success")
