"""The command line: `./tingsu …`. Bad input gives one clear line and exit code 2."""
from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Annotated, Optional

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")             # one small product a message: threads would only spin beside it

import typer  # noqa: E402

from bot.settings import ROOT, Settings, SettingsError  # noqa: E402

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="听诉 Tingsu: a Chinese-first complaint-intake assistant.")
tickets_cli = typer.Typer(no_args_is_help=True, help="Tickets.")
kb_cli = typer.Typer(no_args_is_help=True, help="The knowledge base.")
cli.add_typer(tickets_cli, name="tickets")
cli.add_typer(kb_cli, name="kb")
nlu_cli = typer.Typer(no_args_is_help=True, help="Understanding.")
cli.add_typer(nlu_cli, name="nlu")

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]


class Refused(Exception):
    """What the user asked cannot be done; the message is one line that says what would help."""


@cli.command()
def up(host: Host = "127.0.0.1", port: Port = 8080) -> None:
    """Train if needed, load the demo data, serve, and print the addresses."""
    from bot.commands.serve import serve
    from bot.commands.train import train_if_changed
    settings = _settings()
    _free(host, port)
    train_if_changed(settings)
    serve(settings, host=host, port=port, workers=1, demo=True)


@cli.command()
def serve(host: Host = "127.0.0.1", port: Port = 8080, workers: Annotated[int, typer.Option(min=1, max=64, help="Processes; more than one needs TINGSU_REDIS_URL.")] = 1,
          demo: Annotated[bool, typer.Option(help="Load the demo's knowledge, customers and orders.")] = True) -> None:
    """Serve; trains first when the training data changed."""
    from bot.commands import serve as serving
    from bot.commands.train import train_if_changed
    settings = _settings()
    if workers > 1 and not settings.redis_url:
        raise Refused("--workers needs TINGSU_REDIS_URL: workers share their state through Redis")
    _free(host, port)
    train_if_changed(settings)
    serving.serve(settings, host=host, port=port, workers=workers, demo=demo)


@cli.command()
def train(force: Annotated[bool, typer.Option("--force", help="Train even if nothing changed.")] = False) -> None:
    """Train the model from nlu_data/."""
    from bot.commands.train import train_if_changed
    train_if_changed(_settings(), force=force)


@nlu_cli.command("explain")
def nlu_explain(text: Annotated[str, typer.Argument(help="A customer's message.")]) -> None:
    """Why a message is understood as it is: words, concepts, cues, intents, issues with their words, entities, risks."""
    from bot.commands.explain import explain
    from bot.nlu.understand import NoModel
    if not text.strip():
        raise Refused("nlu explain: the message is empty")
    try:
        explain(_settings(), text)
    except NoModel as exc:
        raise Refused(str(exc)) from exc


@cli.command()
def chat() -> None:
    """Talk to the assistant in this terminal."""
    from bot.commands.chat import chat as talk
    talk(_settings())


@cli.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context) -> None:
    """Install what the tests need, then run all of them; further words go to pytest."""
    from bot.commands.test import run
    raise typer.Exit(run(context.args))


@cli.command()
def check() -> None:
    """Do YAML and Python agree, is the configuration valid, are the customer's words fit to be said?"""
    from bot.commands.check import problems
    found = problems(_settings())
    for line in found:
        typer.echo(line)
    if found:
        raise Refused(f"{len(found)} problems")
    typer.echo("all in order")


