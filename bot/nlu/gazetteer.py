"""Common names of goods, services, staff roles and carriers (`nlu_data/lookups/goods.yml`).

A hit means that the word was said, not that it is what the customer complains of: a hint for the tagger, and a last
resort where the tagger found no product.
"""
from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

from bot.nlu.normalise import fold
from bot.nlu.span import Span

FILE = Path(__file__).parent.parent.parent / "nlu_data" / "lookups" / "goods.yml"


@lru_cache(maxsize=1)
def _names() -> tuple[dict[str, str], int]:
    tables = yaml.load(FILE.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["nlu"]
    names = {fold(line.lstrip("- ").strip()): table["lookup"] for table in tables for line in table["examples"].splitlines() if line.strip()}
    return names, max(map(len, names))


def find(folded: str) -> list[Span]:
    """Longest matches from left to right."""
    names, longest = _names()
    spans, i = [], 0
    while i < len(folded):
        for n in range(min(longest, len(folded) - i), 1, -1):
            kind = names.get(folded[i:i + n])
            if kind:
                spans.append(Span(kind, i, i + n, folded[i:i + n], 0.5, "gazetteer"))
                i += n
                break
        else:
            i += 1
    return spans
