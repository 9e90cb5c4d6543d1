"""What is in the ledger: articles and totals. Needs neither the encoder nor the vector index."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy import ColumnElement, func, select

from index.articles import Article, is_id
from index.errors import ArticleNotFoundError, VersionGoneError
from index.ledger.database import Database
from index.ledger.rows import ARTICLE_COLUMNS, article_of
from index.ledger.schema import articles, former_ids, generations, passages, versions

__all__ = ["ArticleRow", "Live", "Reader", "Totals"]

_METADATA = ("version", "url", "title", "author", "outlet", "language", "published_at", "modified_at", "fetched_at")
_LIVE = ("version", "meta_version", "title", "language", "source", "origins")
_ROW_COLUMNS = [
    versions.c.article_id.label("id"),
    *(versions.c[name] for name in _METADATA),
    func.length(versions.c.text).label("chars"),
]


@dataclass(frozen=True)
class ArticleRow:
    """An article in a list: its metadata and version, and how many characters and sentences its text has."""

    id: str
    version: str
    url: str | None
    title: str | None
    author: str | None
    outlet: str | None
    language: str | None
    published_at: str | None
    modified_at: str | None
    fetched_at: str | None
    chars: int
    sentences: int


@dataclass(frozen=True)
class Totals:
    """How much is indexed."""

    articles: int
    passages: int
    sentences: int


@dataclass(frozen=True)
class Live:
    """What of a live version decides whether an input changes it."""

    version: str
    meta_version: str
    title: str | None
    language: str | None
    source: str | None
    origins: Mapping[str, str]


class Reader:
    """Read live articles."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def articles(self, *, offset: int = 0, limit: int = 100) -> list[ArticleRow]:
        """Return live articles by id, from `offset`, at most `limit`."""
        counted = (
            select(passages.c.version_key, func.sum(passages.c.n_sentences).label("n"))
            .join(generations, (generations.c.number == passages.c.generation) & (generations.c.live == 1))
            .join(articles, articles.c.live_version == passages.c.version_key)
            .group_by(passages.c.version_key)
            .subquery()
        )
        statement = (
            select(*_ROW_COLUMNS, func.coalesce(counted.c.n, 0).label("sentences"))
            .join(articles, articles.c.live_version == versions.c.key)
            .outerjoin(counted, counted.c.version_key == versions.c.key)
            .order_by(versions.c.article_id)
            .offset(offset)
            .limit(limit)
        )
        with self._database.begin() as connection:
            return [ArticleRow(**row) for row in connection.execute(statement).mappings()]

    def article(self, article_id: str, version: str | None = None) -> Article:
        """Return the live version of an article.

        Raises ArticleNotFoundError for an unknown id, and VersionGoneError where `version` is not the live one.
        """
        found = self.find(article_id)
        if found is None:
            raise ArticleNotFoundError(f"there is no article {article_id[:140]!r}; `pullquote list` shows the ids")
        if version is not None and version != found.version:
            raise VersionGoneError(
                f"version {version[:70]!r} of article {article_id!r} is gone; the live version is {found.version}"
            )
        return found

    def live(self, article_id: str) -> Live | None:
        """Return what tells whether an article has changed, without reading its text; None for an unknown id."""
        if not is_id(article_id):
            return None
        statement = (
            select(*(versions.c[name] for name in _LIVE))
            .join(articles, articles.c.live_version == versions.c.key)
            .where(articles.c.id == self.known_id(article_id))
        )
        with self._database.begin() as connection:
            row = connection.execute(statement).one_or_none()
        return Live(*row) if row else None

    def find(self, article_id: str) -> Article | None:
        """Return the live version of an article, or None."""
        return self._one(versions.c.article_id == self.known_id(article_id)) if is_id(article_id) else None

    def known_id(self, article_id: str) -> str:
        """Return the id under which an article is stored: another where it was stored before ids were made as now."""
        return self._former_ids.get(article_id, article_id)

    def ids_of(self, article_id: str) -> list[str]:
        """Return the id under which an article is stored, and those that lead to it."""
        stored = self.known_id(article_id)
        return [stored, *(new for new, old in self._former_ids.items() if old == stored)]

    def known(self, article: Article) -> Article:
        """Return an article under the id that it is stored by."""
        stored = self.known_id(article.id)
        return article if stored == article.id else replace(article, id=stored)

    def n_articles(self) -> int:
        """Count live articles."""
        with self._database.begin() as connection:
            live = select(func.count()).select_from(articles).where(articles.c.live_version.is_not(None))
            return connection.execute(live).scalar_one()

    def totals(self) -> Totals:
        """Count live articles, passages and sentences of the live generation."""
        counted = (
            select(func.count(), func.coalesce(func.sum(passages.c.n_sentences), 0))
            .join(articles, articles.c.live_version == passages.c.version_key)
            .join(generations, (generations.c.number == passages.c.generation) & (generations.c.live == 1))
        )
        with self._database.begin() as connection:
            n_passages, n_sentences = connection.execute(counted).one()
        return Totals(self.n_articles(), n_passages, n_sentences)

    @cached_property
    def _former_ids(self) -> dict[str, str]:
        """Ids of before; only a migration writes them."""
        with self._database.begin() as connection:
            return {row.id: row.article_id for row in connection.execute(select(former_ids))}

    def _one(self, condition: ColumnElement[bool]) -> Article | None:
        statement = select(*ARTICLE_COLUMNS).join(articles, articles.c.live_version == versions.c.key).where(condition)
        with self._database.begin() as connection:
            row = connection.execute(statement).one_or_none()
        return article_of(row) if row else None
