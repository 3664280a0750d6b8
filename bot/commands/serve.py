"""Serving: one process by default, N workers on Redis and PostgreSQL."""
from __future__ import annotations

import os
from pathlib import Path

import typer

from bot.settings import Settings


def serve(settings: Settings, *, host: str, port: int, workers: int, demo: bool) -> None:
    """Blocks until stopped."""
    import uvicorn

    from bot.channels.settings import ChannelSettings
    from bot.desk.accounts import first_password
    from bot.desk.settings import DeskSettings
    from bot.schema import prepare
    from kb_connector.demo.loading import load_demo
    from kb_connector.records import open_records
    ChannelSettings.from_environment(), DeskSettings.from_environment()      # what is wrong is told before anything starts
    prepare(settings.database_url)
    records = open_records(settings.database_url, policy_dir=settings.policy_dir, clock=settings.clock, create=False)
    if demo:
        load_demo(records)
    _greet(host, port, first_password(records.engine), settings.var_dir)
    records.engine.dispose()
    options = dict(host=host, port=port, log_level="warning", access_log=False, ws="wsproto", loop="uvloop", http="httptools", timeout_graceful_shutdown=5,
                   ws_max_size=1_000_000, server_header=False)
    if workers == 1:
        from bot.app import build
        uvicorn.run(build(settings), **options)
    else:
        os.environ["TINGSU_VAR_DIR"] = str(settings.var_dir)
        uvicorn.run("bot.commands.serve:application", factory=True, workers=workers, **options)


def application():
    """For uvicorn's workers: each builds its own from the environment."""
    from bot.app import build
    from bot.log import configure
    configure()
    return build(Settings.from_environment())


def _greet(host: str, port: int, password: str | None, var_dir: Path) -> None:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    typer.echo(f"shop with the chat  http://{shown}:{port}/\nstaff desk          http://{shown}:{port}/desk")
    if password:
        typer.echo(f"first sign-in       admin / {password}   (to be changed at once; shown only now)")
    typer.echo(f"data                {var_dir}")
