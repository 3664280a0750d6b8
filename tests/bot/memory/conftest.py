"""Real PostgreSQL and Redis, each in a temporary folder; a suite that needs one is skipped with the reason where it is not installed."""
from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands.benchmarks.process import free_port

_PG = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if Path("/usr/lib/postgresql").is_dir() else []


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not _PG:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    folder, port = tmp_path_factory.mktemp("postgres"), free_port()
    for parent in (folder, *folder.parents[:3]):
        if parent.owner() == pwd.getpwuid(os.getuid()).pw_name and parent != Path("/tmp"):
            parent.chmod(0o755)
    as_user = _other_user(folder)
    run = lambda *words: subprocess.run([*as_user, str(_PG[-1] / words[0]), *words[1:]], check=True, capture_output=True, cwd="/")     # noqa: E731
    run("initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "tingsu")
    server = subprocess.Popen([*as_user, str(_PG[-1] / "postgres"), "-D", str(folder / "data"), "-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1",
                               "-c", "fsync=off"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", start_new_session=True)
    try:
        _listening(port)
        for name in ("tingsu", "workers"):                   # the workers' server migrates a database of its own
            run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "tingsu", name)
        yield f"postgresql+psycopg://tingsu@127.0.0.1:{port}/tingsu"
    finally:
        os.killpg(server.pid, signal.SIGINT)                  # PostgreSQL's fast shutdown
        server.wait(20)


def _other_user(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return []
    shutil.chown(folder, "postgres")
    return ["runuser", "-u", "postgres", "--"]


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("Redis is not installed (apt-get install redis-server)")
    port = free_port()
    process = subprocess.Popen([server, "--port", str(port), "--dir", str(tmp_path_factory.mktemp("redis")), "--save", ""], stdout=subprocess.DEVNULL)
    try:
        _listening(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(10)


def _listening(port: int) -> None:
    until = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
