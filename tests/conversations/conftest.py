"""Every conversation told here also keeps the rules of the house; they are looked at when it is over."""
from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bot.commands.check import faults
from bot.testing import Answer, Customer
from bot.vocabulary import FACTS, STAGES

APOLOGY = re.compile(r"抱歉|对不起|不好意思")
ASKS = {*FACTS, "demand", "confirm", "option", "rating", "consent", None}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> pytest.TestReport:
    """A failing conversation is shown as it went."""
    report = yield
    customer = getattr(item, "funcargs", {}).get("talk")
    if report.failed and customer is not None and call.when == "call":
        report.sections.append(("the conversation", customer.transcript))
    return report


@pytest.fixture
def talk(talk: Customer) -> Iterator[Customer]:
    yield talk
    broken = [f"{rule}: {found}" for rule, found in _broken(talk.heard) if found]
    assert not broken, "\n".join([*broken, talk.transcript])


def _broken(heard: list[Answer]) -> Iterator[tuple[str, list[str]]]:
    texts = [text for answer in heard for text in answer.texts]
    messages = [m for answer in heard for m in answer.messages]
    yield "no reply", [a.to for a in heard if not a.messages]
    yield "more than three bubbles", [a.to for a in heard if len(a.messages) > 3]
    yield "more than one question", [a.to for a in heard if sum(bool(m.metadata.get("asks")) for m in a.messages) > 1]
    yield "the same words twice in a row", [a for a, b in zip(texts, texts[1:]) if a == b]
    yield "unknown stage or question", [m.text for m in messages if m.stage not in STAGES or m.metadata.get("asks") not in ASKS]
    yield "words not fit to be said", [f for m in messages if not m.metadata.get("sources") for f in faults(_own_words(m.text, heard))]
    yield "a question before the apology", _early_questions(heard)
    yield "a phone number in full", [t for t in texts if re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", t)]


def _own_words(text: str, heard: list[Answer]) -> str:
    """Without what is quoted from the customer, and without the read-back's lines."""
    lines = [line for line in text.split("\n") if not line.startswith("·") and not re.match(r"\d\. ", line)]
    return re.sub(r"“[^”]*”", "“”", "\n".join(lines))


def _early_questions(heard: list[Answer]) -> list[str]:
    for message in (m for a in heard for m in a.messages):
        if APOLOGY.search(message.text):
            return []
        if message.metadata.get("asks") not in (None, "safety_now", "rating", "option"):
            return [message.text]
    return []
