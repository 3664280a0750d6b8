"""A real server of one's own for the desk's journeys, at whatever hour the test wants, with staff who have their own passwords."""
from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.testing import TOKEN
from tests.conftest import serving

PASSWORD = "a-desk-of-ones-own-1"
STAFF = (("wang", "agent", "小王"), ("li", "agent", "小李"), ("zhao", "lead", "赵主管"), ("qian", "manager", "钱经理"), ("shen", "auditor", "沈审计"))


@dataclass(frozen=True)
class DeskHouse:
    base: str
    var: Path

    def calls(self) -> httpx.Client:
        """As a machine with the token."""
        return httpx.Client(base_url=self.base, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30)

    def hire(self) -> None:
        with self.calls() as machine:
            for name, role, display in STAFF:
                once = machine.post("/api/v1/desk/staff", json={"name": name, "role": role, "display": display}).raise_for_status().json()["password"]
                self._own_password(name, once)

    def _own_password(self, name: str, once: str) -> None:
        with httpx.Client(base_url=self.base, timeout=30) as person:
            csrf = person.post("/api/v1/desk/login", json={"name": name, "password": once}).raise_for_status().json()["csrf"]
            person.post("/api/v1/desk/password", json={"old": once, "new": PASSWORD}, headers={"X-CSRF-Token": csrf}).raise_for_status()

    def says(self, sender: str, text: str) -> list[dict]:
        """A customer at the REST channel."""
        with self.calls() as machine:
            return machine.post("/webhooks/rest/webhook", json={"sender": sender, "message": text}).raise_for_status().json()

    def transcript(self, conversation: str) -> list[dict]:
        with self.calls() as machine:
            return machine.get(f"/api/v1/conversations/{conversation}/messages").raise_for_status().json()

    def about(self, conversation: str) -> dict:
        with self.calls() as machine:
            return machine.get("/api/v1/desk/conversation", params={"id": conversation}).raise_for_status().json()


@contextmanager
def open_house(var: Path, model: Path, *, now: str | None) -> Iterator[DeskHouse]:
    """`now` None lets the clock run."""
    with serving(var, model, now=now) as server:
        house = DeskHouse(server.base, var)
        house.hire()
        yield house


def fingerprint_of(conversation: str) -> str:
    """The last four signs, by which the desk calls a customer."""
    return re.sub(r"[^0-9A-Za-z]", "", conversation)[-4:]
