"""The search index: how well the whole article fits, and how well its best single phrasing does.

The rank says which article is likeliest; the score says how much of what was asked that article is about at all.
"""
from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import bm25s
import numpy as np

from kb_connector.knowledge.article import Article
from kb_connector.knowledge.words import features, substance

ASKED_WEIGHT = 2          # title and phrasings count twice, the answer once


@dataclass(frozen=True)
class Entry:
    """An article cut once, ready for any number of indexes."""
    whole: tuple[str, ...]
    asked: tuple[tuple[str, ...], ...]
    about: frozenset[str]


def entry_of(article: Article) -> Entry:
    asked = tuple(tuple(features(text)) for text in (article.title, *article.phrasings))
    whole = [feature for text in asked for feature in text] * ASKED_WEIGHT + features(article.answer)
    return Entry(tuple(whole), asked, frozenset(substance("\n".join((article.title, *article.phrasings, article.answer)))))


class Index:
    """Immutable once built; a change of articles builds a new one from entries that are already cut."""

    def __init__(self, articles: Sequence[tuple[str, Entry]]) -> None:
        self._ids = [article_id for article_id, _ in articles]
        self._about = [entry.about for _, entry in articles]
        self._seen = Counter(feature for about in self._about for feature in about)
        self._whole = _Bm25([entry.whole for _, entry in articles], k1=1.2, b=0.5)
        self._asked = _Bm25([text for _, entry in articles for text in entry.asked], k1=0.9, b=0.35)
        self._starts = np.cumsum([0, *(len(entry.asked) for _, entry in articles)])[:-1]

    def search(self, query: str, most: int) -> list[tuple[str, float]]:
        """At most `most` article ids with a score between 0 and 1, best first; ties keep the articles' order."""
        if not self._ids:
            return []
        asked = list(dict.fromkeys(features(query)))
        ranks = self._whole.scores(asked) + np.maximum.reduceat(self._asked.scores(asked), self._starts)
        order = np.argsort(-ranks, kind="stable")[:most]
        best = float(ranks[order[0]])
        if best <= 0:
            return []
        confidence = self._covered(query, int(order[0]))
        return [(self._ids[i], confidence * float(ranks[i]) / best) for i in order if ranks[i] > 0]

    def _covered(self, query: str, article: int) -> float:
        """The share of what was asked, weighed by rarity, that the article speaks of."""
        weights = {feature: self._rarity(feature) for feature in substance(query)}
        total = sum(weights.values())
        return sum(weight for feature, weight in weights.items() if feature in self._about[article]) / total if total else 0.0

    def _rarity(self, feature: str) -> float:
        seen = self._seen.get(feature, 0)
        return math.log(1 + (len(self._ids) - seen + 0.5) / (seen + 0.5))


class _Bm25:
    """The library, made safe for words it has never seen and for an empty shelf."""

    def __init__(self, texts: Sequence[Sequence[str]], *, k1: float, b: float) -> None:
        self._count, self._known = len(texts), {feature for text in texts for feature in text}
        self._library = bm25s.BM25(method="lucene", k1=k1, b=b)
        if self._known:
            self._library.index([list(text) or [""] for text in texts], show_progress=False)

    def scores(self, asked: Sequence[str]) -> np.ndarray:
        known = [feature for feature in asked if feature in self._known]
        return self._library.get_scores(known) if known else np.zeros(self._count, dtype=np.float32)
