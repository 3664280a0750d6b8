"""Many patterns over one text: a regular expression runs only when a piece of one or two characters that it needs occurs in the text."""
from __future__ import annotations

import re
import sre_parse
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Phrase:
    """One pattern and what it speaks for."""

    words: str
    meaning: Hashable
    near: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.words)

    @cached_property
    def context(self) -> re.Pattern[str] | None:
        return re.compile(self.near) if self.near else None


@dataclass(frozen=True)
class Phrases:
    """Phrases by the pieces that they need."""

    by_piece: dict[str, list[Phrase]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, phrases: Iterable[Phrase]) -> Phrases:
        index = cls()
        for phrase in phrases:
            for piece in necessary(phrase.words):
                index.by_piece[piece].append(phrase)
        return index

    def candidates(self, text: str) -> Iterable[Phrase]:
        """Each phrase that may occur in the text, once."""
        pieces = {text[i:i + 2] for i in range(len(text) - 1)} | set(text) | {""}
        return {id(phrase): phrase for piece in pieces & self.by_piece.keys() for phrase in self.by_piece[piece]}.values()


def necessary(words: str) -> frozenset[str]:
    """Pieces (one or two characters) of which every match contains at least one; {''} when none is certain."""
    best = _literals(list(sre_parse.parse(words)))
    return frozenset(text[:2] for text in best) if best else frozenset({""})


def _literals(parsed: list) -> set[str] | None:
    """The most telling set of literals in a parsed sequence."""
    found: list[set[str]] = []
    run = ""
    for op, value in [*parsed, (None, None)]:
        if op is sre_parse.LITERAL:
            run += chr(value)
            continue
        if run:
            found.append({run})
            run = ""
        inner = _inner(op, value)
        if inner:
            found.append(inner)
    return max(found, key=lambda texts: (min(2, min(map(len, texts))), -len(texts)), default=None)


def _inner(op: Any, value: Any) -> set[str] | None:
    if op is sre_parse.SUBPATTERN:
        return _literals(list(value[-1]))
    if op is sre_parse.BRANCH:
        branches = [_literals(list(branch)) for branch in value[1]]
        return set().union(*branches) if all(branches) else None
    if op in (sre_parse.MAX_REPEAT, sre_parse.MIN_REPEAT) and value[0] >= 1:
        return _literals(list(value[2]))
    if op is sre_parse.IN and all(o is sre_parse.LITERAL for o, _ in value):
        return {chr(c) for _, c in value}
    return None
