"""Articles, their version and the unanswered questions as rows. Knows SQL only."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from kb_connector.errors import NotFound
from kb_connector.knowledge.article import Article
from kb_connector.tables import articles, knowledge_misses, knowledge_version
from kb_connector.time import iso


def version(connection: Connection) -> int:
    return connection.execute(select(knowledge_version.c.version)).scalar() or 0


def next_version(connection: Connection) -> int:
    """Take the next number; until this transaction ends, other writers wait for theirs."""
    if connection.execute(update(knowledge_version).values(version=knowledge_version.c.version + 1)).rowcount == 0:
        connection.execute(insert(knowledge_version).values(id=1, version=1))
    return version(connection)


def changed_since(connection: Connection, seen: int) -> list[tuple[Article, bool]]:
    """Every article changed after version `seen`, and whether it may still be found."""
    query = select(articles).where(articles.c.version > seen).order_by(articles.c.id)
    return [(_article(row), row.published and not row.deleted) for row in connection.execute(query)]


def get(connection: Connection, article_id: str) -> Article:
    row = connection.execute(select(articles).where(articles.c.id == article_id, articles.c.deleted.is_(False))).first()
    if row is None:
        raise NotFound("there is no such article")
    return _article(row)


def exists(connection: Connection, article_id: str) -> bool:
    return connection.execute(select(articles.c.id).where(articles.c.id == article_id, articles.c.deleted.is_(False))).first() is not None


def used_ids(connection: Connection) -> set[str]:
    return set(connection.execute(select(articles.c.id)).scalars())


def listed(connection: Connection) -> list[Article]:
    return [_article(row) for row in connection.execute(select(articles).where(articles.c.deleted.is_(False)).order_by(articles.c.id))]


def put(connection: Connection, article: Article, *, number: int, now: datetime, deleted: bool = False) -> None:
    values = {"title": article.title, "answer": article.answer, "phrasings": list(article.phrasings), "category": article.category,
              "audience": article.audience, "source": article.source, "published": article.published, "deleted": deleted,
              "updated_at": iso(now), "version": number}
    if connection.execute(update(articles).where(articles.c.id == article.id).values(values)).rowcount == 0:
        connection.execute(insert(articles).values(id=article.id, **values))


def count_miss(connection: Connection, question: str, now: datetime) -> None:
    again = update(knowledge_misses).where(knowledge_misses.c.question == question).values(
        times=knowledge_misses.c.times + 1, last_at=iso(now))
    if connection.execute(again).rowcount:
        return
    try:
        with connection.begin_nested():
            connection.execute(insert(knowledge_misses).values(question=question, times=1, last_at=iso(now)))
    except IntegrityError:
        connection.execute(again)


def misses(connection: Connection, limit: int) -> list[dict]:
    query = select(knowledge_misses).order_by(knowledge_misses.c.times.desc(), knowledge_misses.c.last_at.desc()).limit(limit)
    return [{"question": row.question, "times": row.times, "last_at": row.last_at} for row in connection.execute(query)]


def _article(row) -> Article:
    return Article(id=row.id, title=row.title, answer=row.answer, phrasings=tuple(row.phrasings), category=row.category,
                   audience=row.audience, source=row.source, published=row.published)
