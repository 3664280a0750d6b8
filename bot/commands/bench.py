"""`tingsu bench`: speed and accuracy beside stock Rasa, and where a turn's milliseconds go."""
from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import typer

from bot.commands.benchmarks import accuracy, sides
from bot.commands.benchmarks import turns as speed
from bot.commands.benchmarks.process import DidNotStart
from bot.settings import ROOT, SHANGHAI, Settings


@contextmanager
def _plainly() -> Iterator[None]:
    """What the user or the machine got wrong is one line and exit code 2."""
    try:
        yield
    except (accuracy.BadLine, sides.TrainingFailed, DidNotStart) as exc:
        typer.echo(f"tingsu: {exc}", err=True)
        raise typer.Exit(2) from None


@_plainly()
def turns(settings: Settings, as_json: Path | None) -> None:
    """Both servers on the same dialogues in one run; prints both and the ratios."""
    models = sides.trained(settings, _say, epochs=1)
    figures = speed.compare(models, {"stock": sides.start_stock, "tingsu": sides.start_ours}, _say)
    better = speed.ratios(figures)
    typer.echo(f"{'':24}{'stock Rasa':>12}{'tingsu':>12}{'times better':>14}")
    for key, name, unit, _ in speed.ROWS:
        typer.echo(f"{name + (f' ({unit})' if unit else ''):24}{_short(figures['stock'][key]):>12}{_short(figures['tingsu'][key]):>12}{_short(better[key]):>14}")
    growth = {name: f["turn_500"] / f["turn_10"] for name, f in figures.items()}
    typer.echo(f"{'turn 500 / turn 10':24}{_short(growth['stock']):>12}{_short(growth['tingsu']):>12}")
    if models.epochs < sides.FULL:
        typer.echo(f"stock Rasa's training: worked out from {models.epochs} of its {sides.FULL} epochs")
    _write(as_json, {**figures, "ratio": better, "growth": growth, "stock_epochs_trained": models.epochs})


@_plainly()
def nlu(settings: Settings, file: Path, as_json: Path | None, *, stock: bool = False) -> None:
    """Accuracy on a labelled file; beside stock Rasa where `stock` asks for it."""
    from bot.commands.train import train_if_changed
    rows = accuracy.read(file)
    train_if_changed(settings)
    parsers = {"tingsu": _our_parser(settings)} | ({"stock Rasa": _stock_parser(sides.trained(settings, _say))} if stock else {})
    figures = {}
    for name, parse in parsers.items():
        _say(f"{name}: reading {len(rows)} messages")
        figures[name] = accuracy.score(rows, parse).figures()
    typer.echo(f"{len(rows)} messages".ljust(24) + "".join(f"{name:>12}" for name in figures))
    for key in figures["tingsu"]:
        typer.echo(f"{key.replace('_', ' '):24}" + "".join(f"{of[key]:>12.3f}" for of in figures.values()))
    if not stock:
        typer.echo("beside stock Rasa: --stock (trains its hundred epochs first: a day on two cores, kept afterwards)")
    _write(as_json, {"rows": len(rows), **figures})


def desk(settings: Settings, as_json: Path | None) -> None:
    """Three minutes of live conversations through the desk; see tests/benchmarks/desk_load.py."""
    from bot.commands.train import train_if_changed
    train_if_changed(settings)
    wanted = ["--json", str(as_json.resolve())] if as_json else []
    raise typer.Exit(subprocess.call([sys.executable, "-m", "tests.benchmarks.desk_load", *wanted], cwd=ROOT))


def profile(settings: Settings) -> None:
    """Where the milliseconds of one turn go, in this process."""
    from bot.commands.benchmarks.profile import profiled
    typer.echo(profiled(settings))


def _stock_parser(models: sides.Trained) -> Callable[[str], dict]:
    import asyncio

    from rasa.core.agent import Agent
    agent = Agent.load(str(models.stock_model))
    return lambda text: asyncio.run(agent.parse_message(text))


def _our_parser(settings: Settings) -> Callable[[str], dict]:
    from bot.commands.train import model_path
    from bot.nlu.understand import Understander
    reader = Understander.unpacked(model_path(settings))
    return lambda text: reader.parse(text, datetime.now(SHANGHAI))


def _say(text: str) -> None:
    """Progress goes to the error output, so that the table can be piped."""
    typer.echo(f"  … {text}", err=True)


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _write(path: Path | None, figures: Mapping) -> None:
    if path:
        path.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
