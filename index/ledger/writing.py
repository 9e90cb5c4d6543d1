"""Writes to the ledger. Each public method is one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from sqlalchemy import Connection, Exists, Select, delete, exists, func, insert, select, update

from index.articles import FIELDS, Article
from index.encoders.base import PassageVectors, Vectors
from index.keys import sentence_keys
from index.ledger.database import Database
from index.ledger.grouping import sign_version, unsign_versions
from index.ledger.migrations import published_day
from index.ledger.schema import articles, contents, generations, passages, versions
from index.manifest import Manifest
from index.preparing import Prepared, digest
from index.spans import Span, pack_spans
from index.words import numbered

__all__ = ["Generation", "Indexed", "Writer"]


@dataclass(frozen=True)
class Indexed:
    """An article, what it was turned into, and the vectors of each passage."""

    article: Article
    prepared: Prepared
    vectors: tuple[PassageVectors, ...]


@dataclass(frozen=True)
class Generation:
    """A generation: its number, and its manifest as stored."""

    number: int
    manifest: dict[str, object]


class Writer:
    """Write versions, make them live, and let the old ones go."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def live_generation(self) -> Generation | None:
        """Return the live generation, or None in a new ledger."""
        with self._database.begin() as connection:
            row = connection.execute(select(generations).where(generations.c.live == 1)).one_or_none()
        return Generation(row.number, row.manifest) if row else None

    def new_generation(self, manifest: Manifest, *, live: bool) -> Generation:
        """Begin a generation with `manifest`."""
        with self._database.write() as connection:
            number = (connection.execute(select(func.max(generations.c.number))).scalar() or 0) + 1
            connection.execute(insert(generations).values(number=number, manifest=asdict(manifest), live=int(live)))
        return Generation(number, asdict(manifest))

    def switch_generation(self, number: int) -> None:
        """Make generation `number` the live one, and drop the others' passages."""
        with self._database.write() as connection:
            connection.execute(update(generations).values(live=0))
            connection.execute(update(generations).where(generations.c.number == number).values(live=1))
            _drop_passages(connection, select(passages.c.key).where(passages.c.generation != number))
            connection.execute(delete(generations).where(generations.c.number != number))

    def write_versions(self, indexed: Sequence[Indexed], generation: int) -> tuple[list[int], list[int]]:
        """Write versions that nobody sees yet; return their keys, and the keys of all their sentences in order."""
        keys: list[int] = []
        sentences: list[int] = []
        with self._database.write() as connection:
            for item in indexed:
                keys.append(_write_version(connection, item.article))
                sentences.extend(_write_passages(connection, keys[-1], generation, item))
                sign_version(connection, keys[-1], item.prepared.signature)
        return keys, sentences

    def write_again(self, version_key: int, generation: int, indexed: Indexed) -> None:
        """Write passages and signature of a version that is there, for another generation."""
        with self._database.write() as connection:
            _write_passages(connection, version_key, generation, indexed)
            unsign_versions(connection, [version_key])
            sign_version(connection, version_key, indexed.prepared.signature)

    def publish(self, versions_of: Sequence[tuple[str, int]]) -> None:
        """Make written versions, given as (article id, version key), the ones that everybody sees."""
        with self._database.write() as connection:
            for article_id, key in versions_of:
                connection.execute(update(articles).where(articles.c.id == article_id).values(live_version=key))

    def update_metadata(self, article: Article) -> None:
        """Replace the metadata of the live version, of which nothing may differ that its passages were made with."""
        with self._database.write() as connection:
            key = connection.execute(select(articles.c.live_version).where(articles.c.id == article.id)).scalar_one()
            connection.execute(update(versions).where(versions.c.key == key).values(_described(article)))

    def live_versions(self) -> list[tuple[str, int]]:
        """Return (article id, version key) of every article that readers see."""
        statement = select(articles.c.id, articles.c.live_version).where(articles.c.live_version.is_not(None))
        with self._database.begin() as connection:
            return [(row.id, row.live_version) for row in connection.execute(statement.order_by(articles.c.id))]

    def hide(self, article_id: str) -> None:
        """Make an article invisible; its versions are leftovers then."""
        with self._database.write() as connection:
            connection.execute(update(articles).where(articles.c.id == article_id).values(live_version=None))
            self._database.want_scrub(connection)

    def leftovers(self, article_ids: Sequence[str]) -> list[int]:
        """Return the keys of sentences of these articles that no reader sees: of old or removed versions."""
        dead = passages.c.version_key.in_(_dead_versions(article_ids))
        with self._database.begin() as connection:
            rows = connection.execute(select(passages.c.key, passages.c.n_sentences).where(dead)).all()
        return [key for row in rows for key in sentence_keys(row.key, row.n_sentences)]

    def sweep(self, article_ids: Sequence[str] | None = None) -> None:
        """Delete what no reader sees (of these articles), and, of all, generations that were never finished."""
        if not self._anything_dead(article_ids):
            return
        with self._database.write() as connection:
            dead = [row.key for row in connection.execute(_dead_versions(article_ids))]
            for begin in range(0, len(dead), _GROUP):
                group = dead[begin : begin + _GROUP]
                _drop_passages(connection, select(passages.c.key).where(passages.c.version_key.in_(group)))
                unsign_versions(connection, group)
                connection.execute(delete(versions).where(versions.c.key.in_(group)))
            connection.execute(delete(articles).where(articles.c.live_version.is_(None), ~_has_versions()))
            if article_ids is None:
                unfinished = select(generations.c.number).where(generations.c.live == 0)
                _drop_passages(connection, select(passages.c.key).where(passages.c.generation.in_(unfinished)))
                connection.execute(delete(generations).where(generations.c.live == 0))

    def _anything_dead(self, article_ids: Sequence[str] | None) -> bool:
        """Tell whether there is anything to sweep; a full disk then stops no reader."""
        questions = (
            _dead_versions(article_ids).limit(1),
            select(articles.c.id).where(articles.c.live_version.is_(None)).limit(1),
            select(generations.c.number).where(generations.c.live == 0).limit(1),
        )
        with self._database.begin() as connection:
            return any(connection.execute(question).scalar() is not None for question in questions)

    def sentence_vectors(self, dimension: int, generation: int) -> Iterator[tuple[list[int], Vectors]]:
        """Yield (sentence keys, vectors of shape [n, dimension]) for each passage that readers see."""
        statement = (
            select(passages.c.key, passages.c.n_sentences, contents.c.vectors)
            .join(articles, articles.c.live_version == passages.c.version_key)
            .join(contents, contents.c.passage_key == passages.c.key)
            .where(passages.c.generation == generation)
            .execution_options(yield_per=1_000)
        )
        with self._database.begin() as connection:
            for row in connection.execute(statement):
                vectors = np.frombuffer(row.vectors, dtype=np.float16).reshape(-1, dimension)[:-1]
                yield sentence_keys(row.key, row.n_sentences), vectors.astype(np.float32)