@cli.command()
def bench(what: Annotated[str, typer.Argument(help="turns | nlu | desk | profile")] = "turns", file: Annotated[Optional[Path], typer.Argument(help="labelled JSONL for `nlu`")] = None,
          as_json: Annotated[Optional[Path], typer.Option("--json", help="Write the figures here.")] = None,
          stock: Annotated[bool, typer.Option("--stock", help="`nlu`: beside stock Rasa, which is trained first (hours).")] = False) -> None:
    """Measure: `bench nlu FILE.jsonl` (accuracy), `bench turns` (speed at the REST channel), `bench desk` (300 live conversations, 40 agents),
    `bench profile` (where a turn's milliseconds go)."""
    from bot.commands import bench as benches
    if what == "nlu":
        if file is None or not file.is_file():
            raise Refused("bench nlu needs a labelled file: tingsu bench nlu FILE.jsonl")
        benches.nlu(_settings(), file, as_json, stock=stock)
    elif what == "turns":
        benches.turns(_settings(), as_json)
    elif what == "desk":
        benches.desk(_settings(), as_json)
    elif what == "profile":
        benches.profile(_settings())
    else:
        raise Refused(f"bench: {what!r} is none of turns, nlu, desk, profile")


@cli.command()
def report(days: Annotated[int, typer.Option(min=1, max=3650, help="How far back.")] = 30) -> None:
    """Figures of the last days: volume, causes, severity, clocks kept."""
    from bot.commands.report import print_report
    print_report(_settings(), days)


@tickets_cli.command("export")
def tickets_export(form: Annotated[str, typer.Option("--format", help="jsonl | csv")] = "jsonl", out: Annotated[Optional[Path], typer.Option(help="File; standard output without it.")] = None) -> None:
    """Write all tickets, phone numbers masked."""
    if form not in ("jsonl", "csv"):
        raise Refused(f"--format: {form!r} is neither jsonl nor csv")
    with _out(out) as file:
        _records().tickets.export(file, form)


@kb_cli.command("import")
def kb_import(file: Path) -> None:
    """Import articles from JSON lines."""
    if not file.is_file():
        raise Refused(f"no such file: {file}")
    report_ = _records().knowledge.import_jsonl(file.read_text(encoding="utf-8").splitlines())
    for error in report_.errors:
        typer.echo(f"row {error['row']}: {error['message']}", err=True)
    typer.echo(f"imported {report_.imported}, refused {len(report_.errors)}")


@kb_cli.command("export")
def kb_export(out: Annotated[Optional[Path], typer.Option(help="File; standard output without it.")] = None) -> None:
    """Write all articles as JSON lines."""
    with _out(out) as file:
        _records().knowledge.export(file)


@kb_cli.command("eval")
def kb_eval(file: Path) -> None:
    """How well the search finds: lines `query<TAB>article`; beside a plain BM25."""
    if not file.is_file():
        raise Refused(f"no such file: {file}")
    from kb_connector.knowledge.evaluation import evaluate
    for name, figures in evaluate(_records().knowledge, file.read_text(encoding="utf-8").splitlines()).items():
        typer.echo(f"{name:12} " + "  ".join(f"{k} {v:.3f}" for k, v in figures.items()))


def _settings() -> Settings:
    return Settings.from_environment()


def _records():
    from bot.schema import prepare
    from kb_connector.demo.loading import load_demo
    from kb_connector.records import open_records
    settings = _settings()
    prepare(settings.database_url)
    records = open_records(settings.database_url, policy_dir=settings.policy_dir, clock=settings.clock, create=False)
    load_demo(records)
    return records


def _free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as exc:
            raise Refused(f"cannot listen on {host}:{port} ({exc.strerror.lower()}): choose another with --port") from None


class _out:
    """A file to write, or standard output."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def __enter__(self):
        self._file = open(self._path, "w", encoding="utf-8", newline="") if self._path else sys.stdout
        return self._file

    def __exit__(self, *_: object) -> None:
        if self._path:
            self._file.close()


def main() -> None:
    """Exit code 2 and one line for what cannot be done."""
    from bot.log import configure
    configure()
    os.chdir(ROOT)
    from kb_connector.errors import ConnectorError
    from kb_connector.typed_yaml import PolicyError
    try:
        cli()
    except (Refused, SettingsError, ConnectorError, PolicyError) as exc:
        typer.echo(f"tingsu: {exc}", err=True)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
