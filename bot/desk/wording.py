"""Words of the desk: tone lint for outgoing messages, built-in canned replies, outcomes of a chat."""
from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Finding:
    """`block`: it is not sent; `warn`: the agent decides."""

    start: int
    end: int
    text: str
    level: str
    why: str


@lru_cache(maxsize=1)
def desk_words(path: Path = Path(__file__).with_name("wording.yml")) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[re.Pattern[str], str, str]]:
    return [(re.compile("|".join(group["words"])), group["level"], group["why"]) for group in desk_words()["tone"]]


def lint(text: str) -> list[Finding]:
    """What a customer should not read, in the order of the text; of two that overlap the graver one."""
    found = [Finding(m.start(), m.end(), m[0], level, why) for pattern, level, why in _patterns() for m in pattern.finditer(text)]
    kept: list[Finding] = []
    for each in sorted(found, key=lambda f: (f.level != "block", f.start - f.end)):
        if not any(each.start < other.end and other.start < each.end for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda f: f.start)


def outcomes() -> dict[str, str]:
    return desk_words()["outcomes"]
