"""WeCom's customer-service API as far as we use it."""
from __future__ import annotations

from typing import Any

import httpx

from bot.channels.settings import WecomSettings
from bot.channels.tencent import Refused, Tencent, failed, token_in


class WecomApi(Tencent):
    def __init__(self, settings: WecomSettings, client: httpx.AsyncClient | None = None) -> None:
        super().__init__(settings.api, client)
        self._settings = settings

    async def _fetch_token(self, force: bool) -> tuple[str, float]:
        try:
            answer = await self._request("GET", "/cgi-bin/gettoken", params={"corpid": self._settings.corpid, "corpsecret": self._settings.secret})
        except Refused as exc:
            raise failed(exc) from exc
        return token_in(answer)

    async def sync(self, open_kfid: str, cursor: str | None, token: str | None) -> dict[str, Any]:
        """One page of what was said; `token` comes with the callback and lifts the rate limit."""
        body: dict[str, Any] = {"open_kfid": open_kfid, "limit": 1000, "voice_format": 0}
        return await self.call("/cgi-bin/kf/sync_msg", body | ({"cursor": cursor} if cursor else {}) | ({"token": token} if token else {}))

    async def send(self, message: dict[str, Any]) -> None:
        await self.call("/cgi-bin/kf/send_msg", message)

    async def send_on_event(self, code: str, text: str) -> None:
        """The welcome of a session: 20 seconds, one message."""
        await self.call("/cgi-bin/kf/send_msg_on_event", {"code": code, "msgtype": "text", "text": {"content": text}})

    async def state(self, open_kfid: str, customer: str) -> int:
        return int((await self.call("/cgi-bin/kf/service_state/get", {"open_kfid": open_kfid, "external_userid": customer}))["service_state"])

    async def move(self, open_kfid: str, customer: str, state: int, servicer: str | None = None) -> None:
        body: dict[str, Any] = {"open_kfid": open_kfid, "external_userid": customer, "service_state": state}
        await self.call("/cgi-bin/kf/service_state/trans", body | ({"servicer_userid": servicer} if servicer else {}))

    async def media(self, media: str) -> bytes:
        return await self.download("/cgi-bin/media/get", media)

    async def upload_image(self, name: str, data: bytes, kind: str) -> str:
        return (await self.upload("/cgi-bin/media/upload", name, data, kind))["media_id"]
