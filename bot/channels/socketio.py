"""Rasa's Socket.IO channel for Rasa's own clients: the same events, but whose session it is, the server says.

A session id is a token that we issued and signed. Whoever names another's, or makes one up, gets a new session.
"""
from __future__ import annotations

import asyncio
import re
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import socketio
import structlog

from bot.channels.intake import Intake
from bot.channels.limits import RateLimit
from bot.channels.rest import public
from bot.channels.visitor import Visitors
from bot.dialogue.case import Case
from bot.reception.inbound import Inbound
from bot.reception.transcript import Message

log = structlog.get_logger()
_LINKED = re.compile(r"\]\s*(\(|:)(?!\s*https?://)", re.I)
_POINTED = re.compile(r"<(?=[a-z][a-z0-9+.-]*(?::|&))(?!https?://)", re.I)
CHANNEL, _REPLAYED, _PREFIX = "socketio", 50, "sio-"


@dataclass
class _Session:
    conversation: str
    reader: asyncio.Task


class SocketIo:
    """Mount `asgi` under /socket.io. What a socket missed while it was away is sent when it comes back with its token."""

    def __init__(self, intake: Intake, visitors: Visitors, limit: RateLimit, *, origins: tuple[str, ...] = ()) -> None:
        self._intake, self._visitors, self._limit, self._origins = intake, visitors, limit, origins
        self._sessions: dict[str, _Session] = {}
        self._shown: dict[str, int] = {}                          # newest row per conversation, before the database has it
        self._server = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins=self._welcome, max_http_buffer_size=1_000_000, logger=False)
        self._server.on("session_request", self._session_request)
        self._server.on("user_uttered", self._user_uttered)
        self._server.on("disconnect", self._disconnect)
        self.asgi = socketio.ASGIApp(self._server, socketio_path="socket.io")

    def _welcome(self, origin: str, environ: dict[str, Any]) -> bool:
        """Our own pages and the listed ones."""
        return "*" in self._origins or origin in self._origins or urlsplit(origin).netloc == environ.get("HTTP_HOST")

    async def _session_request(self, sid: str, data: Any = None) -> None:
        await self._begin(sid, data.get("session_id") if isinstance(data, dict) else None)

    async def _begin(self, sid: str, token: Any) -> _Session:
        """Bind the socket to a conversation, tell it the token, send what it missed and from then on what comes."""
        known = self._known(token)
        conversation = known or _PREFIX + secrets.token_urlsafe(12)
        self._end(sid)
        await self._server.emit("session_confirm", self._visitors.sign(conversation), to=sid)
        started = asyncio.Event()
        session = self._sessions[sid] = _Session(conversation, asyncio.create_task(self._read(sid, conversation, started, replay=known is not None)))
        await started.wait()
        return session

    def _known(self, token: Any) -> str | None:
        """A conversation of this channel; the widget's own ones are opened there only."""
        known = self._visitors.read(token) if isinstance(token, str) else None
        return known if known and known.startswith(_PREFIX) else None

    async def _read(self, sid: str, conversation: str, started: asyncio.Event, *, replay: bool) -> None:
        transcript, cursor = self._intake.reception.transcript, f"{CHANNEL}:{conversation}"
        async with self._intake.reception.hub.subscribe(f"conversation:{conversation}") as queue:
            last = max(int(await self._intake.aside(self._intake.jobs.cursor, cursor) or 0), self._shown.get(cursor, 0))
            started.set()
            if replay:
                for message in (await self._intake.aside(transcript.since, conversation, last))[-_REPLAYED:]:
                    last = await self._show(sid, cursor, message, last)
            while True:
                _, event = await queue.get()
                if event.get("type") == "message" and int(event["message"]["id"]) > last:
                    last = await self._show(sid, cursor, _message(conversation, event["message"]), last)

    async def _show(self, sid: str, cursor: str, message: Message, last: int) -> int:
        if message.actor == "customer":
            return last
        await self._server.emit("bot_uttered", uttered(message), to=sid)
        self._shown[cursor] = message.id
        await self._intake.aside(self._intake.jobs.move, cursor, str(message.id))
        if self._shown.get(cursor) == message.id:
            del self._shown[cursor]
        return max(last, message.id)

    async def _user_uttered(self, sid: str, data: Any = None) -> None:
        if not isinstance(data, dict) or not isinstance(data.get("message"), str):
            return
        token, session = data.get("session_id"), self._sessions.get(sid)
        named = self._known(token)
        if session is None or (named and named != session.conversation):
            session = await self._begin(sid, token)
        if self._limit.take(session.conversation):
            await self._server.emit("bot_uttered", {"text": self._intake.words.say("channel_slow_down", Case(), seed=sid)}, to=sid)
            return
        await self._hear(session.conversation, data)

    async def _hear(self, conversation: str, data: dict[str, Any]) -> None:
        extra = next((data[k] for k in ("metadata", "customData") if isinstance(data.get(k), dict)), {})
        external = extra.get("message_id")
        inbound = Inbound.read(conversation, data["message"], CHANNEL, external=str(external)[:200] if external else None,
                               context={str(k)[:40]: str(v)[:200] for k, v in list(extra.items())[:20] if k != "message_id"})
        if not inbound.text:
            return
        message, new = await self._intake.keep(inbound, refill=None, at=0.0)
        if new:
            self._intake.answer_soon(message, CHANNEL)

    async def _disconnect(self, sid: str, *_: Any) -> None:
        self._end(sid)

    def _end(self, sid: str) -> None:
        if session := self._sessions.pop(sid, None):
            session.reader.cancel()


def _message(conversation: str, row: dict[str, Any]) -> Message:
    """A live event's row as the message it was made from."""
    return Message(int(row["id"]), conversation, row["at"], row["actor"], row["text"], row.get("name"), row.get("stage"), row.get("metadata") or {})


def uttered(message: Message) -> dict[str, Any]:
    """Exactly the keys that rasa-webchat knows; ours stand in `metadata`."""
    given = {"text": harmless(message.text), "metadata": public(message) | {"id": str(message.id), "name": message.name}}
    options = message.metadata.get("options") or ()
    if options:
        given["quick_replies"] = [{"content_type": "text", "title": o["label"], "payload": o["id"]} for o in options]
    return given


def harmless(text: str) -> str:
    """rasa-webchat reads Markdown and follows any link in it, scripts too: only web addresses stay links. It still reads the same."""
    return _POINTED.sub("＜", _LINKED.sub(lambda found: "]" + ("（" if found[1] == "(" else "："), text))
