"""The widget's socket: /ws/chat. Wire ⇄ Inbound, nothing more."""
from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from bot.channels import uploads
from bot.channels.files import Files
from bot.channels.identity import PREFIX, Identities
from bot.channels.limits import RateLimit
from bot.channels.visitor import Visitors
from bot.reception.inbound import Inbound
from bot.reception.merging import Bursts
from bot.reception.reception import NotReady, Reception
from bot.reception.transcript import Message
from kb_connector.database import aside
from kb_connector.errors import Unavailable

log = structlog.get_logger()
_FRAME = 100_000


class WebChannel:
    """`company` and `bot_name` are shown in the widget's head."""

    def __init__(self, reception: Reception, visitors: Visitors, files: Files, limit: RateLimit, *, company: str, bot_name: str, origins: tuple[str, ...],
                 bursts: Bursts | None = None, identities: Identities = Identities(None)) -> None:
        self._reception, self._visitors, self._files, self._limit = reception, visitors, files, limit
        self._bursts = bursts or Bursts(reception)
        self._turns: set[asyncio.Task] = set()
        self._aside = partial(aside, reception.transcript.engine)
        self._company, self._bot_name, self._origins, self._identities = company, bot_name, origins, identities

    def router(self) -> APIRouter:
        api = APIRouter(tags=["channels"])

        @api.websocket("/ws/chat")
        async def chat(socket: WebSocket) -> None:
            if not self._welcome(socket):
                await socket.close(4403)
                return
            await socket.accept()
            try:
                hello = await self._frame(socket)
                await self._talk(socket, hello)
            except (WebSocketDisconnect, RuntimeError):
                return
            except Unavailable:                               # nothing was promised: the widget comes again and repeats what was not accepted
                log.warning("widget_socket_refused")
                with suppress(RuntimeError, WebSocketDisconnect):
                    await socket.close(1013)

        api.include_router(uploads.router(self._files, self._visitors))
        return api

    def _welcome(self, socket: WebSocket) -> bool:
        """Any page of ours, and the listed origins; clients without an Origin are no browsers."""
        origin = socket.headers.get("origin")
        return origin is None or "*" in self._origins or origin in self._origins or urlsplit(origin).netloc == socket.headers.get("host")

    async def _frame(self, socket: WebSocket) -> dict[str, Any]:
        raw = await socket.receive_text()
        if len(raw) > _FRAME:
            await socket.close(1009)
            raise WebSocketDisconnect(1009)
        try:
            frame = json.loads(raw)
        except ValueError:
            frame = None
        if not isinstance(frame, dict):
            await socket.send_json({"type": "error", "code": "bad_frame", "message": "A frame is a JSON object."})
            return {}
        return frame

    async def _talk(self, socket: WebSocket, hello: dict[str, Any]) -> None:
        """What a customer sends is kept in the order in which it came; the turns run beside."""
        conversation, context = self._visitor(hello)
        async with self._reception.hub.subscribe(f"conversation:{conversation}") as queue:
            await socket.send_json(await self._session(conversation, hello))
            writer = asyncio.create_task(self._write(socket, queue))
            try:
                while True:
                    await self._hear(socket, conversation, await self._frame(socket), context)
            finally:
                writer.cancel()                               # turns under way go on: their answers are kept

    def _visitor(self, hello: dict[str, Any]) -> tuple[str, dict[str, str]]:
        """The conversation, and what the page says of it. A customer's own one opens only with the company's word for them."""
        given = hello.get("context") if isinstance(hello.get("context"), dict) else {}
        context = {str(k)[:40]: str(v)[:200] for k, v in list(given.items())[:20] if v and k not in ("customer", "customer_name")}
        if customer := self._identities.read(hello.get("identity")):
            return customer.conversation, context | customer.context
        known = self._visitors.read(_text(hello.get("token")))
        ours = known and known.startswith("web-") and not known.startswith(PREFIX)
        return (known if known and ours else self._visitors.new()[0]), context

    async def _session(self, conversation: str, hello: dict[str, Any]) -> dict[str, Any]:
        same = self._visitors.read(_text(hello.get("token"))) == conversation         # else `after` speaks of another conversation
        after = int(hello["after"]) if same and str(hello.get("after") or "").isdigit() else None
        read = self._reception.transcript.since if after else self._reception.transcript.latest
        history = await self._aside(read, conversation, *([after] if after else []))
        ownership = await self._aside(self._reception.handovers.current, conversation)
        return {"type": "session", "token": self._visitors.sign(conversation), "history": [shown(m) for m in history], "more": False, "bot_name": self._bot_name,
                "state": ownership.as_state() | {"warming": self._reception.engine is None}, "company": self._company}

    async def _write(self, socket: WebSocket, queue: asyncio.Queue) -> None:
        while True:
            _, event = await queue.get()
            await socket.send_json(event)

    async def _hear(self, socket: WebSocket, conversation: str, frame: dict[str, Any], context: dict[str, Any]) -> None:
        kind = frame.get("type")
        if kind == "ping":
            await socket.send_json({"type": "pong"})
        elif kind == "typing":
            await self._reception.hub.publish("desk", {"type": "typing", "conversation": conversation, "actor": "customer"})
        elif kind in ("message", "choice"):
            await self._message(socket, conversation, frame, context)

    async def _message(self, socket: WebSocket, conversation: str, frame: dict[str, Any], context: dict[str, Any]) -> None:
        if self._limit.take(conversation):
            await socket.send_json({"type": "error", "code": "too_many_requests", "message": "您发得太快了，请稍等几秒再发。", "id": frame.get("id")})
            return
        attachment = self._files.of(conversation, _text(frame.get("attachment")))
        choice = _text(frame.get("choice")) if frame.get("type") == "choice" else None
        inbound = Inbound.read(conversation, _text(frame.get("text")) or "", "web", external=_text(frame.get("id")), choice=choice, attachment=attachment, context=context)
        if not inbound.text and not attachment and not choice:
            return
        message, new = await self._reception.accept(inbound)
        await socket.send_json({"type": "accepted", "id": frame.get("id"), "message": str(message.id)})
        if new:
            task = asyncio.create_task(self._answer(message))
            self._turns.add(task)
            task.add_done_callback(self._turns.discard)

    async def _answer(self, message: Message) -> None:
        """Kept already: whatever happens here, the message is answered now or later."""
        topic = f"conversation:{message.conversation}"
        try:
            await self._reception.hub.publish(topic, {"type": "typing", "actor": "bot", "on": True})
            await self._bursts.add(message, "web")
        except NotReady:
            await self._reception.hub.publish(topic, {"type": "state", "state": {"owner": "bot", "position": None, "agent": None, "warming": True}})
        except Unavailable:
            log.warning("answered_later", channel="web")
        finally:
            await self._reception.hub.publish(topic, {"type": "typing", "actor": "bot", "on": False})


def shown(message: Message) -> dict[str, Any]:
    """A message as the widget reads it."""
    return message.as_json()


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
