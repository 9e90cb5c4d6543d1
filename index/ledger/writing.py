"""Writes to the ledger. Each public method is one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from sqlalchemy import Connection, Select, delete, func, insert, select, update

from index.articles import FIELDS, Article
from index.encoders.base import PassageVectors, Vectors
from index.ledger.database import Database
from index.ledger.schema import articles, generations, passages, sentences, versions
from index.manifest import Manifest
from index.passages import Segments

__all__ = ["Generation", "Indexed", "Writer"]


@dataclass(frozen=True)
class Indexed:
    """What an article's text was turned into: its segments, the words of each sentence, the vectors of each passage."""

    segments: Segments
    words: tuple[tuple[str, ...], ...]
    title_words: tuple[str, ...]
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

    def write_version(self, article: Article) -> int:
        """Write a version that nobody sees yet; return its key."""
        values = {name: getattr(article, name) for name in (*FIELDS[1:], "source", "version", "meta_version")}
        with self._database.write() as connection:
            if connection.execute(select(articles.c.id).where(articles.c.id == article.id)).one_or_none() is None:
                connection.execute(insert(articles).values(id=article.id))
            row = insert(versions).values(article_id=article.id, origins=dict(article.origins), **values)
            return int(connection.execute(row.returning(versions.c.key)).scalar_one())

    def write_passages(self, version_key: int, generation: int, indexed: Indexed) -> list[int]:
        """Write the passages and sentences of a version; return the keys of its sentences in order."""
        segments = indexed.segments
        keys: list[int] = []
        with self._database.write() as connection:
            for passage, vectors in zip(segments.passages, indexed.vectors, strict=True):
                words = indexed.words[passage.first : passage.last + 1]
                row = insert(passages).values(
                    version_key=version_key,
                    generation=generation,
                    first=passage.first,
                    last=passage.last,
                    title_words=" ".join(indexed.title_words),
                    words="\n".join(" ".join(sentence) for sentence in words),
                    n_words=sum(map(len, words)) + len(indexed.title_words),
                    vector=_bytes(vectors.passage),
                    sentence_vectors=_bytes(vectors.sentences),
                )
                passage_key = connection.execute(row.returning(passages.c.key)).scalar_one()
                rows = [
                    {
                        "passage_key": passage_key,
                        "number": number,
                        "start": segments.sentences[number].start,
                        "end": segments.sentences[number].end,
                        "tokens": segments.tokens[number],
                    }
                    for number in range(passage.first, passage.last + 1)
                ]
                connection.execute(insert(sentences), rows)
                statement = (
                    select(sentences.c.key).where(sentences.c.passage_key == passage_key).order_by(sentences.c.number)
                )
                keys.extend(connection.execute(statement).scalars())
        return keys

    def publish(self, article_id: str, version_key: int) -> None:
        """Make a written version the one that everybody sees."""
        with self._database.write() as connection:
            connection.execute(update(articles).where(articles.c.id == article_id).values(live_version=version_key))

    def update_metadata(self, article: Article, title_words: Sequence[str]) -> None:
        """Replace the metadata of the live version, and the title words of its passages."""
        names = ("url", "title", "author", "outlet", "language", "published_at", "modified_at", "fetched_at", "source")
        values = {name: getattr(article, name) for name in names}
        with self._database.write() as connection:
            key = connection.execute(select(articles.c.live_version).where(articles.c.id == article.id)).scalar_one()
            connection.execute(
                update(versions)
                .where(versions.c.key == key)
                .values(**values, origins=dict(article.origins), meta_version=article.meta_version)
            )
            of_version = passages.c.version_key == key
            before = connection.execute(select(passages.c.title_words).where(of_version).limit(1)).scalar_one()
            n_words = passages.c.n_words + len(title_words) - len(before.split())
            values = {"title_words": " ".join(title_words), "n_words": n_words}
            connection.execute(update(passages).where(of_version).values(values))

    def live_versions(self) -> list[tuple[str, int]]:
        """Return (article id, version key) of every article that readers see."""
        statement = select(articles.c.id, articles.c.live_version).where(articles.c.live_version.is_not(None))
        with self._database.begin() as connection:
            return [(row.id, row.live_version) for row in connection.execute(statement.order_by(articles.c.id))]

    def hide(self, article_id: str) -> None:
        """Make an article invisible; its versions are leftovers then."""
        with self._database.write() as connection:
            connection.execute(update(articles).where(articles.c.id == article_id).values(live_version=None))

    def leftovers(self, article_id: str | None = None) -> list[int]:
        """Return the keys of sentences that no reader sees: of old, unfinished or removed versions (of one article)."""
        statement = select(sentences.c.key).join(passages).where(passages.c.version_key.in_(_dead_versions(article_id)))
        with self._database.begin() as connection:
            return list(connection.execute(statement).scalars())

    def sweep(self, article_id: str | None = None) -> None:
        """Delete what no reader sees (of one article), and generations that were never finished."""
        if not self._anything_dead(article_id):
            return
        with self._database.write() as connection:
            dead = list(connection.execute(_dead_versions(article_id)).scalars())
            _drop_passages(connection, select(passages.c.key).where(passages.c.version_key.in_(dead)))
            connection.execute(delete(versions).where(versions.c.key.in_(dead)))
            written = select(versions.c.article_id)
            connection.execute(delete(articles).where(articles.c.live_version.is_(None), articles.c.id.not_in(written)))
            if article_id is None:
                unfinished = select(generations.c.number).where(generations.c.live == 0)
                _drop_passages(connection, select(passages.c.key).where(passages.c.generation.in_(unfinished)))
                connection.execute(delete(generations).where(generations.c.live == 0))

    def _anything_dead(self, article_id: str | None) -> bool:
        """Tell whether there is anything to sweep; a full disk then stops no reader."""
        with self._database.begin() as connection:
            dead = connection.execute(_dead_versions(article_id).limit(1)).scalar()
            hidden = connection.execute(
                select(articles.c.id).where(articles.c.live_version.is_(None)).limit(1)
            ).scalar()
            unfinished = select(generations.c.number).where(generations.c.live == 0).limit(1)
            return any(found is not None for found in (dead, hidden, connection.execute(unfinished).scalar()))

    def sentence_vectors(self, dimension: int, generation: int) -> Iterator[tuple[list[int], Vectors]]:
        """Yield (sentence keys, vectors of shape [n, dimension]) for each passage that readers see."""
        statement = (
            select(passages.c.key, passages.c.sentence_vectors)
            .join(articles, articles.c.live_version == passages.c.version_key)
            .where(passages.c.generation == generation)
            .order_by(passages.c.key)
        )
        with self._database.begin() as connection:
            rows = connection.execute(statement).all()
            for row in rows:
                found = select(sentences.c.key).where(sentences.c.passage_key == row.key).order_by(sentences.c.number)
                vectors = np.frombuffer(row.sentence_vectors, dtype=np.float16).reshape(-1, dimension)
                yield list(connection.execute(found).scalars()), vectors.astype(np.float32)


def _dead_versions(article_id: str | None) -> Select[tuple[int]]:
    live = select(articles.c.live_version).where(articles.c.live_version.is_not(None))
    dead = select(versions.c.key).where(versions.c.key.not_in(live))
    return dead if article_id is None else dead.where(versions.c.article_id == article_id)


def _drop_passages(connection: Connection, keys: Select[tuple[int]]) -> None:
    connection.execute(delete(sentences).where(sentences.c.passage_key.in_(keys)))
    connection.execute(delete(passages).where(passages.c.key.in_(keys)))


def _bytes(vectors: Vectors) -> bytes:
    return np.asarray(vectors, dtype=np.float16).tobytes()
