"""Tables of reception: conversations, their messages, and what has been accepted already."""
from sqlalchemy import JSON, Column, Float, Index, Integer, MetaData, String, Table, Text, UniqueConstraint, text

metadata = MetaData()
UNANSWERED = "actor = 'customer' AND answered IS NULL"       # the few rows that a crash left behind: found without reading all

conversations = Table(
    "conversations", metadata,
    Column("id", String(200), primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("last_at", String(32), nullable=False),
    Column("last_customer_at", String(32)),
    Column("context", JSON),                                  # what the page or the channel said of the visitor
    Column("swept", Integer, nullable=False, default=0),      # 1 once the abandoned case was looked at
    Index("conversations_last", "last_at"),
    Index("conversations_unswept", "last_customer_at", sqlite_where=text("swept = 0"), postgresql_where=text("swept = 0")),
)

messages = Table(
    "messages", metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation", String(200), nullable=False),
    Column("at", String(32), nullable=False),
    Column("actor", String(10), nullable=False),              # customer | bot | staff | system
    Column("name", String(80)),                               # who speaks, as the customer sees it
    Column("text", Text, nullable=False),
    Column("stage", String(20)),
    Column("metadata", JSON),
    Column("external", String(200)),                          # the channel's own id: the key for duplicates
    Column("answered", Float),                                # when the turn for a customer's message was finished
    UniqueConstraint("conversation", "external", name="messages_once"),
    Index("messages_conversation", "conversation", "id"),
    Index("messages_unanswered", "at", sqlite_where=text(UNANSWERED), postgresql_where=text(UNANSWERED)),
)

calls = Table(
    "reception_calls", metadata,
    Column("conversation", String(200), primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("reason", String(80), nullable=False),
    Column("severity", String(4), nullable=False),
    Column("ticket", String(40)),
    Column("at", Float, nullable=False),
)
