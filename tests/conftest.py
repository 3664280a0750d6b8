"""Shared by all suites: one trained engine and one real server for the whole session, both only when a test asks for them."""
from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("TINGSU_NOW", "2026-11-23T10:00:00+08:00")      # what 「上周六」 means does not depend on the day of the run
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from actions import services  # noqa: E402
from bot.commands.benchmarks.process import free_port  # noqa: E402
from bot.commands.train import fingerprint  # noqa: E402
from bot.settings import ROOT  # noqa: E402
from bot.testing import MONDAY, TOKEN, Customer, House, trained_model  # noqa: E402

settings.register_profile("here", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")


@pytest.fixture(scope="session")
def model() -> Path:
    return trained_model()


@pytest.fixture(scope="session")
def open_house(tmp_path_factory: pytest.TempPathFactory, model: Path) -> House:
    return House(tmp_path_factory.mktemp("house"), model)


@pytest.fixture
def house(open_house: House) -> Iterator[House]:
    """The house on a Monday morning, whatever the test before did to the clock or to the actions' services."""
    open_house.clock.now = MONDAY
    services.use(open_house.services)
    yield open_house


@pytest.fixture
def talk(house: House, request: pytest.FixtureRequest) -> Customer:
    """A new customer: `answer = await talk("…")`. The same test always hears the same words."""
    return house.customer(f"talk-{zlib.crc32(request.node.nodeid.encode('utf-8', 'replace')):08x}")


@dataclass(frozen=True)
class Server:
    base: str
    var: Path
    pid: int

    @property
    def log(self) -> str:
        return (self.var / "server.log").read_text(encoding="utf-8", errors="replace")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, model: Path) -> Iterator[Server]:
    """`./tingsu serve` as a process of its own, ready to answer."""
    with serving(tmp_path_factory.mktemp("server"), model, now=os.environ["TINGSU_NOW"]) as running:
        yield running


@contextmanager
def serving(var: Path, model: Path, *, now: str | None) -> Iterator[Server]:
    """A server with its own `var`, as if `model` had just been trained; `now` None lets the clock run."""
    port = free_port()
    (var / "models").mkdir(parents=True)
    shutil.copy(model, var / "models" / "tingsu.tar.gz")
    (var / "models" / "tingsu.tar.stamp").write_text(fingerprint(), encoding="ascii")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TINGSU_")} | {
        "TINGSU_VAR_DIR": str(var), "TINGSU_API_TOKEN": TOKEN, "TINGSU_RATE_LIMITS": "off", **({"TINGSU_NOW": now} if now else {})}
    with open(var / "server.log", "wb") as log:
        process = subprocess.Popen(["./tingsu", "serve", "--port", str(port)], cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
    running = Server(f"http://127.0.0.1:{port}", var, process.pid)
    try:
        wait_until_ready(running, process)
        yield running
    finally:
        stop(process)


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    """Calls with the machine's token."""
    with httpx.Client(base_url=server.base, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30) as calls:
        yield calls


@pytest.fixture
def stranger(server: Server) -> Iterator[httpx.Client]:
    """Calls without any token."""
    with httpx.Client(base_url=server.base, timeout=30) as calls:
        yield calls


def wait_until_ready(server: Server, process: subprocess.Popen, *, seconds: float = 300) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped with {process.returncode}:\n{server.log[-3000:]}")
        try:
            if httpx.get(f"{server.base}/readyz", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"the server is not ready after {seconds} s:\n{server.log[-3000:]}")


def stop(process: subprocess.Popen) -> None:
    """The whole group that this session started, and nothing else."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)
