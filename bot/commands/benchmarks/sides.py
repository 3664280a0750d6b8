"""The two that are compared: stock Rasa 3.6.21 and this project, trained on the same data, served as their manuals say."""
from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.commands.benchmarks.process import Server, free_port
from bot.commands.train import NAME, fingerprint
from bot.settings import ROOT, Settings

MODEL = f"{NAME}.tar.gz"
FULL = 100                              # epochs of the baseline: `rasa init`'s own figure
STOCK = ROOT / "tests" / "benchmarks" / "stock"
_QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "PYTHONPATH": str(ROOT)}


class TrainingFailed(RuntimeError):
    """The message has the end of the training's output."""


@dataclass(frozen=True)
class Running:
    """A started side; `servers[0]` is the one that customers reach."""

    port: int
    servers: tuple[Server, ...]

    def weight(self) -> float:
        return sum(s.weight() for s in self.servers)

    def cpu(self) -> float:
        return sum(s.cpu() for s in self.servers)

    def stop(self) -> None:
        for server in self.servers:
            server.stop()


@dataclass(frozen=True)
class Trained:
    """Both models and how long each takes to train; kept under var/bench until the data or the baseline changes."""

    folder: Path
    epochs: int
    stock_seconds: float                # with fewer epochs than the baseline's own: worked out from what one epoch took
    ours_seconds: float

    @property
    def stock_model(self) -> Path:
        return self.folder / "stock.tar.gz"


def trained(settings: Settings, say: Callable[[str], None], *, epochs: int = FULL) -> Trained:
    """Train both, one after the other, unless it was done with exactly these sources and at least so many epochs.

    On thirteen thousand messages stock Rasa's hundred epochs take hours. How fast it answers does not depend on them: `bench turns`
    trains one; `bench nlu` needs them all.
    """
    folder = settings.var_dir / "bench"
    kept, wanted = folder / "training.json", _sources()
    known = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
    if known.get("sources") != wanted or known["epochs"] < epochs:
        folder.mkdir(parents=True, exist_ok=True)
        say(f"training stock Rasa, {epochs} of {FULL} epochs ({'minutes' if epochs < 5 else 'hours'}; kept afterwards)")
        config = (STOCK / "config.yml").read_text(encoding="utf-8").replace(f"epochs: {FULL}", f"epochs: {epochs}")
        (folder / "config.yml").write_text(config, encoding="utf-8")
        stock, output = _timed(_stock_training(folder), STOCK, {})
        say("training this project")
        ours, _ = _timed([sys.executable, "-m", "bot.cli", "train", "--force"], ROOT, {"TINGSU_VAR_DIR": str(folder)})
        stock += sum(_epoch_seconds(output)) * (FULL - epochs)
        known = {"sources": wanted, "epochs": epochs, "stock_seconds": stock, "ours_seconds": ours}
        kept.write_text(json.dumps(known), encoding="utf-8")
    return Trained(folder, known["epochs"], known["stock_seconds"], known["ours_seconds"])


def _epoch_seconds(output: str) -> list[float]:
    """What an epoch took in each trained part, from Rasa's own progress bars: `1/1 [01:38<00:00`."""
    bars = re.findall(r"(\d+)/\1 \[(?:(\d+):)?(\d+):(\d+)<", output)
    return [(int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)) / int(epochs) for epochs, hours, minutes, seconds in bars]


def start_stock(models: Trained) -> Running:
    """`rasa run` and `rasa run actions`, trackers in memory as they are by default."""
    port, actions_port = free_port(), free_port()
    environment = {**_QUIET, "STOCK_ACTIONS_PORT": str(actions_port)}
    rasa = [sys.executable, "-m", "rasa"]
    actions = Server([*rasa, "run", "actions", "--actions", "actions", "-p", str(actions_port)], models.folder / "stock_actions.log",
                     environment={**environment, "PYTHONPATH": str(STOCK)}, cwd=STOCK)
    main = Server([*rasa, "run", "-m", str(models.stock_model), "--endpoints", "endpoints.yml", "--credentials", "credentials.yml", "--enable-api",
                   "-i", "127.0.0.1", "-p", str(port)], models.folder / "stock.log", environment=environment, cwd=STOCK)
    return Running(port, (main, actions))


def start_ours(models: Trained, *, workers: int = 1, environment: dict[str, str] | None = None) -> Running:
    """`tingsu serve`: SQLite on disk, every message kept before it is answered."""
    for old in models.folder.glob("tingsu.db*"):
        old.unlink()
    port = free_port()
    own = {**_QUIET, "TINGSU_VAR_DIR": str(models.folder), "TINGSU_RATE_LIMITS": "off", "TINGSU_API_TOKEN": "bench",
           "TINGSU_DATABASE_URL": f"sqlite:///{models.folder / 'tingsu.db'}", "TINGSU_REDIS_URL": "", **(environment or {})}
    server = Server([sys.executable, "-m", "bot.cli", "serve", "--port", str(port), "--workers", str(workers)], models.folder / "ours.log", environment=own, cwd=ROOT)
    return Running(port, (server,))


def _stock_training(folder: Path) -> list[str]:
    data = [str(ROOT / "nlu_data" / "lookups"), *map(str, sorted((ROOT / "nlu_data").glob("*/nlu.yml"))), str(STOCK / "stories.yml"), str(STOCK / "rules.yml")]
    return [sys.executable, "-m", "rasa", "train", "-c", str(folder / "config.yml"), "-d", "domain.yml", "--data", *data, "--out", str(folder), "--fixed-model-name", "stock", "--force"]


def _timed(command: list[str], cwd: Path, environment: dict[str, str]) -> tuple[float, str]:
    """(seconds, everything it printed)"""
    began = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, env={**os.environ, **_QUIET, **environment}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise TrainingFailed(f"{' '.join(command[1:4])} failed:\n{(done.stdout + done.stderr)[-2000:]}")
    return time.perf_counter() - began, done.stdout + done.stderr


def _sources() -> str:
    digest = hashlib.sha256(fingerprint().encode())
    for file in sorted(STOCK.rglob("*")):
        if file.suffix in (".yml", ".py"):
            digest.update(file.read_bytes())
    return digest.hexdigest()
