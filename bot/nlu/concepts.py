"""A thesaurus for the models: 莜面 is food, 打哈哈 is evading (`nlu_data/lookups/concepts/*.yml`).

The models learn what a concept means for an intent or a name; a word they never saw in training then still tells them something.
"""
from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import Iterator

import yaml

from bot.nlu.longest import Dictionary
from bot.nlu.normalise import fold

FOLDER = Path(__file__).parent.parent.parent / "nlu_data" / "lookups" / "concepts"
_NEAR = 3               # mentions so close together are also seen as a pair


@lru_cache(maxsize=1)
def _words() -> Dictionary[tuple[str, ...]]:
    """Word → its concepts. ValueError names file and concept."""
    words: dict[str, list[str]] = defaultdict(list)
    for path in sorted(FOLDER.glob("*.yml")):
        for concept, given in (yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or {}).items():
            if not isinstance(given, str):
                raise ValueError(f"{path.name}: {concept}: give its words as one text, separated by spaces")
            for word in dict.fromkeys(fold(given).split()):
                words[word].append(concept)
    return Dictionary({word: tuple(concepts) for word, concepts in words.items()})


def find(folded: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """(start, end, concepts): longest words from left to right."""
    return _words().find(folded)


def features(folded: str) -> set[str]:
    """Every concept said, and every two said near each other."""
    said = [concepts for _, _, concepts in find(folded)]
    singles = {f"k:{c}" for concepts in said for c in concepts}
    pairs = {f"k:{min(a, b)}&{max(a, b)}" for i, here in enumerate(said) for there in said[i + 1:i + 1 + _NEAR] for a in here for b in there if a != b}
    return singles | pairs
