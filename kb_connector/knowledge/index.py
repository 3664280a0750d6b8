"""The search index: every title, phrasing and answer is matched by itself; an article is as good as its best match."""
from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import bm25s
import numpy as np

from kb_connector.knowledge.article import Article
from kb_connector.knowledge.words import features

K1, B = 0.9, 0.35
ANSWER_WEIGHT, TOGETHER_WEIGHT = 0.55, 0.35
_UNKNOWN_WEIGHT = 0.6          # a word that no article knows counts against the match, but less than a known one


@dataclass(frozen=True)
class Entry:
    """One searchable text of an article, cut once."""
    features: tuple[str, ...]
    weight: float


def entries_of(article: Article) -> tuple[Entry, ...]:
    asked = [Entry(tuple(features(text)), 1.0) for text in (article.title, *article.phrasings)]
    return (*asked, Entry(tuple(features(article.answer)), ANSWER_WEIGHT))


class Index:
    """Immutable once built; a change of articles builds a new one from entries that are already cut."""

    def __init__(self, articles: Sequence[tuple[str, Sequence[Entry]]]) -> None:
        self.ids = [article_id for article_id, _ in articles]
        texts = [entry for _, entries in articles for entry in entries]
        self._starts = np.cumsum([0, *(len(entries) for _, entries in articles)])[:-1]
        self._weights = np.array([entry.weight for entry in texts], dtype=np.float32)
        self._total = len(texts)
        self._frequency = Counter(feature for entry in texts for feature in set(entry.features))
        self._bm25 = bm25s.BM25(method="lucene", k1=K1, b=B)
        if texts:
            self._bm25.index([list(entry.features) or [""] for entry in texts], show_progress=False)

    def search(self, query: str) -> list[tuple[str, float]]:
        """Article ids with a score between 0 and 1, best first; equal scores keep the articles' order."""
        asked = list(dict.fromkeys(features(query)))
        known = [feature for feature in asked if feature in self._frequency]
        if not known:
            return []
        best_possible = sum(self._rarity(feature) for feature in asked) / (1 + K1)
        scores = self._bm25.get_scores(known) * self._weights / best_possible
        best = np.maximum.reduceat(scores, self._starts)
        # An article that matches in several places is likelier meant than one that matches in one.
        together = np.add.reduceat(np.sqrt(scores), self._starts) / np.sqrt(np.diff([*self._starts, self._total]))
        ranked = best + TOGETHER_WEIGHT * np.minimum(together, 1.0) * best
        order = np.argsort(-ranked, kind="stable")
        return [(self.ids[i], float(min(best[i], 1.0))) for i in order if best[i] > 0]

    def _rarity(self, feature: str) -> float:
        seen = self._frequency.get(feature, 0)
        rarity = math.log(1 + (self._total - seen + 0.5) / (seen + 0.5))
        return rarity if seen else rarity * _UNKNOWN_WEIGHT
