"""A real server of one's own for the desk's journeys, at whatever hour the test wants, with staff who have their own passwords."""
from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.commands.train import fingerprint
from bot.settings import ROOT
from bot.testing import TOKEN

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
    (var / "models").mkdir(parents=True)
    shutil.copy(model, var / "models" / "tingsu.tar.gz")
    (var / "models" / "tingsu.tar.stamp").write_text(fingerprint(), encoding="ascii")
    house = DeskHouse(f"http://127.0.0.1:{(port := _free_port())}", var)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TINGSU_")} | {
        "TINGSU_VAR_DIR": str(var), "TINGSU_API_TOKEN": TOKEN, "TINGSU_RATE_LIMITS": "off", **({"TINGSU_NOW": now} if now else {})}
    with open(var / "server.log", "wb") as log:
        process = subprocess.Popen(["./tingsu", "serve", "--port", str(port)], cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait(house, process)
        house.hire()
        yield house
    finally:
        _stop(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(house: DeskHouse, process: subprocess.Popen) -> None:
    until = time.monotonic() + 300
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{house.base}/readyz", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"the server is not ready:\n{(house.var / 'server.log').read_text(encoding='utf-8', errors='replace')[-3000:]}")


def _stop(process: subprocess.Popen) -> None:
    """The group that this test started, and nothing else."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)


def fingerprint_of(conversation: str) -> str:
    """The last four signs, by which the desk calls a customer."""
    return re.sub(r"[^0-9A-Za-z]", "", conversation)[-4:]
