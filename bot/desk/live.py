"""The console's live line: what happens at the desk, in the opened conversation and in one's own ones."""
from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from starlette.concurrency import run_in_threadpool

from bot.desk.access import same_origin
from bot.desk.desk import Desk
from bot.desk.masking import hide_json, hide_message
from bot.desk.staff import Staff
from bot.http_errors import ApiError
from kb_connector.errors import ConnectorError


def router(desk: Desk) -> APIRouter:
    api = APIRouter()

    @api.websocket("/ws/desk")
    async def live(socket: WebSocket) -> None:
        """In: {"type":"open","conversation"} and {"type":"ping"}; out: {"topic","event"} and {"type":"pong"}. 4401 = sign in again."""
        await socket.accept()
        try:
            if not same_origin(socket):
                raise ApiError(403, "forbidden", "来源不允许。")
            who = await run_in_threadpool(desk.access.identify, socket, changing=False)
        except ApiError as exc:
            await socket.close(4401 if exc.status == 401 else 4403)
            return
        await Line(desk, socket, who).run()

    return api


class Line:
    """One browser: a task per topic hands events to one queue, so that opening another conversation loses none."""

    def __init__(self, desk: Desk, socket: WebSocket, who: Staff) -> None:
        self._desk, self._socket, self._who = desk, socket, who
        self._topics: dict[str, asyncio.Task] = {}
        self._out: asyncio.Queue[dict[str, Any]] = asyncio.Queue(2000)
        self._opened: str | None = None
        self._mine: set[str] = set()
        self._listening = asyncio.Lock()

    async def run(self) -> None:
        await self._listen()
        await self._socket.send_json({"type": "ready"})
        writer = asyncio.create_task(self._write())
        try:
            while await self._hear(await self._socket.receive_json()):
                pass
        except (WebSocketDisconnect, RuntimeError, ValueError):
            pass
        finally:
            for task in (writer, *self._topics.values()):
                task.cancel()

    async def _hear(self, frame: Any) -> bool:
        kind = frame.get("type") if isinstance(frame, dict) else None
        if kind == "open":
            wanted = str(frame.get("conversation") or "") or None
            self._opened = None if wanted and await self._desk.bars.barred(self._who, wanted) else wanted
            await self._listen()
            self._out.put_nowait({"type": "opened", "conversation": self._opened})
        elif kind == "ping":
            try:
                await run_in_threadpool(self._desk.access.identify, self._socket, changing=False)
            except ApiError:
                await self._socket.close(4401)
                return False
            if "chat" in self._who.may:        # an auditor who looks on is nobody to wait for
                await run_in_threadpool(self._desk.handovers.heartbeat, self._who.name)
            self._out.put_nowait({"type": "pong"})
        return True

    async def _listen(self) -> None:
        """Follow the desk, the opened conversation and whatever is mine now."""
        async with self._listening:
            await self._follow_wanted()

    async def _follow_wanted(self) -> None:
        self._mine = {h.conversation for h in await run_in_threadpool(self._desk.handovers.mine, self._who.name)}
        wanted = {"desk", *(f"conversation:{each}" for each in self._mine)} | ({f"conversation:{self._opened}"} if self._opened else set())
        for topic in wanted - self._topics.keys():
            ready = asyncio.Event()
            self._topics[topic] = asyncio.create_task(self._follow(topic, ready))
            await ready.wait()
        for topic in self._topics.keys() - wanted:
            self._topics.pop(topic).cancel()

    async def _follow(self, topic: str, ready: asyncio.Event) -> None:
        async with self._desk.hub.subscribe(topic) as events:
            ready.set()
            while True:
                name, event = await events.get()
                await self._out.put({"topic": name, "event": event})

    async def _hidden(self, frame: dict[str, Any]) -> bool:
        """News may be about a case that complains of whoever listens; who has a conversation hears all of it, and at once."""
        topic = frame.get("topic", "")
        about = frame["event"].get("conversation") if topic == "desk" else topic.removeprefix("conversation:")
        return bool(about) and about not in self._mine and await self._desk.bars.hides_news(self._who, about)

    def _concerns_me(self, frame: dict[str, Any]) -> bool:
        """Did a conversation come to me, or leave me? Whatever else moves at the desk costs this line no look at the records."""
        event = frame.get("event") or {}
        if frame.get("topic") != "desk" or event.get("type") not in ("queue", "lagged"):
            return False
        return event["type"] == "lagged" or event.get("agent") == self._who.name or event.get("conversation") in self._mine

    async def _write(self) -> None:
        while True:
            frame = await self._out.get()
            try:
                if self._concerns_me(frame):
                    await self._listen()
                hidden = await self._hidden(frame)
            except ConnectorError:            # the records are away: nothing is shown that may not be, and the page reads again later
                hidden, frame = False, {"topic": "desk", "event": {"type": "lagged"}}
            if not hidden:
                await self._socket.send_json(_masked(frame))


def _masked(frame: dict[str, Any]) -> dict[str, Any]:
    event = frame.get("event")
    if not event:
        return frame
    message = {"message": hide_message(event["message"])} if isinstance(event.get("message"), dict) else {}
    return {**frame, "event": hide_json({k: v for k, v in event.items() if k not in message}) | message}
