"""Real Redis and PostgreSQL of a test's own, that can be stopped and started again."""
from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from bot.commands.test import _postgres, _unprivileged
from tests.conftest import free_port


class RedisServer:
    """Keeps nothing on disk, as most installations of it do."""

    def __init__(self, folder: Path) -> None:
        if not shutil.which("redis-server"):
            pytest.skip(os.environ.get("TINGSU_TEST_NO_REDIS") or "no redis-server on this machine")
        self._folder, self._port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(["redis-server", "--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)],
                                         stdout=subprocess.DEVNULL)
        while subprocess.run(["redis-cli", "-p", str(self._port), "ping"], capture_output=True).stdout.strip() != b"PONG":
            assert self._process.poll() is None, "Redis did not start"
            time.sleep(0.02)

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
        self._process.wait()


class PostgresServer:
    def __init__(self) -> None:
        programs = _postgres()
        if not programs:
            pytest.skip(os.environ.get("TINGSU_TEST_NO_POSTGRESQL") or "no PostgreSQL on this machine")
        folder = Path(tempfile.mkdtemp(prefix="tingsu-pg-"))  # not below pytest's own, which PostgreSQL's user may not enter
        self._user, self._folder, self._data = _unprivileged(folder), folder, folder / "data"
        port = free_port()
        self._control = [*self._user, f"{programs}/pg_ctl", "-D", str(self._data), "-w"]
        self._options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        made = subprocess.run([*self._user, f"{programs}/initdb", "-D", str(self._data), "-U", "tingsu", "-A", "trust", "-E", "UTF8", "--no-sync"], cwd=folder,
                              capture_output=True, text=True)
        assert made.returncode == 0, made.stderr
        self.url = f"postgresql://tingsu@127.0.0.1:{port}/postgres"
        self.start()

    def start(self) -> None:
        subprocess.run([*self._control, "-l", str(self._folder / "log"), "-o", self._options, "start"], check=True, stdout=subprocess.DEVNULL, cwd=self._folder)

    def stop(self) -> None:
        subprocess.run([*self._control, "-m", "immediate", "stop"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self._folder)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
