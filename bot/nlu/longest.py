"""Words of a dictionary in a text: longest first, from left to right, none overlapping."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

Meaning = TypeVar("Meaning")


@dataclass(frozen=True)
class Dictionary(Generic[Meaning]):
    """`least`: the shortest word that is looked for."""

    words: Mapping[str, Meaning]
    least: int = 1

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self.words), default=0)

    def find(self, text: str) -> Iterator[tuple[int, int, Meaning]]:
        """(start, end, meaning)"""
        i, end = 0, len(text)
        while i < end:
            for n in range(min(self._longest, end - i), self.least - 1, -1):
                meaning = self.words.get(text[i:i + n])
                if meaning is not None:
                    yield i, i + n, meaning
                    i += n
                    break
            else:
                i += 1
