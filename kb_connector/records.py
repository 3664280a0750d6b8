"""All of the company's records, opened together on one database."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from kb_connector.customers import Customers
from kb_connector.database import creating, open_engine
from kb_connector.knowledge import Knowledge
from kb_connector.policy_loader import load_policy
from kb_connector.policy_types import Policy
from kb_connector.remedies import Remedies
from kb_connector.tables import metadata
from kb_connector.tickets import Tickets
from kb_connector.time import in_shanghai, now_shanghai


@dataclass(frozen=True)
class Records:
    tickets: Tickets
    knowledge: Knowledge
    customers: Customers
    remedies: Remedies
    policy: Policy
    engine: Engine
    clock: Callable[[], datetime]


def open_records(database_url: str, *, policy_dir: Path | None = None, clock: Callable[[], datetime] = now_shanghai,
                 create: bool = True) -> Records:
    """The records behind `database_url`; `create` makes the tables that are missing."""
    policy, engine = load_policy(policy_dir), open_engine(database_url)

    def now() -> datetime:
        return in_shanghai(clock()).replace(microsecond=0)

    if create:
        creating(engine, metadata)
    return Records(Tickets(engine, policy, now), Knowledge(engine, now), Customers(engine), Remedies(policy), policy, engine, now)
