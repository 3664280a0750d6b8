"""`tingsu test`: bring what the suites need, say what is left out and why, then run pytest."""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import typer

from bot.commands.benchmarks.process import free_port
from bot.settings import ROOT


@dataclass(frozen=True)
class Need:
    """A program that some suites need. `variable` tells the tests why it is missing."""

    name: str
    packages: tuple[str, ...]
    suites: str
    variable: str

    def path(self) -> str | None:
        finder = {"PostgreSQL": _postgres, "Redis": lambda: shutil.which("redis-server"), "Chromium": _chromium, "Chinese fonts": _fonts}
        return finder[self.name]()


NEEDS = (
    Need("Redis", ("redis-server",), "several workers, locks, fan-out", "TINGSU_TEST_NO_REDIS"),
    Need("PostgreSQL", ("postgresql",), "records and trackers on PostgreSQL", "TINGSU_TEST_NO_POSTGRESQL"),
    Need("Chromium", ("chromium",), "browser journeys", "TINGSU_TEST_NO_CHROMIUM"),
    Need("Chinese fonts", ("fonts-noto-cjk",), "screenshots", "TINGSU_TEST_NO_FONTS"))


def run(args: list[str]) -> int:
    """pytest's exit code."""
    _install([need for need in NEEDS if need.path() is None])
    for need in (missing := [n for n in NEEDS if n.path() is None]):
        os.environ[need.variable] = f"{need.name} is not installed and could not be installed here"
    with ExitStack() as running:
        if "Redis" not in (absent := {n.name for n in missing}):
            os.environ["TINGSU_TEST_REDIS_URL"] = running.enter_context(redis_server())
        if "PostgreSQL" not in absent:
            url, why = running.enter_context(postgresql())
            os.environ.update({"TINGSU_TEST_DATABASE_URL": url} if url else {"TINGSU_TEST_NO_POSTGRESQL": why})
        for need in NEEDS:
            if why := os.environ.get(need.variable):
                typer.echo(f"left out: {need.suites} ({why})", err=True)
        return subprocess.call([sys.executable, "-m", "pytest", *args], cwd=ROOT)


def _install(needed: list[Need]) -> None:
    if not needed or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    packages = [p for need in needed for p in need.packages]
    typer.echo(f"tingsu: installing {' '.join(packages)}", err=True)
    quiet = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    subprocess.call(["apt-get", "update", "-qq"], **quiet)
    for package in packages:                                  # one by one: what is there is used though another is not
        subprocess.call(["apt-get", "install", "-y", "-qq", "--no-install-recommends", package], **quiet)


def _postgres() -> str | None:
    """The newest server's folder of programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3].split(".")[0]))
    elsewhere = shutil.which("initdb")
    return str(found[-1].parent) if found else str(Path(elsewhere).parent) if elsewhere else None


def _chromium() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def _fonts() -> str | None:
    listed = shutil.which("fc-list") and subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True).stdout
    return "zh" if listed else next((str(p) for p in Path("/usr/share/fonts").rglob("*CJK*")), None)


@contextmanager
def redis_server() -> Iterator[str]:
    """A Redis of our own that keeps nothing; its address."""
    port = free_port()
    process = subprocess.Popen(["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning"],
                               stdout=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def postgresql() -> Iterator[tuple[str | None, str]]:
    """A PostgreSQL cluster of our own in a temporary folder: (address, "") or (None, why not)."""
    programs = _postgres()
    with tempfile.TemporaryDirectory(prefix="tingsu-pg-") as folder:
        port, data = free_port(), Path(folder) / "data"
        as_user = _unprivileged(Path(folder))
        made = subprocess.run([*as_user, f"{programs}/initdb", "-D", str(data), "-U", "tingsu", "-A", "trust", "-E", "UTF8", "--no-sync"], capture_output=True, text=True, cwd=folder)
        if made.returncode:
            yield None, f"PostgreSQL could not be set up: {made.stderr.strip().splitlines()[-1:]}"
            return
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        log = str(Path(folder) / "log")
        subprocess.run([*as_user, f"{programs}/pg_ctl", "-D", str(data), "-w", "-l", log, "-o", options, "start"], check=True, stdout=subprocess.DEVNULL, cwd=folder)
        try:
            yield f"postgresql+psycopg://tingsu@127.0.0.1:{port}/postgres", ""
        finally:
            subprocess.run([*as_user, f"{programs}/pg_ctl", "-D", str(data), "-m", "immediate", "stop"], stdout=subprocess.DEVNULL, cwd=folder)


def _unprivileged(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: then as its own user, who must own the folder."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres")
    return ["runuser", "-u", "postgres", "--"]
