"""Sends the outbox's parts to WeCom's customers, under our own message id: repeating a call changes nothing."""
from __future__ import annotations

import asyncio
from typing import Any

from bot.channels.files import Files
from bot.channels.tencent import Refused, failed
from bot.channels.wecom.api import WecomApi
from bot.channels.wecom.messages import parties
from bot.channels.wecom.mirror import Mirror
from bot.reception.parts import Part, numbered, size, split
from bot.reception.quota import Limits

_TEXT, _HEAD, _LABEL, _ITEMS = 2048, 1024, 128, 10
_WRONG_STATE = 95018


class WecomCourier:
    limits: Limits | None = Limits(per_click=0)
    most_bytes = _TEXT

    def __init__(self, api: WecomApi, mirror: Mirror, files: Files, *, more: str) -> None:
        self._api, self._mirror, self._files, self.more = api, mirror, files, more

    async def send(self, conversation: str, part: Part, *, msgid: str) -> None:
        open_kfid, customer = parties(conversation)
        for n, message in enumerate(await self._messages(part)):
            try:
                await self._api.send({"touser": customer, "open_kfid": open_kfid, "msgid": msgid[:30] + f"{n:02d}", **message})
            except Refused as exc:
                if exc.code == _WRONG_STATE:
                    await self._mirror.look(conversation)
                raise failed(exc) from exc

    async def _messages(self, part: Part) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = []
        if part.attachment and part.attachment.get("id"):
            messages.append({"msgtype": "image", "image": {"media_id": await self._uploaded(part.attachment["id"])}})
        if part.options and len(part.options) <= _ITEMS and size(part.text) <= _HEAD and all(size(o["label"]) <= _LABEL for o in part.options):
            items = [{"type": "click", "click": {"id": o["id"], "content": o["label"]}} for o in part.options]
            messages.append({"msgtype": "msgmenu", "msgmenu": {"head_content": part.text, "list": items}})
        elif part.text:
            messages += [{"msgtype": "text", "text": {"content": piece}} for piece in split(numbered(part.text, part.options), _TEXT)]
        return messages

    async def _uploaded(self, identity: str) -> str:
        path, kind = self._files.find(identity)
        try:
            return await self._api.upload_image(path.name, await asyncio.to_thread(path.read_bytes), kind)
        except Refused as exc:
            raise failed(exc) from exc
