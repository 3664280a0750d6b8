"""Records on a fresh database, and a clock that the test moves.

With TINGSU_TEST_DATABASE_URL naming an empty PostgreSQL database, the same tests run over that, too.
"""
from __future__ import annotations

import os
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from kb_connector.database import open_engine
from kb_connector.policy_loader import load_policy
from kb_connector.records import Records, open_records
from kb_connector.tickets import Complaint, Fact, Issue
from kb_connector.time import SHANGHAI


class MovableClock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture(scope="session")
def policy():
    return load_policy()


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI))      # a Monday


POSTGRESQL = os.environ.get("TINGSU_TEST_DATABASE_URL")


@pytest.fixture(params=["sqlite", *(["postgresql"] if POSTGRESQL else [])])
def database_url(request, tmp_path):
    """An address where nothing is stored yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'records.db'}"
    engine = open_engine(POSTGRESQL)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return POSTGRESQL


@pytest.fixture
def records(database_url, clock) -> Records:
    opened = open_records(database_url, clock=clock)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def complaint():
    def make(**changes) -> Complaint:
        told = dict(conversation="web-1", channel="web", summary="电热水壶用了三天就漏水，想换一个新的",
                    issues=(Issue("complain_quality", "用了三天就漏水"),),
                    facts={"product": Fact("电热水壶", "电热水壶", "m1"), "contact_phone": Fact("13600000404", "13600000404", "m4")},
                    demand=("更换",), contact_name="李女士")
        return Complaint(**{**told, **changes})
    return make


@pytest.fixture
def filed(records, complaint):
    def file(**changes):
        return records.tickets.file(complaint(**changes), key=f"key-{len(records.tickets.search().items)}")
    return file
