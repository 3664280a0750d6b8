"""The Official Account's API as far as we use it."""
from __future__ import annotations

from typing import Any

import httpx

from bot.channels.settings import WechatAccount
from bot.channels.tencent import Refused, Tencent, failed, token_in


class WechatApi(Tencent):
    def __init__(self, account: WechatAccount, client: httpx.AsyncClient | None = None) -> None:
        super().__init__(account.api, client)
        self._account = account

    async def _fetch_token(self, force: bool) -> tuple[str, float]:
        body = {"grant_type": "client_credential", "appid": self._account.appid, "secret": self._account.secret, "force_refresh": force}
        try:
            answer = await self._request("POST", "/cgi-bin/stable_token", json=body)
        except Refused as exc:
            raise failed(exc) from exc
        return token_in(answer)

    async def send(self, message: dict[str, Any]) -> None:
        """One message of customer service."""
        await self.call("/cgi-bin/message/custom/send", message)

    async def menu(self, buttons: list[dict[str, Any]]) -> None:
        """Replaces the account's menu; followers see it within a day, or when they follow again."""
        await self.call("/cgi-bin/menu/create", {"button": buttons})

    async def typing(self, openid: str) -> None:
        await self.call("/cgi-bin/message/custom/typing", {"touser": openid, "command": "Typing"})

    async def media(self, media: str) -> bytes:
        return await self.download("/cgi-bin/media/get", media)

    async def upload_image(self, name: str, data: bytes, kind: str) -> str:
        return (await self.upload("/cgi-bin/media/upload", name, data, kind))["media_id"]
