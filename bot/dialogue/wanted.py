"""The bare answer to the question for the wish: its classes by their words (`wanted.yml`). Pure."""
from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import yaml

from bot.nlu.normalise import fold
from bot.vocabulary import DEMANDS

_NOT = re.compile(r"(?:不(?:要|用|想|图|求|是要|是为了?|稀罕|必)?|没(?:有)?(?:说|想)?(?:要|过)?|无所谓)[^,。;!? ]{0,2}$")
_NO_MATTER = re.compile(r"^\S{0,4}(?:无所谓|不重要|倒是其次|是小事)")
_INSTEAD = {"部分退款": ("退款",), "退货": ("退款",), "惩罚性赔偿": ("赔偿", "退款")}        # the narrower class says it already


@lru_cache(maxsize=1)
def _classes() -> dict[str, re.Pattern[str]]:
    path = Path(__file__).with_suffix(".yml")
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if unknown := set(raw) - set(DEMANDS):
        raise ValueError(f"{path.name}: {sorted(unknown)[0]}: no such demand")
    return {name: re.compile(pattern) for name, pattern in raw.items()}


def wanted(text: str) -> list[str]:
    """Classes of demand, in the order in which they are said."""
    found: dict[str, re.Match[str]] = {}
    folded = fold(text)[:300]
    for name, pattern in _classes().items():
        for m in pattern.finditer(folded):
            if not _NOT.search(folded[max(0, m.start() - 6):m.start()]) and not _NO_MATTER.match(folded[m.end():]):
                found.setdefault(name, m)
    for narrow, wide in _INSTEAD.items():
        for name in wide:
            if narrow in found and name in found and _overlap(found[narrow], found[name]):
                del found[name]
    return sorted(found, key=lambda name: found[name].start())


def _overlap(a: re.Match[str], b: re.Match[str]) -> bool:
    return a.start() < b.end() and b.start() < a.end()
