"""Learned entities (products, shops, staff …): a character-level CRF."""
from __future__ import annotations

import re
from pathlib import Path
from typing import Iterable, Sequence

import pycrfsuite

from bot.nlu import concepts, gazetteer
from bot.nlu.features import segment
from bot.nlu.normalise import fold
from bot.nlu.span import Span

Labelled = tuple[str, Sequence[tuple[int, int, str]]]            # text, (start, end, label)
_MOST = 600                                                       # characters tagged; entities of a rant stand early


class Tagger:
    """`find` gives spans; the value is the folded words."""

    def __init__(self, tagger: pycrfsuite.Tagger) -> None:
        self._tagger = tagger

    @classmethod
    def train(cls, examples: Iterable[Labelled], path: Path) -> None:
        """Learn from examples and write the model to `path`."""
        trainer = pycrfsuite.Trainer(algorithm="ap", verbose=False)         # a quarter of the time of "lbfgs" for the same names found
        for i, (text, spans) in enumerate(examples):
            if not spans and i % 4:                           # messages that name nothing teach little: one in four is enough
                continue
            folded = fold(text)[:_MOST]
            trainer.append(_features(folded), _tags(len(folded), spans))
        trainer.set_params({"max_iterations": 12, "feature.minfreq": 2})
        trainer.train(str(path))

    @classmethod
    def load(cls, path: Path) -> Tagger:
        tagger = pycrfsuite.Tagger()
        tagger.open(str(path))
        return cls(tagger)

    def find(self, folded: str) -> list[Span]:
        if not folded.strip():
            return []
        text = folded[:_MOST]
        tags = self._tagger.tag(_features(text))
        spans, start = [], None
        for i, tag in enumerate([*tags, "O"]):
            if start is not None and (tag == "O" or tag[0] == "B" or tag[2:] != tags[start][2:]):
                spans.append(self._span(text, start, i, tags[start][2:]))
                start = None
            if tag[0] == "B" or (tag[0] == "I" and start is None):
                start = i
        return [s for s in spans if s is not None]

    def _span(self, text: str, start: int, end: int, label: str) -> Span | None:
        while start < end and text[start] in " ,.!?。、的":
            start += 1
        while end > start and text[end - 1] in " ,.!?。、":
            end -= 1
        if end - start < 1 or (end - start == 1 and not re.match(r"[一-龥]", text[start])):
            return None
        return Span(label, start, end, text[start:end], 0.8, "crf")


def _tags(length: int, spans: Sequence[tuple[int, int, str]]) -> list[str]:
    tags = ["O"] * length
    for start, end, label in spans:
        for i in range(start, min(end, length)):
            tags[i] = ("B-" if i == start else "I-") + label
    return tags


def _features(text: str) -> list[list[str]]:
    """Characters around, where the jieba word begins and ends, and what the gazetteer says."""
    words: list[tuple[str, str]] = []
    for word in segment(text):
        n = len(word)
        words += [(word, "S" if n == 1 else "B" if i == 0 else "E" if i == n - 1 else "M") for i in range(n)]
    hints = ["-"] * len(text)
    for hint in gazetteer.find(text):
        for i in range(hint.start, hint.end):
            hints[i] = ("B" if i == hint.start else "E" if i == hint.end - 1 else "I") + hint.entity
    meant: list[list[str]] = [[] for _ in text]
    for start, end, names in concepts.find(text):
        for i in range(start, end):
            meant[i] = [("B" if i == start else "I") + name for name in names]
    c = ["^^", "^", *("0" if ch.isdigit() else ch for ch in text), "$", "$$"]
    out = []
    for i, (word, place) in enumerate(words):
        j = i + 2
        row = ["0" + c[j], "-1" + c[j - 1], "+1" + c[j + 1], "-2" + c[j - 2], "+2" + c[j + 2], "-b" + c[j - 1] + c[j], "+b" + c[j] + c[j + 1],
               "x" + c[j - 1] + c[j + 1], "-c" + c[j - 2] + c[j - 1], "+c" + c[j + 1] + c[j + 2], "w" + word, "p" + place]
        if hints[i] != "-":
            row += ["g" + hints[i], "gw" + hints[i] + c[j - 1]]
        row += ["k" + name for name in meant[i]]
        if i >= 1 and words[i - 1][0] != word:
            row.append("-w" + words[i - 1][0])
        out.append(row)
    return out
