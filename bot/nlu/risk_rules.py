"""risks.yml as compiled rules: what words show each risk, and how sure the model must be without them."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.phrases import Phrase, Phrases
from bot.vocabulary import RISKS

_PART = re.compile(r"<(\w+)>")


@dataclass(frozen=True)
class Rule:
    """How one risk is told; see risks.yml."""

    alone: float
    beside: float
    figures: tuple[Phrase, ...] = ()
    unless: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class Rules:
    """Every rule, and one index over the words of all; a phrase's meaning is (risk, whether its words are enough)."""

    by_risk: dict[str, Rule]
    words: Phrases


@lru_cache(maxsize=1)
def entries() -> dict[str, dict[str, Any]]:
    """risks.yml with its parts filled in; ValueError for a risk or a part that does not exist."""
    path = Path(__file__).with_name("risks.yml")
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    parts = raw.pop("parts")
    if unknown := set(raw) - set(RISKS):
        raise ValueError(f"{path.name}: {min(unknown)}: no such risk")
    for rule in raw.values():
        for kind in ("figures", "certain", "supporting", "unless"):
            rule[kind] = [entry | {k: _filled(entry[k], parts) for k in ("words", "near") if k in entry} for entry in rule.get(kind, ())]
    return raw


def _filled(words: str, parts: dict[str, str]) -> str:
    while _PART.search(words):
        words = _PART.sub(lambda m: parts[m[1]], words)
    return words


@lru_cache(maxsize=1)
def rules() -> Rules:
    """Compiled on first use, one pattern at a time."""
    by_risk, words = {}, []
    for name, rule in entries().items():
        by_risk[name] = Rule(rule["alone"], rule["beside"], tuple(_phrases(rule["figures"], name)), tuple(_phrases(rule["unless"], name)))
        words += [*_phrases(rule["certain"], (name, True)), *_phrases(rule["supporting"], (name, False))]
    return Rules(by_risk, Phrases.of(words))


def _phrases(listed: list[dict[str, str]], meaning: Any) -> Iterator[Phrase]:
    return (Phrase(words, meaning, entry.get("near", "")) for entry in listed for words in entry["words"].split())
