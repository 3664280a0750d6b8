"""Every table of the records, once; plain enough for SQLite and PostgreSQL alike."""
from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData(naming_convention={
    "ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s"})

# `body` holds what only the ticket itself reads; the columns are what lists are filtered by.
tickets = Table(
    "tickets", metadata,
    Column("id", Integer, primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("status", String(30), nullable=False, index=True),
    Column("severity", String(2), nullable=False, index=True),
    Column("channel", String(40), nullable=False),
    Column("conversation", String(200), nullable=False, index=True),
    Column("owner", String(100), index=True),
    Column("department", String(60)),
    Column("contact_phone", String(40)),
    Column("created_at", String(32), nullable=False),
    Column("updated_at", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("searchable", Text, nullable=False),
    Column("body", JSON, nullable=False))

ticket_causes = Table(
    "ticket_causes", metadata,
    Column("ticket_id", ForeignKey("tickets.id"), primary_key=True),
    Column("cause", String(60), primary_key=True, index=True))

# Append-only: nothing in this package updates or deletes a row of it.
ticket_events = Table(
    "ticket_events", metadata,
    Column("id", Integer, primary_key=True),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False, index=True),
    Column("at", String(32), nullable=False),
    Column("actor", String(100), nullable=False),
    Column("what", String(60), nullable=False),
    Column("note", Text, nullable=False))

articles = Table(
    "articles", metadata,
    Column("id", String(100), primary_key=True),
    Column("title", String(200), nullable=False),
    Column("answer", Text, nullable=False),
    Column("phrasings", JSON, nullable=False),
    Column("category", String(60), nullable=False),
    Column("audience", String(20), nullable=False),
    Column("source", String(200), nullable=False),
    Column("published", Boolean, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("updated_at", String(32), nullable=False),
    Column("version", Integer, nullable=False, index=True))

# One row: every change of an article takes the next number, so that other processes see that they are behind.
knowledge_version = Table(
    "knowledge_version", metadata,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False))

knowledge_misses = Table(
    "knowledge_misses", metadata,
    Column("id", Integer, primary_key=True),
    Column("question", String(500), nullable=False, unique=True),
    Column("times", Integer, nullable=False),
    Column("last_at", String(32), nullable=False))

customers = Table(
    "customers", metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("phone", String(40), nullable=False),
    Column("tier", String(20), nullable=False),
    UniqueConstraint("phone"))

orders = Table(
    "orders", metadata,
    Column("id", String(60), primary_key=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column("status", String(30), nullable=False),
    Column("ordered_on", String(10), nullable=False),
    Column("received_on", String(10)),
    Column("body", JSON, nullable=False))

Index("ix_ticket_events_ticket_id_id", ticket_events.c.ticket_id, ticket_events.c.id)
