"""Calls to Tencent's APIs: bounded in time, one renewal of the token, every failure named for what to do next."""
from __future__ import annotations

import json
from typing import Any

import httpx
import structlog

from bot.channels.tokens import NoToken, Tokens
from bot.channels.wechat.verdicts import TOKEN, verdict
from bot.reception.delivery import ChannelBroken, SendLater

log = structlog.get_logger()
_TIMEOUT = httpx.Timeout(5.0, connect=3.0)
_MOST = 12 * 1024 * 1024


class Refused(Exception):
    """The platform answered with an error code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"errcode {code}")
        self.code = code


class Tencent:
    """`fetch_path` differs between the platforms; everything else is the same."""

    def __init__(self, base: str, client: httpx.AsyncClient | None = None) -> None:
        self._client = client or httpx.AsyncClient(base_url=base, timeout=_TIMEOUT, trust_env=False)
        self.tokens = Tokens(self._fetch_token)

    async def _fetch_token(self, force: bool) -> tuple[str, float]:
        raise NotImplementedError

    async def call(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer of a successful call; Refused, or a DeliveryFailed for trouble on the way."""
        content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        return await self._with_token(lambda token: self._request("POST", path, params={"access_token": token}, content=content,
                                                                  headers={"Content-Type": "application/json; charset=utf-8"}))

    async def upload(self, path: str, name: str, data: bytes, kind: str) -> dict[str, Any]:
        return await self._with_token(lambda token: self._request("POST", path, params={"access_token": token, "type": "image"},
                                                                  files={"media": (name, data, kind)}))

    async def download(self, path: str, media: str) -> bytes:
        """A media file; Tencent reports errors here as JSON with status 200."""
        async def fetch(token: str) -> dict[str, Any]:
            answer = await self._send("GET", path, params={"access_token": token, "media_id": media})
            if "json" in answer.headers.get("content-type", "") or answer.content[:1] == b"{":
                return self._read(answer)
            return {"content": answer.content[:_MOST]}
        answer = await self._with_token(fetch)
        if "content" not in answer:
            raise SendLater("no media in the answer")
        return answer["content"]

    async def _with_token(self, request: Any) -> dict[str, Any]:
        try:
            token = await self.tokens.get()
            try:
                return await request(token)
            except Refused as exc:
                if exc.code not in TOKEN:
                    raise
            return await request(await self.tokens.renew(token))
        except NoToken as exc:
            raise ChannelBroken(str(exc)) from exc

    async def _request(self, method: str, path: str, **how: Any) -> dict[str, Any]:
        return self._read(await self._send(method, path, **how))

    async def _send(self, method: str, path: str, **how: Any) -> httpx.Response:
        try:
            answer = await self._client.request(method, path, **how)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as exc:
            raise SendLater(type(exc).__name__) from exc
        except httpx.HTTPError as exc:
            raise SendLater(type(exc).__name__, certain=False) from exc
        if answer.status_code >= 500:
            raise SendLater(f"HTTP {answer.status_code}", certain=False)
        return answer

    def _read(self, answer: httpx.Response) -> dict[str, Any]:
        """HTTP says 200 to everything: only errcode 0 is success."""
        try:
            body = answer.json()
        except ValueError:
            raise SendLater("the answer is no JSON", certain=False) from None
        if not isinstance(body, dict):
            raise SendLater("the answer is no object", certain=False)
        if body.get("errcode"):
            raise Refused(int(body["errcode"]))
        return body

    async def close(self) -> None:
        await self._client.aclose()


def failed(exc: Refused) -> Exception:
    """The DeliveryFailed for a refusal."""
    return verdict(exc.code)


def token_in(answer: dict[str, Any]) -> tuple[str, float]:
    """(token, seconds it lasts) of a successful answer."""
    token, lasts = answer.get("access_token"), answer.get("expires_in", 7200)
    if not (isinstance(token, str) and token and isinstance(lasts, (int, float))):
        raise SendLater("no token in the answer")
    return token, float(lasts)
