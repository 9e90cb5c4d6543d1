"""Candidates: the passages worth scoring, and what scoring needs of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from sqlalchemy import Connection, Row, Select, func, select

from index.articles import Article
from index.dates import utc_days
from index.encoders.base import Vector, Vectors
from index.ledger.rows import ARTICLE_COLUMNS, article_of
from index.ledger.schema import articles, passages, sentences, versions
from index.search import Filters

__all__ = ["Candidate", "Scope", "load", "passages_of", "resolve", "sentence_passages"]


@dataclass(frozen=True)
class Candidate:
    """A passage with its vectors and words; `spans` are (start, end, tokens) of its sentences."""

    key: int
    version_key: int
    article: Article
    spans: tuple[tuple[int, int, int], ...]
    vector: Vector
    sentence_vectors: Vectors
    title_words: tuple[str, ...]
    sentence_words: tuple[tuple[str, ...], ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Return the words of title and text."""
        return tuple(chain(self.title_words, *self.sentence_words))


@dataclass(frozen=True)
class Scope:
    """The live versions that a search may look at (None: all), and how many a window left out for want of a date."""

    version_keys: frozenset[int] | None
    n_articles: int
    n_all: int
    n_undated: int = 0


def resolve(connection: Connection, filters: Filters) -> Scope:
    """Return the live versions that `filters` admit."""
    live = select(versions.c.key, versions.c.published_at).join(articles, articles.c.live_version == versions.c.key)
    in_all = select(func.count()).select_from(articles).where(articles.c.live_version.is_not(None))
    n_all = connection.execute(in_all).scalar_one()
    if not filters:
        return Scope(None, n_all, n_all)
    columns = {"article_ids": "article_id", "outlets": "outlet", "authors": "author", "languages": "language"}
    for name, column in columns.items():
        if wanted := getattr(filters, name):
            live = live.where(versions.c[column].in_(wanted))
    rows = connection.execute(live).all()
    if not (filters.published_from or filters.published_to):
        return Scope(frozenset(row.key for row in rows), len(rows), n_all)
    keys = frozenset(row.key for row in rows if row.published_at and _in_window(row.published_at, filters))
    return Scope(keys, len(keys), n_all, sum(row.published_at is None for row in rows))


def _in_window(published_at: str, filters: Filters) -> bool:
    first, _ = utc_days(published_at)
    after = not filters.published_from or first >= utc_days(filters.published_from)[0]
    return after and (not filters.published_to or first < utc_days(filters.published_to)[0])


def passages_of(connection: Connection, generation: int, scope: Scope, *, at_most: int) -> list[int] | None:
    """Return the keys of all passages in `scope`, or None if the scope is everything or holds more than `at_most`."""
    if scope.version_keys is None:
        return None
    keys: list[int] = []
    for group in _groups(sorted(scope.version_keys)):
        found = select(passages.c.key).where(passages.c.version_key.in_(group), passages.c.generation == generation)
        keys.extend(connection.execute(found.limit(at_most + 1)).scalars())
        if len(keys) > at_most:
            return None
    return keys


def load(connection: Connection, generation: int, keys: Iterable[int], scope: Scope) -> list[Candidate]:
    """Return the candidates among passage `keys` that are live, of `generation` and in `scope`."""
    found: list[Candidate] = []
    known: dict[int, Article] = {}
    for group in _groups(sorted(set(keys))):
        spans: dict[int, list[tuple[int, int, int]]] = {}
        statement = select(sentences).where(sentences.c.passage_key.in_(group)).order_by(sentences.c.number)
        for row in connection.execute(statement):
            spans.setdefault(row.passage_key, []).append((row.start, row.end, row.tokens))
        for row in connection.execute(_live_passages(generation).where(passages.c.key.in_(group))):
            if scope.version_keys is None or row.version_key in scope.version_keys:
                article = known.setdefault(row.version_key, article_of(row))
                found.append(_candidate(row, article, spans[row.key]))
    return found


def sentence_passages(connection: Connection, sentence_keys: Sequence[int]) -> list[int]:
    """Return the keys of the passages that hold the given sentences."""
    found: list[int] = []
    for group in _groups(sentence_keys):
        statement = select(sentences.c.passage_key).where(sentences.c.key.in_(group))
        found.extend(connection.execute(statement).scalars())
    return found


def _live_passages(generation: int) -> Select[*tuple[object, ...]]:
    return (
        select(passages, *ARTICLE_COLUMNS)
        .join(versions, versions.c.key == passages.c.version_key)
        .join(articles, articles.c.live_version == versions.c.key)
        .where(passages.c.generation == generation)
    )


def _candidate(row: Row[*tuple[object, ...]], article: Article, spans: list[tuple[int, int, int]]) -> Candidate:
    vector = np.frombuffer(row.vector, dtype=np.float16).astype(np.float32)
    sentence_vectors = np.frombuffer(row.sentence_vectors, dtype=np.float16).astype(np.float32)
    return Candidate(
        key=row.key,
        version_key=row.version_key,
        article=article,
        spans=tuple(spans),
        vector=vector,
        sentence_vectors=sentence_vectors.reshape(-1, len(vector)),
        title_words=tuple(row.title_words.split()),
        sentence_words=tuple(tuple(line.split(" ")) for line in row.words.split("\n")),
    )


def _groups(keys: Sequence[int], size: int = 900) -> Iterable[Sequence[int]]:
    """Cut `keys` into groups that SQLite takes as parameters of one statement."""
    return (keys[begin : begin + size] for begin in range(0, len(keys), size))
