"""A stand-in for the server: speaks the widget's wire with canned answers, and can lose the line on demand.

Run alone to look at the pages: python -m tests.journeys.widget_fake_server
"""
from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from uuid import uuid4

import uvicorn
from fastapi import FastAPI, Form, UploadFile, WebSocket, WebSocketDisconnect
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles

WEB = Path(__file__).parents[2] / "bot" / "web"
TICKET = "C261122K7Q3"
REMEDIES = [{"id": "refund", "label": "退货退款：上门取件，验收后按原路退回"}, {"id": "exchange", "label": "换新：同款新机，送货时一并取走旧机"},
            {"id": "repair", "label": "上门检修：工程师当面检测，出具检测单"}, {"id": "other", "label": "都不合适，我说说我的想法"}]

Reply = tuple[str, dict[str, Any]]

CANNED: dict[str, list[Reply]] = {
    "洗衣机": [("刚买三天就漏水，换谁都会着急。让您碰上这种事，真的很抱歉。", {"stage": "apology"}),
               ("方便告诉我订单号吗？手边没有也没关系。", {"stage": "collecting", "asks": "order_id", "options": [{"id": "skip", "label": "不清楚，先跳过"}, {"id": "human", "label": "转人工"}]})],
    "不清楚": [("为了回复您，想请您留一个手机号。百货只用它处理这次投诉；不留也能匿名登记，之后随时可以要求删除。您同意吗？",
                {"stage": "consent", "asks": "consent", "options": [{"id": "yes", "label": "同意，继续"}, {"id": "no", "label": "不同意，匿名登记"}]})],
    "同意，继续": [("我把您说的理了一遍：\n1. 11月19日在线上买的滚筒洗衣机，用了三天就从底部漏水，地板泡了一块\n2. 打过一次售后电话，没有人回\n3. 希望退货退款\n\n都对吗？有出入的话，告诉我是哪一处。",
                    {"stage": "confirming", "asks": "confirm", "options": [{"id": "yes", "label": "都对，提交"}, {"id": "no", "label": "有地方要改"}]})],
    "都对": [("已经替您立案了。售后部会看，最晚明天18:00前由专人联系您。", {"stage": "filed", "ticket": TICKET}),
             ("按公布的标准，这类情况一般有这几种处理方式，最终以工作人员核定为准。您更倾向哪一种？", {"stage": "remedy", "asks": "option", "ticket": TICKET, "options": REMEDIES})],
    "评价": [("这次的处理，您愿意打个分吗？", {"stage": "survey", "asks": "rating", "options": [{"id": str(n), "label": f"{n}星"} for n in (5, 4, 3, 2, 1)]})],
    "触电": [("人的安全最要紧。请先拔掉插头、离水远一点，需要急救请马上拨打120，起火请拨119。\n您和家里人现在都安全吗？", {"stage": "safety", "asks": "safety_now"})],
}


