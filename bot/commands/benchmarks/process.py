"""A server of its own: started, waited for, weighed, stopped."""
from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from bot.commands.benchmarks.http import Connection

_TICK = os.sysconf("SC_CLK_TCK")


class DidNotStart(RuntimeError):
    """The server ended or stayed silent; the message has the end of its log."""


class Server:
    """One process group; `weight` and `cpu` count its children too."""

    def __init__(self, command: list[str], log: Path, *, environment: Mapping[str, str], cwd: Path) -> None:
        self._log = log
        self.began = time.perf_counter()
        with log.open("wb") as out:
            self._process = subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env={**os.environ, **environment}, cwd=cwd, start_new_session=True)

    async def answers(self, port: int, within: float = 300.0) -> float:
        """Seconds from the start to the first answer to a customer."""
        while time.perf_counter() - self.began < within:
            if self._process.poll() is not None:
                break
            try:
                if await Connection(port).say(f"first-{time.time_ns()}", "你好"):
                    return time.perf_counter() - self.began
            except (OSError, asyncio.IncompleteReadError):
                pass
            await asyncio.sleep(0.1)
        self.stop()
        raise DidNotStart(self._log.read_text(encoding="utf-8", errors="replace")[-2000:])

    def weight(self) -> float:
        """Megabytes, shared pages counted once (PSS)."""
        return sum(_pss(pid) for pid in self._tree()) / 1024

    def cpu(self) -> float:
        """Processor seconds used until now."""
        return sum(_cpu(pid) for pid in self._tree())

    def stop(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait(5)

    def _tree(self) -> list[int]:
        """Everybody in the server's process group."""
        return [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit() and _group(int(p.name)) == self._process.pid]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _group(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


def _pss(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((float(line.split()[1]) for line in lines if line.startswith("Pss:")), 0.0)


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICK
