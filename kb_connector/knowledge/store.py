"""The company's knowledge: articles in the database, the index in memory, each process following the version row."""
from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, TextIO

from sqlalchemy import Engine

from kb_connector.database import reading, writing
from kb_connector.errors import Conflict, Rejected
from kb_connector.knowledge import rows
from kb_connector.knowledge.article import FIELDS, Article, Hit, article_from, impersonal
from kb_connector.knowledge.evaluation import Evaluation, compare, read_questions
from kb_connector.knowledge.index import Entry, Index, entry_of

MOST_HITS, LONGEST_QUERY = 50, 300


@dataclass(frozen=True)
class ImportReport:
    imported: int
    errors: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class _Shelf:
    """One consistent view: the articles that may be found, and the index over them."""
    version: int
    articles: Mapping[str, Article]
    entries: Mapping[str, Entry]
    index: Index

    @property
    def for_staff(self) -> int:
        """How many articles a customer's search may have to pass over."""
        return sum(article.audience != "customer" for article in self.articles.values())


class Knowledge:
    FLOOR = 0.2        # below this score there is no basis for an answer (measured: tests/kb_connector/questions.tsv)

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock, self._refreshing = engine, clock, threading.Lock()
        self._shelf = _Shelf(-1, {}, {}, Index([]))

    def search(self, q: str, limit: int = 5, audience: str = "customer") -> list[Hit]:
        """The best articles for the question, whatever their score; staff see their own articles, too."""
        if not 1 <= limit <= MOST_HITS:
            raise Rejected(f"limit must be between 1 and {MOST_HITS}", {"field": "limit"})
        shelf = self._current()
        found = shelf.index.search(q[:LONGEST_QUERY], limit + shelf.for_staff)
        articles = [(shelf.articles[article_id], score) for article_id, score in found]
        return [Hit(article.id, article.title, article.answer, round(score, 4), article.source or article.title)
                for article, score in articles if audience == "staff" or article.audience == "customer"][:limit]

    def get(self, article_id: str) -> Article:
        with reading(self._engine) as connection:
            return rows.get(connection, article_id)

    def articles(self) -> list[Article]:
        with reading(self._engine) as connection:
            return rows.listed(connection)

    def create(self, row: Mapping[str, Any], *, published: bool = True) -> Article:
        article = article_from(row, published=published)
        with writing(self._engine) as connection:
            if rows.exists(connection, article.id):
                raise Conflict("an article with this id exists", {"id": article.id})
            rows.put(connection, article, number=rows.next_version(connection), now=self._clock())
        self._current(wait=True)
        return article

    def update(self, article_id: str, changes: Mapping[str, Any]) -> Article:
        def edited(article: Article) -> Article:
            known = {name: getattr(article, name) for name in FIELDS}
            if changes.get("id", article_id) != article_id:
                raise Rejected("an article keeps its id", {"field": "id"})
            return article_from({**known, **changes}, published=article.published)
        return self._change(article_id, edited)

    def publish(self, article_id: str, published: bool = True) -> Article:
        return self._change(article_id, lambda article: replace(article, published=published))

    def delete(self, article_id: str) -> None:
        """Never found again, but kept: an answer that was given can still be shown."""
        self._change(article_id, lambda article: article, deleted=True)

    def import_jsonl(self, lines: Iterable[str]) -> ImportReport:
        """Take in one article per line, published at once; bad lines are told and the others still count."""
        good, errors = {}, []
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                article = article_from(json.loads(line))
                good[article.id] = article
            except json.JSONDecodeError as exc:
                errors.append({"row": number, "message": f"not valid JSON: {exc.msg}"})
            except Rejected as exc:
                errors.append({"row": number, "message": exc.message})
        self.put_all(good.values())
        return ImportReport(len(good), tuple(errors))

    def put_all(self, articles: Iterable[Article]) -> None:
        """Add or replace these articles in one step."""
        articles = list(articles)
        if articles:
            with writing(self._engine) as connection:
                number = rows.next_version(connection)
                for article in articles:
                    rows.put(connection, article, number=number, now=self._clock())
            self._current(wait=True)

    def add_missing(self, articles: Iterable[Article]) -> None:
        """Add those whose id was never used; a deleted article stays deleted."""
        with reading(self._engine) as connection:
            used = rows.used_ids(connection)
        self.put_all(article for article in articles if article.id not in used)

    def export(self, fh: TextIO) -> int:
        """Write every article as one line of JSON that `import_jsonl` reads; answers how many."""
        listed = self.articles()
        for article in listed:
            row = asdict(article)
            fh.write(json.dumps({name: row[name] for name in FIELDS}, ensure_ascii=False) + "\n")
        return len(listed)

    def log_miss(self, q: str) -> None:
        """A question without an answer, for the editors; without anybody's phone number."""
        if question := " ".join(impersonal(q).split())[:500]:
            with writing(self._engine) as connection:
                rows.count_miss(connection, question, self._clock())

    def misses(self, limit: int = 100) -> list[dict[str, Any]]:
        with reading(self._engine) as connection:
            return rows.misses(connection, limit)

    def evaluate(self, tsv_lines: Iterable[str]) -> Evaluation:
        """Top-1, top-3 and mean reciprocal rank, beside plain BM25 over jieba's words."""
        pairs, shelf = read_questions(tsv_lines), self._current()
        return compare(pairs, lambda q: [hit.id for hit in self.search(q, limit=MOST_HITS, audience="staff")],
                       list(shelf.articles.values()))

    def _change(self, article_id: str, edit: Callable[[Article], Article], *, deleted: bool = False) -> Article:
        with writing(self._engine) as connection:
            number = rows.next_version(connection)
            article = edit(rows.get(connection, article_id))
            rows.put(connection, article, number=number, now=self._clock(), deleted=deleted)
        self._current(wait=True)
        return article

    def _current(self, *, wait: bool = False) -> _Shelf:
        """The shelf at the newest version; only what changed is read and cut again."""
        with reading(self._engine) as connection:
            newest = rows.version(connection)
        # One thread builds; until it is done, the others search what was there before.
        if newest > self._shelf.version and self._refreshing.acquire(blocking=wait or self._shelf.version < 0):
            try:
                if newest > self._shelf.version:
                    self._shelf = self._refreshed(self._shelf)
            finally:
                self._refreshing.release()
        return self._shelf

    def _refreshed(self, old: _Shelf) -> _Shelf:
        with reading(self._engine) as connection:
            newest, changed = rows.version(connection), rows.changed_since(connection, old.version)
        articles, entries = dict(old.articles), dict(old.entries)
        for article, findable in changed:
            articles.pop(article.id, None)
            entries.pop(article.id, None)
            if findable:
                articles[article.id], entries[article.id] = article, entry_of(article)
        return _Shelf(newest, articles, entries, Index(list(entries.items())))
