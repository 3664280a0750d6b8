"""A stand-in for Tencent's two APIs that enforces what they enforce: tokens, quotas, windows, sizes, states, cursors."""
from __future__ import annotations

import json
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
Answer = dict[str, Any]


@dataclass
class Tencent:
    """`faults`: what the next calls meet: an errcode, "html", "500", "timeout", "refused". `sent`: what customers read."""

    sent: list[tuple[str, Answer]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    fetches: list[Answer] = field(default_factory=list)
    calls: list[tuple[str, Answer]] = field(default_factory=list)
    faults: deque[int | str] = field(default_factory=deque)
    token_faults: deque[int] = field(default_factory=deque)
    always: int | None = None
    allowance: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    enforce_quota: bool = True
    pages: dict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    states: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    msgids: set[str] = field(default_factory=set)
    media_fails: bool = False
    bodies: list[bytes] = field(default_factory=list)

    # -- what tests do ---------------------------------------------------------------------------------------------

    def customer_wrote(self, who: str, messages: int = 5) -> None:
        self.allowance[who] = messages

    def expire_tokens(self) -> None:
        self.tokens.clear()

    def texts(self, who: str | None = None) -> list[str]:
        return [text_of(m) for to, m in self.sent if who in (None, to)]

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=_Faulty(self, httpx.ASGITransport(self.app())), base_url="http://tencent")

    # -- what Tencent does -----------------------------------------------------------------------------------------

    def app(self) -> FastAPI:
        app = FastAPI()
        app.add_api_route("/cgi-bin/stable_token", self._stable_token, methods=["POST"])
        app.add_api_route("/cgi-bin/gettoken", self._gettoken, methods=["GET"])
        app.add_api_route("/cgi-bin/media/get", self._media, methods=["GET"])
        app.add_api_route("/cgi-bin/media/upload", self._upload, methods=["POST"])
        app.add_api_route("/cgi-bin/{path:path}", self._call, methods=["POST"])
        return app

    async def _stable_token(self, request: Request) -> Answer:
        body = await request.json()
        self.fetches.append(body)
        if self.token_faults:
            return _error(self.token_faults.popleft())
        if body["force_refresh"] or not self.tokens:
            self.tokens = {f"token-{len(self.fetches)}"}
        return {"access_token": next(iter(self.tokens)), "expires_in": 7200}

    async def _gettoken(self, corpid: str, corpsecret: str) -> Answer:
        self.fetches.append({"corpid": corpid})
        self.tokens = self.tokens or {f"token-{len(self.fetches)}"}
        return {"errcode": 0, "access_token": next(iter(self.tokens)), "expires_in": 7200}

    async def _media(self, access_token: str, media_id: str) -> Response:
        if access_token not in self.tokens:
            return JSONResponse(_error(40001))
        return JSONResponse(_error(40007)) if self.media_fails else Response(PNG, media_type="image/png")

    async def _upload(self, request: Request) -> Answer:
        form = await request.form()
        self.calls.append(("media/upload", {"size": form["media"].size, "type": request.query_params["type"]}))
        return {"media_id": "uploaded-1", "type": "image"}

    async def _call(self, path: str, request: Request) -> Response:
        raw = await request.body()
        self.bodies.append(raw)
        body = json.loads(raw)
        self.calls.append((path, body))
        if request.query_params.get("access_token") not in self.tokens:
            return JSONResponse(_error(40001))
        if self.always is not None:
            return JSONResponse(_error(self.always))
        fault = self.faults.popleft() if self.faults and "send" in path else None
        if fault == "html":
            return HTMLResponse("<html>502</html>")
        if fault == "500":
            return HTMLResponse("oops", status_code=500)
        if isinstance(fault, int):
            return JSONResponse(_error(fault))
        return JSONResponse(getattr(self, "_" + path.replace("/", "_"), _fine)(body))

    def _message_custom_send(self, body: Answer) -> Answer:
        return self._deliver(body["touser"], body)

    def _deliver(self, who: str, body: Answer) -> Answer:
        if len(text_of(body).encode()) > 2048:
            return _error(45002)
        if self.enforce_quota and self.allowance[who] <= 0:
            return _error(45047)
        self.allowance[who] -= 1
        self.sent.append((who, body))
        return _error(0)

    def _kf_send_msg(self, body: Answer) -> Answer:
        if self.states[body["touser"]] not in (0, 1):
            return _error(95018)
        if body.get("msgid") in self.msgids:
            return {"errcode": 0, "msgid": body["msgid"]}                # sent before: nothing happens
        answer = self._deliver(body["touser"], body)
        if not answer["errcode"]:
            self.msgids.add(body["msgid"])
        return answer

    def _kf_send_msg_on_event(self, body: Answer) -> Answer:
        self.sent.append((body["code"], body))
        return {"errcode": 0, "msgid": "welcome"}

    def _kf_sync_msg(self, body: Answer) -> Answer:
        """One page per call; a cursor is the number of the next page."""
        pages, at = self.pages[body["open_kfid"]], int(body.get("cursor") or 0)
        page = pages[at] if at < len(pages) else []
        following = min(at + 1, len(pages))
        return {"errcode": 0, "msg_list": page, "next_cursor": str(following), "has_more": int(following < len(pages))}

    def _kf_service_state_get(self, body: Answer) -> Answer:
        return {"errcode": 0, "service_state": self.states[body["external_userid"]]}

    def _kf_service_state_trans(self, body: Answer) -> Answer:
        allowed = {0: (1, 2, 3), 1: (2, 3), 2: (3,), 3: (3, 4)}
        now, wanted = self.states[body["external_userid"]], body["service_state"]
        if wanted not in allowed.get(now, ()):
            return _error(95016)
        self.states[body["external_userid"]] = wanted
        return {"errcode": 0}


class _Faulty(httpx.AsyncBaseTransport):
    """Loses the line where the test wants it: before the call, or after it."""

    def __init__(self, tencent: Tencent, inner: httpx.AsyncBaseTransport) -> None:
        self._tencent, self._inner = tencent, inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        fault = self._tencent.faults[0] if self._tencent.faults and "send" in request.url.path else None
        if fault in ("refused", "timeout"):
            self._tencent.faults.popleft()
            raise httpx.ConnectError("no route") if fault == "refused" else httpx.ReadTimeout("no answer")
        return await self._inner.handle_async_request(request)


def text_of(message: Answer) -> str:
    if message["msgtype"] == "msgmenu":
        return message["msgmenu"]["head_content"]
    return message.get("text", {}).get("content", "")


def _error(code: int) -> Answer:
    return {"errcode": code, "errmsg": "ok" if code == 0 else f"error {code} at {time.time():.0f}"}


def _fine(_: Answer) -> Answer:
    return _error(0)
