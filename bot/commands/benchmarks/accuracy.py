"""How well both understand a labelled file: intents, issues, entities, risks, and how long a message takes."""
from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

Parse = Callable[[str], dict[str, Any]]


class BadLine(ValueError):
    """A line of the labelled file cannot be used; the message names it."""


@dataclass
class Tally:
    """Found and right, found and wrong, missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, found: set[Any], gold: set[Any]) -> None:
        self.right, self.wrong, self.missed = self.right + len(found & gold), self.wrong + len(found - gold), self.missed + len(gold - found)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)


@dataclass
class Score:
    rows: int = 0
    intents: list[bool] = field(default_factory=list)
    issues: Tally = field(default_factory=Tally)
    entities: Tally = field(default_factory=Tally)
    risks: Tally = field(default_factory=Tally)
    seconds: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        return {"intent_accuracy": sum(self.intents) / max(1, len(self.intents)), "issues_f1": self.issues.f1, "entities_f1": self.entities.f1,
                "risks_recall": self.risks.recall, "p50_ms": median(self.seconds) * 1000}


def read(file: Path) -> list[dict[str, Any]]:
    """The labelled lines; BadLine for the first that is none."""
    rows = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as exc:
            raise BadLine(f"{file}:{number}: no JSON ({exc})") from None
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise BadLine(f"{file}:{number}: needs a \"text\"")
        rows.append(row)
    if not rows:
        raise BadLine(f"{file}: empty")
    return rows


def score(rows: Iterable[dict[str, Any]], parse: Parse, moved: Callable[[int], None] = lambda _: None) -> Score:
    """Labels that a row leaves out are not counted."""
    total = Score()
    for row in rows:
        began = time.perf_counter()
        parsed = parse(row["text"])
        total.seconds.append(time.perf_counter() - began)
        intent = parsed["intent"]["name"]
        if row.get("intents"):
            total.intents.append(intent in row["intents"])
        if "issues" in row:
            total.issues.add(_issues(parsed), set(row["issues"]))
        if "risks" in row:
            total.risks.add({r["name"] for r in parsed.get("risks", ())}, set(row["risks"]))
        if "entities" in row:
            _entities(total.entities, parsed["entities"], row["entities"])
        moved(1)
    return total


def _issues(parsed: dict[str, Any]) -> set[str]:
    """Stock Rasa has one intent and no issues: its complaint intent counts as the issue it names."""
    if "issues" in parsed:
        return {i["cause"] for i in parsed["issues"]}
    name = parsed["intent"]["name"] or ""
    return {name} if name.startswith("complain_") and name != "complain_bot" else set()


def _entities(tally: Tally, found: list[dict[str, Any]], gold: list[dict[str, Any]]) -> None:
    """Right when the kind is the same and one text contains the other; each is used once."""
    left = Counter((e["entity"], str(e.get("text") or e.get("value"))) for e in found)
    for entity, text in ((g["entity"], str(g["text"])) for g in gold):
        match = next((k for k in left if k[0] == entity and (text in k[1] or k[1] in text)), None)
        tally.right, tally.missed = tally.right + (match is not None), tally.missed + (match is None)
        if match is not None:
            left -= Counter([match])
    tally.wrong += sum(left.values())
