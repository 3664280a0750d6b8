"""Training: only when the data changed, with a progress bar."""
from __future__ import annotations

import hashlib
import threading
import time
from pathlib import Path

from bot.settings import ROOT, Settings

NAME = "tingsu"
SOURCES = ("bot/config.yml", "bot/domain", "nlu_data", "bot/nlu", "bot/dialogue/policy.py", "uv.lock")
_USUAL_SECONDS = 110.0


def model_path(settings: Settings) -> Path:
    return settings.var_dir / "models" / f"{NAME}.tar.gz"


def train_if_changed(settings: Settings, *, force: bool = False) -> bool:
    """Train unless the kept model was made from exactly these sources. True when it trained."""
    model, stamp = model_path(settings), model_path(settings).with_suffix(".stamp")
    wanted = fingerprint()
    if not force and model.is_file() and stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return False
    shared = ROOT / "var" / "models" / f"{NAME}.tar.gz"       # another folder for var/ may use the model trained here
    if not force and shared != model and shared.is_file() and _read(shared.with_suffix(".stamp")) == wanted:
        model.parent.mkdir(parents=True, exist_ok=True)
        model.write_bytes(shared.read_bytes())
        stamp.write_text(wanted, encoding="ascii")
        return False
    with _Progress("training", _USUAL_SECONDS):
        _train(model)
    stamp.write_text(wanted, encoding="ascii")
    return True


def fingerprint() -> str:
    """Over the content of everything the model is made from."""
    digest = hashlib.sha256()
    for source in SOURCES:
        path = ROOT / source
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and file.suffix in (".yml", ".py", ".lock"):
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> str | None:
    return path.read_text(encoding="ascii") if path.is_file() else None


def _train(model: Path) -> None:
    import contextlib
    import io
    import tempfile

    import rasa
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        made = rasa.train(domain=str(ROOT / "bot/domain"), config=str(ROOT / "bot/config.yml"), training_files=[str(ROOT / "nlu_data")],
                          output=folder, fixed_model_name=NAME, force_training=True)
        if made.model is None:
            raise RuntimeError("training failed; run it again with the stock command to see why: rasa train -c bot/config.yml -d bot/domain --data nlu_data")
        model.parent.mkdir(parents=True, exist_ok=True)
        partial = model.with_suffix(".partial")
        partial.write_bytes(Path(made.model).read_bytes())
        partial.replace(model)                                # a killed training never leaves half a model


class _Progress:
    """Moves by the clock: training says little of itself."""

    def __init__(self, title: str, usual: float) -> None:
        self._title, self._usual, self._stop = title, usual, threading.Event()

    def __enter__(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
        started = time.monotonic()
        with Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=Console(stderr=True)) as bar:
            task = bar.add_task(self._title, total=1.0)
            while not self._stop.wait(0.3):
                passed = (time.monotonic() - started) / self._usual
                bar.update(task, completed=passed * 0.9 if passed < 1 else 1 - 0.1 / (passed + 0.01))
            bar.update(task, completed=1.0)
