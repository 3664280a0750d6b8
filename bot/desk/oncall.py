"""Ringing at every page of the desk, and calling the on-call webhook: for the gravest conversations, whatever skill or load anybody has."""
from __future__ import annotations

import json
import time
from collections.abc import Callable

import httpx
import structlog
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool

from bot.desk import calls
from bot.desk.calls import Call
from bot.desk.settings import OnCall
from bot.reception.hub import Hub
from bot.signature import signed_headers

log = structlog.get_logger()


class Ringing:
    """Both jobs are safe to run in several workers and to repeat."""

    def __init__(self, engine: Engine, hub: Hub, every: float, oncall: OnCall | None = None, *, now: Callable[[], float] = time.time,
                 client: httpx.AsyncClient | None = None) -> None:
        self._engine, self._hub, self._every, self._oncall, self._now, self._client = engine, hub, every, oncall, now, client

    async def ring(self) -> int:
        """To all who are there; each page decides how loud."""
        ringing = await run_in_threadpool(calls.rings, self._engine, self._now(), self._every)
        for call in ringing:
            await self._hub.publish("desk", {"type": "ring", **call.as_json()})
        return len(ringing)

    async def report(self) -> int:
        """Post what is due to the webhook, if there is one."""
        if self._oncall is None:
            return 0
        due = await run_in_threadpool(calls.posts, self._engine, self._now())
        for call in due:
            await self._post(self._oncall, call)
        return len(due)

    async def _post(self, oncall: OnCall, call: Call) -> None:
        body = json.dumps({"event": "grave_conversation", **call.as_json()}, ensure_ascii=False).encode()
        headers = signed_headers(oncall.secret, body, at=self._now())
        try:
            answer = await self._open().post(oncall.url, content=body, headers=headers)
            failure = None if answer.is_success else f"HTTP {answer.status_code}"
        except httpx.HTTPError as exc:
            failure = type(exc).__name__
        if failure is None:
            await run_in_threadpool(calls.reported, self._engine, call, self._now())
            log.info("oncall_reported", conversation=call.conversation)
            return
        again = await run_in_threadpool(calls.later, self._engine, call, self._now())
        log.error("oncall_not_reported", conversation=call.conversation, reason=failure, attempts=call.attempts + 1, again=again)

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=httpx.Timeout(10.0, connect=5.0), trust_env=False, follow_redirects=False)
        return self._client