_GROUP = 900  # of the parameters that SQLite takes in one statement


def _write_version(connection: Connection, article: Article) -> int:
    if connection.execute(select(articles.c.id).where(articles.c.id == article.id)).one_or_none() is None:
        connection.execute(insert(articles).values(id=article.id))
    values = {"article_id": article.id, "text": article.text, "version": article.version, **_described(article)}
    return int(connection.execute(insert(versions).values(values).returning(versions.c.key)).scalar_one())


def _described(article: Article) -> dict[str, object]:
    """Return the columns of a version that come from the metadata."""
    names = (*(name for name in FIELDS if name not in ("id", "text")), "source", "meta_version")
    values = {name: getattr(article, name) for name in names}
    own = {"origins": dict(article.origins), "pages": article.pages or None}
    return {**values, **own, "published_day": published_day(article.published_at)}


def _write_passages(connection: Connection, version_key: int, generation: int, indexed: Indexed) -> list[int]:
    segments, prepared = indexed.prepared.segments, indexed.prepared
    title_words = " ".join(prepared.title_words)
    keys: list[int] = []
    rows = []
    for passage, vectors in zip(segments.passages, indexed.vectors, strict=True):
        inside = range(passage.first, passage.last + 1)
        spans = [
            Span(segments.sentences[i].start, segments.sentences[i].end, segments.tokens[i], prepared.digests[i])
            for i in inside
        ]
        row = insert(passages).values(
            version_key=version_key,
            generation=generation,
            first=passage.first,
            last=passage.last,
            n_words=sum(len(prepared.words[i]) for i in inside) + len(prepared.title_words),
            n_sentences=len(inside),
            digest=digest(indexed.article.text[spans[0].start : spans[-1].end]),
        )
        key = int(connection.execute(row.returning(passages.c.key)).scalar_one())
        keys.extend(sentence_keys(key, len(inside)))
        rows.append(
            {
                "passage_key": key,
                "title_words": title_words,
                "words": "\n".join(" ".join(prepared.words[i]) for i in inside),
                "numbers": numbered([prepared.title_words, *(prepared.words[i] for i in inside)]).tobytes(),
                "spans": pack_spans(spans),
                "vectors": np.vstack([vectors.sentences, vectors.passage]).astype(np.float16).tobytes(),
            }
        )
    connection.execute(insert(contents), rows)
    return keys


def _dead_versions(article_ids: Sequence[str] | None) -> Select[tuple[int]]:
    # asked of each version by an index: a list of all that live would be made anew with every article
    dead = select(versions.c.key).where(~exists().where(articles.c.live_version == versions.c.key))
    return dead if article_ids is None else dead.where(versions.c.article_id.in_(article_ids))


def _has_versions() -> Exists:
    return exists().where(versions.c.article_id == articles.c.id)


def _drop_passages(connection: Connection, keys: Select[tuple[int]]) -> None:
    connection.execute(delete(contents).where(contents.c.passage_key.in_(keys)))
    connection.execute(delete(passages).where(passages.c.key.in_(keys)))
