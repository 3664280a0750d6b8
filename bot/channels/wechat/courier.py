"""Sends the outbox's parts to followers of the Official Accounts."""
from __future__ import annotations

import asyncio
from typing import Any

import structlog

from bot.channels.files import Files
from bot.channels.limits import RateLimit
from bot.channels.settings import WechatAccount
from bot.channels.tencent import Refused, failed
from bot.channels.wechat.api import WechatApi
from bot.channels.wechat.verdicts import NO_MENUS, NO_PERMISSION, TOO_LONG
from bot.reception.delivery import DeliveryFailed, Undeliverable, WaitForCustomer
from bot.reception.parts import Part, numbered, size, split
from bot.reception.quota import Limits

log = structlog.get_logger()
_TEXT, _ROOM_FOR_OPTIONS = 2048, 700


class Line:
    """One account: what it may do is learned while sending."""

    def __init__(self, account: WechatAccount, api: WechatApi) -> None:
        self.account, self.api = account, api
        self.passive, self.menus = account.replies == "passive", account.menus


class WechatCourier:
    """Conversations are `wechat-<account>-<openid>`."""

    limits: Limits | None = Limits()
    most_bytes = _TEXT

    def __init__(self, lines: dict[str, Line], files: Files, *, more: str) -> None:
        self._lines, self._files, self.more = lines, files, more
        self._typing = RateLimit(rate=5, burst=5)

    def line(self, conversation: str) -> tuple[Line, str]:
        """The account and the openid; Undeliverable when the account is gone."""
        _, name, openid = conversation.split("-", 2)
        if name not in self._lines:
            raise Undeliverable("account not configured")
        return self._lines[name], openid

    async def send(self, conversation: str, part: Part, *, msgid: str) -> None:
        line, openid = self.line(conversation)
        if line.passive:
            raise WaitForCustomer("passive")
        for message in await self._messages(line, part):
            await self._one(line, openid, message, part)

    async def typing(self, conversation: str, turn: asyncio.Task, *, after: float = 1.5) -> None:
        """Best effort: whoever waits longer than usual sees that something happens; a rush of customers does without."""
        line, openid = self.line(conversation)
        await asyncio.wait({turn}, timeout=after)
        if not (turn.done() or line.passive or self._typing.take(line.account.name)):
            try:
                await line.api.typing(openid)
            except (Refused, DeliveryFailed):
                return

    async def _messages(self, line: Line, part: Part) -> list[dict[str, Any]]:
        messages = []
        if part.attachment and part.attachment.get("id"):
            messages.append({"msgtype": "image", "image": {"media_id": await self._uploaded(line, part.attachment["id"])}})
        if part.options and line.menus and size(part.text) <= _TEXT - _ROOM_FOR_OPTIONS:
            items = [{"id": o["id"], "content": o["label"]} for o in part.options]
            messages.append({"msgtype": "msgmenu", "msgmenu": {"head_content": part.text, "list": items, "tail_content": ""}})
        elif part.text:
            messages += [_text(piece) for piece in split(numbered(part.text, part.options), _TEXT)]
        return messages

    async def _one(self, line: Line, openid: str, message: dict[str, Any], part: Part) -> None:
        try:
            await line.api.send({"touser": openid, **message})
        except Refused as exc:
            if exc.code in NO_MENUS and message["msgtype"] == "msgmenu":
                line.menus = False
                await self.send_text(line, openid, numbered(part.text, part.options))
            elif exc.code == TOO_LONG and message["msgtype"] == "text":
                await self.send_text(line, openid, message["text"]["content"], most=_TEXT // 2)
            else:
                if exc.code in NO_PERMISSION:
                    line.passive = True
                    log.error("wechat_replies_are_passive_now", account=line.account.name, code=exc.code)
                raise failed(exc) from exc

    async def send_text(self, line: Line, openid: str, text: str, *, most: int = _TEXT) -> None:
        try:
            for piece in split(text, most):
                await line.api.send({"touser": openid, **_text(piece)})
        except Refused as exc:
            raise failed(exc) from exc

    async def _uploaded(self, line: Line, identity: str) -> str:
        path, kind = self._files.find(identity)
        try:
            return await line.api.upload_image(path.name, await asyncio.to_thread(path.read_bytes), kind)
        except Refused as exc:
            raise failed(exc) from exc


def _text(content: str) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": content}}
