"""Risks in a message: words that show one, minus their look-alikes, joined with what the linear model thinks."""
from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from bot.vocabulary import RISKS


ALONE = 0.72                # the model's word alone must be surer than one that rules support
_ALONE = {"repeat_complaint": 0.93, "discrimination": 0.85, "media_legal": 0.85, "vulnerable": 0.9, "minor": 0.85, "data_leak": 0.8, "account_fraud": 0.8}


@dataclass(frozen=True)
class Risk:
    name: str
    confidence: float
    text: str


@lru_cache(maxsize=1)
def _rules() -> dict[str, tuple[re.Pattern[str], re.Pattern[str] | None]]:
    path = Path(__file__).with_name("risks.yml")
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if unknown := set(raw) - set(RISKS):
        raise ValueError(f"{path.name}: {sorted(unknown)[0]}: no such risk")
    return {name: (re.compile("|".join(rule["words"])), re.compile(rule["unless"]) if rule.get("unless") else None) for name, rule in raw.items()}


# A cause or an intent that is a risk by its meaning.
IMPLIED = {"complain_staff_misconduct": "staff_misconduct", "complain_discrimination": "discrimination", "complain_previous_handling": "repeat_complaint",
           "dissatisfied_result": "repeat_complaint", "self_harm": "self_harm", "violence_threat": "violence", "group_complaint": "group",
           "threat_external": "media_legal", "complain_account_security": "account_fraud"}
_SURE = {"complain_account_security": 0.97, "threat_external": 0.85}


def find(folded: str, likely: dict[str, float], *, harmless: float = 0.0, meaning: dict[str, float] | None = None) -> list[Risk]:
    """`likely`: the model's probabilities; `harmless`: its probability of praise, small talk or a question of policy;
    `meaning`: probabilities of the causes and intents that imply a risk."""
    implied: dict[str, float] = {}
    for name, p in (meaning or {}).items():
        if name in IMPLIED and p >= _SURE.get(name, 0.6):
            implied[IMPLIED[name]] = max(p, implied.get(IMPLIED[name], 0.0))
    found = []
    text = folded[:2000]
    for name in RISKS:
        rule = _rules().get(name)
        m = rule[0].search(text) if rule else None
        if m and rule[1] and rule[1].search(text):
            continue                                          # a figure of speech: the model is not asked either
        p = likely.get(name, 0.0)
        if m:
            confidence = max(p, 0.9 if harmless < 0.5 else 0.55 - 0.2 * (p < 0.1))
        else:
            confidence = max(p * (1 - harmless), implied.get(name, 0.0))
        if confidence >= (0.5 if m or name in implied else _ALONE.get(name, ALONE)):
            found.append(Risk(name, round(confidence, 3), text[m.start():m.end()] if m else ""))
    return found
