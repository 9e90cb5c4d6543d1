"""A ledger, and what writes articles into it without a vector index."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from index.articles import Article
from index.encoders import FakeEncoder, PassageVectors
from index.ledger import Database, Indexed, Reader, Writer
from index.manifest import Manifest
from index.preparing import prepare

MANIFEST = Manifest.of(FakeEncoder())


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Open a new ledger."""
    database = Database(tmp_path / "ledger.db")
    yield database
    database.close()


@pytest.fixture
def writer(database: Database) -> Writer:
    """Return a writer on a ledger with a live generation of number 1."""
    writer = Writer(database)
    writer.new_generation(MANIFEST, live=True)
    return writer


@pytest.fixture
def reader(database: Database) -> Reader:
    """Return a reader of the same ledger."""
    return Reader(database)


@pytest.fixture
def indexed() -> Callable[[Article], Indexed]:
    """Return what indexes an article with vectors of four numbers that count its sentences."""

    def make(article: Article) -> Indexed:
        prepared = prepare(article, FakeEncoder())
        vectors = tuple(
            PassageVectors(
                np.zeros(4, dtype=np.float32),
                np.stack([np.full(4, n, dtype=np.float32) for n in range(passage.first, passage.last + 1)]),
            )
            for passage in prepared.segments.passages
        )
        return Indexed(article, prepared, vectors)

    return make


@pytest.fixture
def write(writer: Writer, indexed: Callable[[Article], Indexed]) -> Callable[..., list[int]]:
    """Return what writes an article, publishes it unless told otherwise, and returns the keys of its sentences."""

    def write_article(article: Article, *, publish: bool = True) -> list[int]:
        (key,), sentences = writer.write_versions([indexed(article)], 1)
        if publish:
            writer.publish([(article.id, key)])
        return sentences

    return write_article
