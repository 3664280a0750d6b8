"""Tables of the dialogue's memory: a small state per conversation, and all events for audit."""
from sqlalchemy import Column, Float, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

tracker_state = Table(
    "tracker_state", metadata,
    Column("sender", String(200), primary_key=True),
    Column("slots", Text, nullable=False),                    # JSON of the slots that are set
    Column("tail", Text, nullable=False),                     # JSON of the latest turn's events
    Column("saved_at", Float, nullable=False),
)

tracker_events = Table(
    "tracker_events", metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("sender", String(200), nullable=False),
    Column("saved_at", Float, nullable=False),
    Column("events", Text, nullable=False),                   # JSON list: what one turn added
    Index("tracker_events_sender", "sender", "id"),
)
