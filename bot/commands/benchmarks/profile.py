"""Where the milliseconds of a turn go: the reception and all behind it, in this process, on a database of its own."""
from __future__ import annotations

import asyncio
import cProfile
import dataclasses
import pstats
import tempfile
import time
from pathlib import Path

from bot.commands.benchmarks.load import dialogues
from bot.settings import ROOT, Settings

ROUNDS = 3
# A line of the table: its name and the function (file, name) whose cumulative time it shows; indented lines are inside the line above.
PARTS = (
    ("keep the message", "reception/reception.py", "accept"), ("answer it", "reception/reception.py", "answer"),
    ("  load the tracker", "memory/tracker_store.py", "_state"), ("  understand", "nlu/understand.py", "parse"),
    ("  decide (policy)", "dialogue/policy.py", "predict_action_probabilities"), ("  act", "dialogue/fast.py", "_act"),
    ("  save the tracker", "memory/tracker_store.py", "_write"), ("  keep the replies", "reception/transcript.py", "add_all"),
    ("all SQL", "sqlalchemy/engine/base.py", "execute"), ("all SQL, prepared", "sqlalchemy/engine/base.py", "exec_driver_sql"))


def profiled(settings: Settings) -> str:
    """The table, for people. The profiler itself slows everything down: the first line has the true figure."""
    with tempfile.TemporaryDirectory() as folder:
        own = dataclasses.replace(settings, database_url=f"sqlite:///{Path(folder) / 'profile.db'}", redis_url=None, rate_limits=False)
        return asyncio.run(_profiled(own))


async def _profiled(settings: Settings) -> str:
    from bot.app import _engine, build
    from bot.commands.train import model_path
    from kb_connector.demo.loading import load_demo
    app = build(settings)
    load_demo(app.state.records)
    reception = app.state.reception
    reception.engine = _engine(app.state.records, model_path(settings))
    await _round(reception, "warm")
    began, used = time.perf_counter(), time.process_time()
    turns = sum([await _round(reception, f"plain{i}") for i in range(ROUNDS)])
    wall, cpu = (time.perf_counter() - began) / turns * 1000, (time.process_time() - used) / turns * 1000
    threads, asyncio.to_thread = asyncio.to_thread, _here          # the profiler sees one thread only
    profile = cProfile.Profile()
    try:
        profile.enable()
        turns = sum([await _round(reception, f"seen{i}") for i in range(ROUNDS)])
        profile.disable()
    finally:
        asyncio.to_thread = threads
    return f"a turn takes {wall:.1f} ms, {cpu:.1f} ms of processor; under the profiler:\n{_table(profile, turns)}"


async def _here(function, *given, **named):
    return function(*given, **named)


async def _round(reception, name: str) -> int:
    from bot.reception.inbound import Inbound
    said = 0
    for number, lines in enumerate(dialogues()):
        for line in lines:
            await reception.receive(Inbound.read(f"{name}-{number}", line, "rest"))
            said += 1
    return said


def _table(profile: cProfile.Profile, turns: int) -> str:
    stats = pstats.Stats(profile).stats
    lines = [f"{'':26}{'ms':>8}{'calls':>8}"]
    for title, file, function in PARTS:
        found = [(calls, cumulative) for (path, _, name), (_, calls, _, cumulative, _) in stats.items() if path.endswith(file) and name == function]
        lines.append(f"{title:26}{sum(c for _, c in found) / turns * 1000:8.2f}{sum(n for n, _ in found) / turns:8.1f}")
    lines.append("\nown time of the twenty costliest functions")
    for (path, line, name), (_, calls, own, _, _) in sorted(stats.items(), key=lambda row: -row[1][2])[:20]:
        short = path.replace(str(ROOT) + "/", "").replace(".venv/lib/python3.10/site-packages/", "")
        lines.append(f"{own / turns * 1000:8.3f} ms{calls / turns:9.1f} x  {short}:{line} {name}")
    return "\n".join(lines)
