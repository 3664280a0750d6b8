"""Simulated people for the desk's load test: customers at the widget's socket, agents at the desk's API and live line."""
from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import websockets

API = "/api/v1/desk"
Heard = Callable[[str, float], None]
_QUIETLY = {"compression": None, "max_queue": None, "ping_interval": None, "open_timeout": 60}


class Customer:
    """One open widget. `heard(text, at)` is called for every message of a person."""

    def __init__(self, base: str, heard: Heard) -> None:
        self._address, self._heard = f"ws://{base}/ws/chat", heard
        self.conversation = ""
        self._reader: asyncio.Task | None = None

    async def arrive(self) -> None:
        self._line = await websockets.connect(self._address, **_QUIETLY)
        await self._line.send(json.dumps({}))
        session = json.loads(await self._line.recv())
        self.conversation = session["token"].rpartition(".")[0]
        self._reader = asyncio.create_task(self._read())

    async def ask_for_a_person(self) -> None:
        await self._line.send(json.dumps({"type": "choice", "choice": "human", "id": f"{self.conversation}-human"}))

    async def say(self, text: str, key: str) -> None:
        await self._line.send(json.dumps({"type": "message", "text": text, "id": key}))

    async def _read(self) -> None:
        async for raw in self._line:
            frame = json.loads(raw)
            if frame.get("type") == "message" and frame["message"]["actor"] == "staff":
                self._heard(frame["message"]["text"], time.perf_counter())

    async def leave(self) -> None:
        if self._reader:
            self._reader.cancel()
        await self._line.close()


class Agent:
    """One signed-in page with its live line. `heard(text, at)` is called for every customer message in one of their conversations."""

    def __init__(self, base: str, name: str, heard: Heard) -> None:
        self.name, self._base, self._heard = name, base, heard
        self._calls = httpx.AsyncClient(base_url=f"http://{base}", timeout=60, trust_env=False)
        self.versions: dict[str, int] = {}
        self._ponged = asyncio.Event()
        self._tasks: list[asyncio.Task] = []

    async def sign_in(self, machine: httpx.AsyncClient, password: str = "a long password 1") -> None:
        made = await machine.post(f"{API}/staff", json={"name": self.name, "display": f"客服{self.name}", "role": "agent", "capacity": 50})
        once = made.raise_for_status().json()["password"]
        await self._enter(once)
        (await self._calls.post(f"{API}/password", json={"old": once, "new": password})).raise_for_status()
        cookie = self._calls.cookies["tingsu_desk"]
        self._line = await websockets.connect(f"ws://{self._base}/ws/desk", extra_headers={"Cookie": f"tingsu_desk={cookie}"}, **_QUIETLY)
        assert json.loads(await self._line.recv()) == {"type": "ready"}
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._stay())]

    async def _enter(self, password: str) -> None:
        answer = (await self._calls.post(f"{API}/login", json={"name": self.name, "password": password})).raise_for_status().json()
        self._calls.headers["X-CSRF-Token"] = answer["csrf"]

    async def take(self, conversation: str) -> None:
        answer = await self._calls.post(f"{API}/take", json={"conversation": conversation})
        self.versions[conversation] = answer.raise_for_status().json()["handover"]["version"]

    async def reply(self, conversation: str, text: str) -> None:
        body = {"conversation": conversation, "text": text, "version": self.versions[conversation], "client_id": text}
        (await self._calls.post(f"{API}/message", json=body)).raise_for_status()

    async def look(self, conversation: str) -> dict[str, Any]:
        return (await self._calls.get(f"{API}/conversation", params={"id": conversation})).raise_for_status().json()

    async def caught_up(self) -> None:
        """Everything that was on its way to this page has arrived: news come in order, and so does the answer to a ping."""
        self._ponged.clear()
        await self._line.send(json.dumps({"type": "ping"}))
        await asyncio.wait_for(self._ponged.wait(), 60)

    async def _read(self) -> None:
        async for raw in self._line:
            frame = json.loads(raw)
            if frame.get("type") == "pong":
                self._ponged.set()
            if frame.get("topic", "").startswith("conversation:") and frame["event"].get("type") == "message" and frame["event"]["message"]["actor"] == "customer":
                self._heard(frame["event"]["message"]["text"], time.perf_counter())

    async def _stay(self) -> None:
        while True:
            await self._line.send(json.dumps({"type": "ping"}))
            await asyncio.sleep(20)

    async def leave(self) -> None:
        for task in self._tasks:
            task.cancel()
        await self._line.close()
        await self._calls.aclose()
