"""The desk's load test, small: a real server, a real Redis, messages both ways for fifteen seconds."""
from __future__ import annotations

import os
import shutil

import pytest

from tests.benchmarks.desk_load import Direction, Load, _slope, bench


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("redis-server") is None, reason=os.environ.get("TINGSU_TEST_NO_REDIS", "Redis is not installed (apt-get install redis-server)"))
def test_nothing_is_lost_or_doubled_between_thirty_customers_and_six_agents(model):
    figures = bench(Load(conversations=30, agents=6, rate=10, seconds=15), model=model)
    assert figures["customer_to_agent"]["sent"] == 150 and figures["agent_to_customer"]["sent"] == 50
    for way in ("customer_to_agent", "agent_to_customer", "transcripts"):
        assert (figures[way]["lost"], figures[way]["doubled"]) == (0, 0), figures
    assert figures["refused"] == {}
    assert figures["customer_to_agent"]["p50_ms"] <= 150, figures


def test_what_is_lost_or_doubled_is_counted():
    way = Direction(sent={"a": 1.0, "b": 1.0, "c": 1.0})
    for text, at in (("a", 1.01), ("b", 1.02), ("b", 1.5), ("x", 2.0)):
        way.arrived(text, at)
    assert {k: way.figures()[k] for k in ("sent", "lost", "doubled", "p50_ms")} == {"sent": 3, "lost": 1, "doubled": 1, "p50_ms": 20.0}
    assert round(_slope([(0, 5), (10, 6), (20, 7)]), 3) == 0.1
