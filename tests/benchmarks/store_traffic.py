"""The store traffic of very many conversations, without the talking: what a turn costs the database as it grows.

    python tests/benchmarks/store_traffic.py --conversations 1000000 --database sqlite:///traffic.db

Every conversation writes what a real turn writes through the real tracker store: new events, the small state, one commit. Prints
rows, bytes and microseconds per turn for each tenth, so that growth would show.
"""
from __future__ import annotations

import argparse
import json
import time

from rasa.shared.core.domain import Domain

from bot.memory.tracker_store import BoundedTrackerStore, keep_turn
from kb_connector.database import open_engine, reading, writing

_EVENTS = json.dumps([{"event": "user", "text": "我买的电饭煲用了两天就坏了", "timestamp": 1.0, "parse_data": {"intent": {"name": "complain_quality"}, "entities": []}},
                      {"event": "slot", "name": "case", "value": "x" * 1800}, {"event": "action", "name": "action_apologise"},
                      {"event": "bot", "text": "电饭煲的事让您费心了，很抱歉。" * 2}, {"event": "action", "name": "action_listen"}], ensure_ascii=False)
_SLOTS = json.dumps({"case": "x" * 1800})


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--conversations", type=int, default=1_000_000)
    words.add_argument("--database", required=True)
    given = words.parse_args()
    engine = open_engine(given.database)
    store = BoundedTrackerStore(Domain.empty(), engine)
    part = max(1, given.conversations // 10)
    for tenth in range(10):
        began = time.perf_counter()
        for number in range(tenth * part, (tenth + 1) * part):
            store._state(f"visitor-{number}")
            with writing(engine) as db:
                keep_turn(db, sender=f"visitor-{number}", slots=_SLOTS, tail="[]", new=_EVENTS)
        print(f"{(tenth + 1) * part:>10} conversations  {(time.perf_counter() - began) / part * 1e6:7.0f} µs per turn", flush=True)
    with reading(engine) as db:
        if engine.dialect.name == "sqlite":
            size = db.exec_driver_sql("PRAGMA page_count").scalar() * db.exec_driver_sql("PRAGMA page_size").scalar()
            print(f"{size / (10 * part):.0f} bytes per turn on disk")


if __name__ == "__main__":
    main()
