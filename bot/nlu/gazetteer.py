"""Common names of goods, services, staff roles and carriers (`nlu_data/lookups/goods.yml`).

A hit means that the word was said, not that it is what the customer complains of: a hint for the tagger, and a last
resort where the tagger found no product.
"""
from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

from bot.nlu.longest import Dictionary
from bot.nlu.normalise import fold
from bot.nlu.span import Span

FILE = Path(__file__).parent.parent.parent / "nlu_data" / "lookups" / "goods.yml"


@lru_cache(maxsize=1)
def _names() -> Dictionary[str]:
    tables = yaml.load(FILE.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["nlu"]
    names = {fold(line.lstrip("- ").strip()): table["lookup"] for table in tables for line in table["examples"].splitlines() if line.strip()}
    return Dictionary(names, least=2)


def find(folded: str) -> list[Span]:
    """Longest matches from left to right."""
    return [Span(kind, start, end, folded[start:end], 0.5, "gazetteer") for start, end, kind in _names().find(folded)]