@dataclass
class House:
    """All conversations, the open lines, and the faults a test wants."""

    refuse: bool = False
    lose_accepted: bool = False
    uploads: bool = True
    frames: list[dict[str, Any]] = field(default_factory=list)
    received: Counter[str] = field(default_factory=Counter)
    histories: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    lines: dict[str, list[WebSocket]] = field(default_factory=lambda: defaultdict(list))
    photos: dict[str, tuple[bytes, str, str]] = field(default_factory=dict)
    loop: asyncio.AbstractEventLoop | None = None
    next_id: int = 100

    # what tests call, from their own thread

    def drop_all(self) -> None:
        self._run(self._drop_all())

    def bot_says(self, token: str, text: str, **metadata: Any) -> None:
        self._run(self.speak(token, "bot", text, metadata))

    def staff_says(self, token: str, text: str) -> None:
        self._run(self.speak(token, "staff", text, {"actor": "human"}, name="客服专员小王"))

    def set_state(self, token: str, **state: Any) -> None:
        self._run(self.become(token, **state))

    def shows_typing(self, token: str, actor: str = "bot") -> None:
        self.tell(token, {"type": "typing", "actor": actor, "on": True})

    def tell(self, token: str, frame: dict[str, Any]) -> None:
        self._run(self.send(token, frame))

    @property
    def latest_token(self) -> str:
        return list(self.histories)[-1]

    def texts(self, token: str) -> list[str]:
        return [message["text"] for message in self.histories[token]]

    def _run(self, job: Any) -> None:
        asyncio.run_coroutine_threadsafe(job, self.loop).result(5)

    # the wire

    async def serve(self, line: WebSocket) -> None:
        await line.accept()
        if self.refuse:
            return await line.close()
        hello = await line.receive_json()
        self.frames.append(hello)
        token = hello["token"] if hello["token"] in self.histories else uuid4().hex
        history = self.histories[token]
        self.lines[token].append(line)
        after = int(hello["after"] or 0)
        await line.send_json({"type": "session", "token": token, "history": [m for m in history if int(m["id"]) > after][-200:], "state": self.state(token),
                              "bot_name": "小诉", "company": "听诉百货", "more": False})
        try:
            while True:
                await self.take(token, line, await line.receive_json())
        except (WebSocketDisconnect, RuntimeError):
            with contextlib.suppress(ValueError):
                self.lines[token].remove(line)

    async def take(self, token: str, line: WebSocket, frame: dict[str, Any]) -> None:
        self.frames.append(frame)
        if frame["type"] == "ping":
            await line.send_json({"type": "pong"})
        if frame["type"] not in ("message", "choice"):
            return
        self.received[frame["id"]] += 1
        known = next((m for m in self.histories[token] if m.get("client_id") == frame["id"]), None)
        message = known or self.write(token, "customer", frame["text"], client_id=frame["id"], attachment=self.photo(frame))
        if self.lose_accepted:
            self.lose_accepted = False
            return await self._drop_all()
        await line.send_json({"type": "accepted", "id": frame["id"], "message": message["id"]})
        if known:
            return
        await self.send(token, {"type": "message", "message": message}, but=line)
        await self.answer(token, frame)

    async def answer(self, token: str, frame: dict[str, Any]) -> None:
        if frame.get("choice") == "human" or "转人工" in frame["text"]:
            await self.speak(token, "bot", "好的，这就帮您转人工，您前面说的我都一并带过去，不用再重复。", {"stage": "handover"})
            return await self.become(token, owner="queue", position=2)
        if self.state(token)["owner"] == "human":
            return
        replies = next((replies for key, replies in CANNED.items() if key in frame["text"]), [(f"收到：{frame['text']}", {"stage": "listening"})])
        for text, metadata in replies:
            await self.send(token, {"type": "typing", "actor": "bot", "on": True})
            await asyncio.sleep(0.05)
            await self.speak(token, "bot", text, {"actor": "bot"} | metadata)

    async def speak(self, token: str, actor: str, text: str, metadata: dict[str, Any], name: str | None = None) -> None:
        await self.send(token, {"type": "message", "message": self.write(token, actor, text, metadata=metadata, name=name)})

    async def become(self, token: str, **state: Any) -> None:
        self.states[token] = self.state(token) | state
        await self.send(token, {"type": "state", "state": self.states[token]})

    async def send(self, token: str, frame: dict[str, Any], *, but: WebSocket | None = None) -> None:
        for line in list(self.lines[token]):
            if line is not but:
                with contextlib.suppress(Exception):
                    await line.send_json(frame)

    async def _drop_all(self) -> None:
        for lines in self.lines.values():
            for line in list(lines):
                with contextlib.suppress(Exception):
                    await line.close()
            lines.clear()

    def write(self, token: str, actor: str, text: str, **more: Any) -> dict[str, Any]:
        self.next_id += 1
        row = {"id": str(self.next_id), "at": datetime.now(timezone.utc).isoformat(), "actor": actor, "text": text}
        row |= {key: value for key, value in more.items() if value is not None}
        self.histories[token].append(row)
        return row

    def state(self, token: str) -> dict[str, Any]:
        return self.states.get(token, {"owner": "bot", "position": None, "agent": None, "warming": False})

    def photo(self, frame: dict[str, Any]) -> dict[str, str] | None:
        kept = self.photos.get(frame.get("attachment", ""))
        return {"url": f"/photos/{frame['attachment']}", "type": kept[1], "name": kept[2]} if kept else None


def make_app(house: House) -> FastAPI:
    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> Any:
        house.loop = asyncio.get_running_loop()
        yield

    app = FastAPI(lifespan=lifespan)
    app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"])

    @app.websocket("/ws/chat")
    async def chat(line: WebSocket) -> None:
        await house.serve(line)

    @app.post("/api/v1/uploads")
    async def uploads(file: UploadFile, token: str = Form()) -> Any:
        if not house.uploads:
            return JSONResponse({"error": {"code": "not_found", "message": "没有这个地址"}}, 404)
        content = await file.read()
        if token not in house.histories or content[:3] == b"BAD":
            return JSONResponse({"error": {"code": "bad_photo", "message": "这张照片打不开，请换一张"}}, 422)
        key = uuid4().hex
        house.photos[key] = (content, file.content_type or "", file.filename or "")
        return {"id": key, "url": f"/photos/{key}", "type": file.content_type, "name": file.filename}

    @app.get("/photos/{key}")
    def photo(key: str) -> Response:
        content, kind, _ = house.photos[key]
        return Response(content, media_type=kind)

    @app.get("/")
    def shop() -> FileResponse:
        return FileResponse(WEB / "shop" / "index.html")

    @app.get("/widget.js")
    def widget() -> FileResponse:
        return FileResponse(WEB / "widget" / "widget.js")

    @app.get("/elsewhere")
    def elsewhere(tag: str) -> HTMLResponse:
        return HTMLResponse(f'<!doctype html><body style="direction: rtl; font-size: 40px">{tag}')

    app.mount("/widget", StaticFiles(directory=WEB / "widget"))
    app.mount("/shop", StaticFiles(directory=WEB / "shop"))
    return app


@contextlib.contextmanager
def running(house: House, port: int = 0) -> Iterator[str]:
    """Serve in a thread; gives the address."""
    server = uvicorn.Server(uvicorn.Config(make_app(house), port=port, log_level="critical", ws="wsproto"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    server.force_exit = True
    thread.join(5)


if __name__ == "__main__":
    with running(House(), port=8099) as address:
        print(address)
        threading.Event().wait()
