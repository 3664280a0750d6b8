"""Talking to the assistant in tests: the real reception, engine and records on a temporary database, without a network.

    customer = house.customer()
    answer = await customer("上周六买的洗衣机漏水")
    assert answer.stages[0] == "apology"
"""
from __future__ import annotations

import dataclasses
import itertools
import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Callable

from bot.dialogue.case import Case
from bot.reception.inbound import Inbound
from bot.reception.transcript import Message
from bot.settings import ROOT, SHANGHAI, Settings

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)      # within working hours; 上周六 is the 21st
TOKEN = "token-of-the-tests"


class MovableClock:
    """Stands still until a test moves it."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass(frozen=True)
class ClockedSettings(Settings):
    """Settings whose clock is the test's."""

    ticking: Callable[[], datetime] = MovableClock()

    def clock(self) -> datetime:
        return self.ticking()


def settings_in(folder: Path, clock: MovableClock) -> ClockedSettings:
    """Everything under `folder`, nothing from the machine's environment."""
    plain = Settings.from_environment({"TINGSU_VAR_DIR": str(folder), "TINGSU_API_TOKEN": TOKEN, "TINGSU_VISITOR_KEY": "key-of-the-tests",
                                       "TINGSU_RATE_LIMITS": "off"})
    values = {f.name: getattr(plain, f.name) for f in dataclasses.fields(Settings)}
    return ClockedSettings(**values, ticking=clock)


def trained_model() -> Path:
    """The model of the present sources, trained only when they changed; TINGSU_TEST_MODEL names another one."""
    from bot.commands.train import model_path, train_if_changed
    if given := os.environ.get("TINGSU_TEST_MODEL"):
        return Path(given)
    kept = settings_in(ROOT / "var" / "tests", MovableClock())
    train_if_changed(kept)
    return model_path(kept)

_READY_ANSWERS = {"safety_now": "人没事", "consent": "同意", "contact_phone": "13800001234", "demand": "给我退款", "confirm": "对，没错", "when": "上周六", "option": "第一个吧"}


@dataclass(frozen=True)
class Answer:
    """All bubbles that answered one message."""

    to: str
    messages: tuple[Message, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(m.text for m in self.messages)

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def stages(self) -> tuple[str, ...]:
        return tuple(m.stage or "" for m in self.messages)

    @property
    def stage(self) -> str | None:
        """Where the conversation stands after this answer."""
        return self.messages[-1].stage if self.messages else None

    @property
    def asks(self) -> str | None:
        """What the last question of the answer asks for."""
        return next((m.metadata["asks"] for m in reversed(self.messages) if m.metadata.get("asks")), None)

    @property
    def ticket(self) -> str | None:
        return next((m.metadata["ticket"] for m in reversed(self.messages) if m.metadata.get("ticket")), None)

    @property
    def options(self) -> dict[str, str]:
        """Buttons: id → label."""
        return {o["id"]: o["label"] for m in self.messages for o in m.metadata.get("options") or ()}

    @property
    def sources(self) -> list[str]:
        return [s for m in self.messages for s in m.metadata.get("sources") or ()]


@dataclass
class Customer:
    """One conversation. Calling it says something; `heard` keeps every answer."""

    house: House
    conversation: str
    channel: str = "rest"
    heard: list[Answer] = field(default_factory=list)

    async def __call__(self, text: str, *, choice: str | None = None, **more: Any) -> Answer:
        inbound = Inbound.read(self.conversation, text, self.channel, **({"choice": choice} if choice else {}), **more)
        answer = Answer(text, tuple(await self.house.reception.receive(inbound)))
        self.heard.append(answer)
        return answer

    async def says(self, *texts: str) -> Answer:
        """Several messages; the answer to the last one."""
        for text in texts:
            answer = await self(text)
        return answer

    async def until(self, goal: str, **answers: str) -> Answer:
        """Answer what is asked, in a few plain words, until the assistant asks for `goal` or shows that stage."""
        known = {**_READY_ANSWERS, **answers}
        for _ in range(12):
            last = self.heard[-1]
            if goal in (last.asks, last.stage) or goal in last.stages:
                return last
            await self(known.get(last.asks or "", "不知道" if last.asks else "就这些，没有别的了"))
        raise AssertionError(f"never came to {goal}:\n{self.transcript}")

    async def case(self) -> Case:
        """What the assistant has understood so far."""
        case = await self.house.reception.case_of(self.conversation)
        assert case is not None, "nothing was said yet"
        return case

    def tickets(self) -> list[dict[str, Any]]:
        """The conversation's tickets, newest first, in the contract's shape."""
        return [t.as_json() for t in self.house.records.tickets.search(conversation=self.conversation).items]

    def ticket(self) -> dict[str, Any]:
        """The only ticket of this conversation."""
        found = self.tickets()
        assert len(found) == 1, f"{len(found)} tickets instead of one"
        return self.house.records.tickets.get(found[0]["number"]).as_json()

    @property
    def transcript(self) -> str:
        """The whole conversation, for a failing test's message."""
        lines = []
        for answer in self.heard:
            lines.append(f"客 {answer.to}")
            lines += [f"  {m.stage or '-':11}{m.metadata.get('asks') or '':14}{m.text}" for m in answer.messages]
        return "\n".join(lines)


class House:
    """The application without its network side; one per test session, for any number of customers."""

    def __init__(self, folder: Path, model: Path) -> None:
        from bot.app import _engine, build
        from bot.log import configure
        from actions import services
        from kb_connector.demo.loading import load_demo
        configure()
        self._numbers = itertools.count(1)
        self.clock = MovableClock()
        self.settings = settings_in(folder, self.clock)
        self.app = build(self.settings, model=model)
        self.reception, self.records, self.desk = self.app.state.reception, self.app.state.records, self.app.state.desk
        self.services = services.current()
        load_demo(self.records)
        self.reception.engine = _engine(self.records, model)

    def customer(self, conversation: str | None = None, *, channel: str = "rest") -> Customer:
        """A new one without `conversation`. Wording depends on the id, so the same run says the same words."""
        return Customer(self, conversation or f"test-{next(self._numbers)}", channel)
