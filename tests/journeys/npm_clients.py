"""Other people's clients from npm, at the versions that channels.md names: fetched once (three seconds), kept in var/tests/npm.

`TINGSU_TEST_NPM` names a folder that has them already; `TINGSU_TEST_NPM=off` leaves them out.
"""
from __future__ import annotations

import functools
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import pytest

from bot.settings import ROOT

PROGRAMS = ("webot-cli@0.0.11", "wechat-crypto@0.0.2", "socket.io-client@4.8.4")
BUNDLES = {"rasa-webchat": "rasa-webchat@1.0.1", "chatroom": "@scalableminds/chatroom@0.12.0", "deep-chat": "deep-chat@2.4.2"}
_KEPT = ROOT / "var" / "tests" / "npm"
_NPM = ("--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", "--fetch-retries=0", "--fetch-timeout=30000")


def clients() -> Path:
    """The folder with `node_modules/` and one folder per bundle; skips, saying why, where they cannot be had."""
    found, why = _clients()
    if found is None:
        pytest.skip(why)
    return found


@functools.cache
def _clients() -> tuple[Path | None, str]:
    given = os.environ.get("TINGSU_TEST_NPM", "")
    if given == "off":
        return None, "TINGSU_TEST_NPM=off"
    if missing := [name for name in ("node", "npm") if not shutil.which(name)]:
        return None, f"no {missing[0]} on this machine"
    if given or _complete(_KEPT):
        return Path(given or _KEPT), ""
    return _fetch()


def _complete(folder: Path) -> bool:
    """The same versions as today; the mark is written last."""
    mark = folder / "versions"
    return mark.is_file() and mark.read_text() == _versions()


def _versions() -> str:
    return "\n".join((*PROGRAMS, *BUNDLES.values()))


def _fetch() -> tuple[Path | None, str]:
    _KEPT.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix="npm-", dir=_KEPT.parent))
    try:
        (new / "package.json").write_text("{}")
        _npm(new, "install", *PROGRAMS)
        for name, version in BUNDLES.items():
            packed = _npm(new, "pack", version).split()[-1]
            with tarfile.open(new / packed) as archive:
                archive.extractall(new / name, filter="data")
    except (subprocess.SubprocessError, OSError, tarfile.TarError) as exc:
        shutil.rmtree(new, ignore_errors=True)
        return None, f"the clients could not be fetched from npm: {_reason(exc)}"
    (new / "versions").write_text(_versions())
    shutil.rmtree(_KEPT, ignore_errors=True)
    new.rename(_KEPT)
    return _KEPT, ""


def _npm(folder: Path, *arguments: str) -> str:
    return subprocess.run(["npm", *arguments, *_NPM], cwd=folder, capture_output=True, text=True, timeout=120, check=True).stdout


def _reason(exc: Exception) -> str:
    lines = (getattr(exc, "stderr", None) or str(exc)).strip().splitlines()
    return next((line for line in lines if "code" in line or "ENOTFOUND" in line), lines[-1] if lines else type(exc).__name__)
