"""Alembic's entry: one database, the tables of every room. One upgrade at a time, whoever starts first."""
from __future__ import annotations

from alembic import context
from sqlalchemy import text

from bot.schema import all_tables
from kb_connector.database import open_engine

engine = open_engine(context.config.attributes["database_url"])
with engine.connect() as connection:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(7412051)"))
    context.configure(connection=connection, target_metadata=all_tables(), render_as_batch=True, compare_type=False)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
engine.dispose()
