"""Talking in the terminal: the same reception, without a network."""
from __future__ import annotations

import asyncio
import secrets

import typer

from bot.settings import Settings


def chat(settings: Settings) -> None:
    """Until 「/quit」, end of input or Ctrl-C."""
    from bot.app import build
    from bot.commands.train import model_path, train_if_changed
    from bot.log import configure
    from kb_connector.demo.loading import load_demo
    configure("WARNING")                                      # a conversation, not a log
    train_if_changed(settings)
    app = build(settings)
    load_demo(app.state.records)
    try:
        asyncio.run(_talk(app, model_path(settings)))
    except (KeyboardInterrupt, EOFError):
        typer.echo()


async def _talk(app, model) -> None:
    from bot.app import _engine
    from bot.reception.inbound import Inbound
    reception = app.state.reception
    typer.echo("正在准备……", err=True)
    reception.engine = await asyncio.to_thread(_engine, app.state.records, model)
    conversation = f"terminal-{secrets.token_hex(4)}"
    typer.echo("请说（/quit 结束）")
    while True:
        text = (await asyncio.to_thread(input, "您 > ")).strip()
        if text == "/quit":
            return
        for message in await reception.receive(Inbound.read(conversation, text, "terminal")):
            options = message.metadata.get("options") or []
            typer.echo("小诉 > " + message.text.replace("\n", "\n       "))
            if options:
                typer.echo("       " + "  ".join(f"[{o['label']}]" for o in options))
