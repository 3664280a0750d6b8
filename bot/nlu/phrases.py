"""Many patterns over one text: only those are tried whose necessary character the text has."""
from __future__ import annotations

import re
import sre_parse
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

# Characters that almost every message has: a poor reason to try a pattern.
_COMMON = frozenset("的了我你他不是一有没就都人在这那说们到给要还也上个来去什么好被得着去又")


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
    """Phrases by a character that each of them needs; beside each phrase the other sets of which it needs one."""

    by_character: dict[str, list[tuple[Phrase, tuple[frozenset[str], ...]]]] = field(default_factory=dict)
    always: list[Phrase] = field(default_factory=list)

    @classmethod
    def of(cls, phrases: Iterable[Phrase]) -> Phrases:
        index = cls()
        for phrase in phrases:
            first, *others = necessary(phrase.words) or [frozenset()]
            for character in first:
                index.by_character.setdefault(character, []).append((phrase, tuple(others[:2])))
            if not first:
                index.always.append(phrase)
        return index

    def candidates(self, text: str) -> Iterator[Phrase]:
        """Each phrase that may occur in the text, once."""
        yield from self.always
        seen: set[int] = set()
        present = set(text)
        for character in present & self.by_character.keys():
            for phrase, others in self.by_character[character]:
                if id(phrase) not in seen and not any(other.isdisjoint(present) for other in others):
                    seen.add(id(phrase))
                    yield phrase


def necessary(words: str) -> list[frozenset[str]]:
    """Sets of characters, the most telling first: every match has one of each."""
    return _needed(sre_parse.parse(words))


def _needed(sequence: Any) -> list[frozenset[str]]:
    return sorted((chars for operator, value in sequence for chars in _needed_by(operator, value)), key=_poverty)


def _poverty(characters: frozenset[str]) -> int:
    return len(characters) + 20 * len(characters & _COMMON)


def _needed_by(operator: Any, value: Any) -> list[frozenset[str]]:
    if operator is sre_parse.LITERAL:
        return [frozenset(chr(value))]
    if operator is sre_parse.IN and all(o is sre_parse.LITERAL for o, _ in value):
        return [frozenset(chr(v) for _, v in value)]
    if operator is sre_parse.BRANCH:
        parts = [_needed(branch) for branch in value[1]]
        return [frozenset().union(*(part[0] for part in parts))] if all(parts) else []
    if operator is sre_parse.SUBPATTERN:
        return _needed(value[-1])
    if operator in (sre_parse.MAX_REPEAT, sre_parse.MIN_REPEAT) and value[0] >= 1:
        return _needed(value[2])
    return []
