"""How a customer feels: the model's probabilities, words that show it, and the risks that were found."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.phrases import Phrase, Phrases
from bot.vocabulary import EMOTIONS, RISKS

LONGEST = 2000              # characters that are read


@dataclass(frozen=True)
class Signs:
    """What adds to which emotion. A phrase's meaning is the number of its entry, so that one entry counts once."""

    words: Phrases
    adds: tuple[Mapping[str, float], ...]
    risks: Mapping[str, Mapping[str, float]]
    laughter: re.Pattern[str]


@lru_cache(maxsize=1)
def entries() -> dict[str, Any]:
    """emotions.yml; ValueError for an emotion or a risk that does not exist."""
    path = Path(__file__).with_name("emotions.yml")
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    named = {e["means"] for e in raw["words"]} | {emotion for adds in [*(e["adds"] for e in raw["words"]), *raw["risks"].values()] for emotion in adds}
    if unknown := sorted((named - set(EMOTIONS)) | (set(raw["risks"]) - set(RISKS))):
        raise ValueError(f"{path.name}: {unknown[0]}: no such emotion or risk")
    return raw


@lru_cache(maxsize=1)
def signs() -> Signs:
    raw = entries()
    phrases = (Phrase(words, number) for number, entry in enumerate(raw["words"]) for words in entry["words"].split())
    return Signs(Phrases.of(phrases), tuple(e["adds"] for e in raw["words"]), raw["risks"], re.compile(raw["laughter"]))


def read(likely: Mapping[str, float], folded: str, risks: Mapping[str, float]) -> tuple[str, float]:
    """The emotion and how strong it is. `likely`: the model's probabilities; `risks`: those found, with their confidence."""
    text, total = folded[:LONGEST], {emotion: likely.get(emotion, 0.0) for emotion in EMOTIONS}
    for number in shown(text):
        _add(total, signs().adds[number], 1.0)
    for risk, confidence in risks.items():
        _add(total, signs().risks.get(risk, {}), confidence)
    if signs().laughter.search(text) and not {"self_harm", "danger_now"} & risks.keys():
        total["distressed"], total["furious"] = total["distressed"] / 3, total["furious"] / 3
    label = max(total, key=lambda emotion: total[emotion])
    return label, min(1.0, total[label])


def shown(text: str) -> set[int]:
    """Numbers of the entries whose words the text has."""
    found: set[int] = set()
    for phrase in signs().words.candidates(text):
        if phrase.meaning not in found and phrase.pattern.search(text):
            found.add(phrase.meaning)
    return found


def _add(total: dict[str, float], adds: Mapping[str, float], times: float) -> None:
    for emotion, weight in adds.items():
        total[emotion] += weight * times
