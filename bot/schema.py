"""The database's tables, brought up to date by Alembic before anything is opened."""
from __future__ import annotations

from pathlib import Path

from sqlalchemy import MetaData

from bot.channels import jobs
from bot.desk import tables as desk
from bot.memory import tables as memory
from bot.reception import outbox_rows as outbox
from bot.reception import tables as reception
from kb_connector import tables as records


def all_tables() -> list[MetaData]:
    """Every room keeps its own tables; the migrations see them all."""
    return [records.metadata, reception.metadata, outbox.metadata, jobs.metadata, memory.metadata, desk.metadata]


def prepare(database_url: str) -> None:
    """Upgrade to the newest revision; makes the folder of a SQLite file."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy.engine import make_url
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["database_url"] = database_url
    command.upgrade(config, "head")
