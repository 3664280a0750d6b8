"""`./tingsu serve --workers 2` on real Redis and PostgreSQL: one conversation, whichever worker takes the next message."""
from __future__ import annotations

import asyncio
import os
import shutil
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.commands.benchmarks.http import Connection
from bot.commands.benchmarks.load import dialogues
from bot.commands.benchmarks.sides import MODEL, Running, Trained, start_ours
from bot.commands.train import fingerprint

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
async def workers(tmp_path_factory: pytest.TempPathFactory, model: Path, postgres_url: str, redis_url: str) -> AsyncIterator[Running]:
    folder = tmp_path_factory.mktemp("workers")
    (folder / "models").mkdir()
    shutil.copy(model, folder / "models" / MODEL)
    (folder / "models" / MODEL).with_suffix(".stamp").write_text(fingerprint(), encoding="ascii")
    running = start_ours(Trained(folder, 0, 0.0, 0.0), workers=2, environment={"TINGSU_DATABASE_URL": postgres_url.rsplit("/", 1)[0] + "/workers", "TINGSU_REDIS_URL": redis_url})
    try:
        await running.servers[0].answers(running.port, within=120)
        await _both_ready(running)
        yield running
    finally:
        running.stop()


def worker_pids(running: Running) -> list[int]:
    """The processes that uvicorn spawned, without multiprocessing's own helper."""
    return [pid for pid in running.servers[0]._tree() if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


async def _both_ready(running: Running, within: float = 60.0) -> None:
    """A connection stays with its worker: enough fresh ones in a row that answer mean that both do."""
    until, in_a_row = time.monotonic() + within, 0
    while in_a_row < 12:
        assert time.monotonic() < until, "a worker does not get ready"
        connection = Connection(running.port)
        try:
            await connection.request("GET", "/readyz")
            in_a_row += 1
        except (OSError, asyncio.IncompleteReadError):
            in_a_row = 0
            await asyncio.sleep(0.2)
        finally:
            connection.close()


async def say(running: Running, sender: str, text: str) -> list[dict]:
    """One message over a connection of its own, as a balancer would send it."""
    connection = Connection(running.port)
    try:
        return await connection.say(sender, text)
    finally:
        connection.close()


async def test_a_conversation_goes_on_whichever_worker_answers(workers: Running) -> None:
    assert len(worker_pids(workers)) == 2
    for number, lines in enumerate(dialogues()[:3]):
        for line in lines:
            assert await say(workers, f"shared-{number}", line), f"no answer to {line}"


async def test_messages_at_the_same_moment_are_answered_one_after_another(workers: Running) -> None:
    answers = await asyncio.gather(*(say(workers, "hasty", text) for text in ("你好", "快递三天没动静了", "单号SF1234567890123", "你们到底管不管")))
    assert all(answers)
    disclosures = sum("机器人" in bubble["text"] for answer in answers for bubble in answer)
    assert disclosures <= 1, "two workers began the same conversation"


async def test_a_killed_worker_takes_no_conversation_with_it(workers: Running) -> None:
    assert await say(workers, "survivor", "你好")
    before = worker_pids(workers)
    os.kill(before[0], signal.SIGKILL)
    began, answered = time.monotonic(), None
    while not answered and time.monotonic() - began < 10:
        try:
            answered = await say(workers, "survivor", "我买的电饭煲用了两天就坏了")
        except (OSError, asyncio.IncompleteReadError):
            await asyncio.sleep(0.05)
    took = time.monotonic() - began
    assert answered, "the conversation died with its worker"
    assert took < 2.0, f"{took:.1f} s until another worker went on"
    while not set(worker_pids(workers)) - set(before):
        assert time.monotonic() - began < 30, "no new worker was started"
        await asyncio.sleep(0.2)
