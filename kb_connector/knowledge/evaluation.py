"""How often the right article comes first, beside a plain BM25 library over jieba's words."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import bm25s
import numpy as np

from kb_connector.errors import Rejected
from kb_connector.knowledge.article import Article
from kb_connector.knowledge.words import words


@dataclass(frozen=True)
class Ranking:
    top1: float
    top3: float
    mrr: float


@dataclass(frozen=True)
class Evaluation:
    questions: int
    ours: Ranking
    plain: Ranking

    top1 = property(lambda self: self.ours.top1)
    top3 = property(lambda self: self.ours.top3)
    mrr = property(lambda self: self.ours.mrr)


def read_questions(lines: Iterable[str]) -> list[tuple[str, str]]:
    """`question<TAB>article id` per line; blank lines and # comments are passed over."""
    pairs = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.rstrip("\r\n").split("\t")
        if len(cells) < 2 or not cells[0].strip() or not cells[1].strip():
            raise Rejected(f"line {number}: must be a question, a tab and an article id", {"line": number})
        pairs.append((cells[0].strip(), cells[1].strip()))
    return pairs


def compare(pairs: Sequence[tuple[str, str]], ours: Callable[[str], list[str]], articles: Sequence[Article]) -> Evaluation:
    return Evaluation(len(pairs), _ranking(pairs, ours), _ranking(pairs, plain_search(articles)))


def plain_search(articles: Sequence[Article]) -> Callable[[str], list[str]]:
    """The baseline: one text per article, words only, the library's own defaults."""
    known: set[str] = set()
    texts = [words("\n".join((article.title, *article.phrasings, article.answer))) or [""] for article in articles]
    known.update(word for text in texts for word in text)
    library = bm25s.BM25()
    if texts:
        library.index(texts, show_progress=False)

    def search(query: str) -> list[str]:
        asked = [word for word in words(query) if word in known]
        if not asked:
            return []
        scores = library.get_scores(asked)
        return [articles[i].id for i in np.argsort(-scores, kind="stable") if scores[i] > 0]

    return search


def _ranking(pairs: Sequence[tuple[str, str]], search: Callable[[str], list[str]]) -> Ranking:
    places = [_place(search(question), wanted) for question, wanted in pairs]
    share = lambda most: sum(place <= most for place in places) / max(len(places), 1)
    return Ranking(round(share(1), 4), round(share(3), 4), round(sum(1 / place for place in places) / max(len(places), 1), 4))


def _place(found: list[str], wanted: str) -> float:
    return found.index(wanted) + 1 if wanted in found else float("inf")
