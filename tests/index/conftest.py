"""Articles, fake encoders, candidates, and libraries that are closed whatever a test does."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from index.articles import Article, make_article
from index.candidates import Candidate
from index.encoders import Encoder, FakeEncoder
from index.library import Library
from index.preparing import digest
from index.rerankers import Reranker
from index.retrieval import LIMIT
from index.search import Filters
from index.spans import Span, pack_spans
from index.words import numbered

BRIDGE = "The Gannet Bridge opened on Monday. It cost ten million crowns.\n\nFerries stopped the same evening."
TOWNS = ("Corvane", "Brenholt", "Saltmere", "Gannet", "Ember", "Quennell")
DATES = ("2022", "2022-06", "2022-06-13", "2022-06-13T23:30:00-05:00", "2022-06-15", None)


@pytest.fixture(scope="session")
def article() -> Callable[..., Article]:
    """Return what makes an article of an id, a text and further fields."""

    def make(article_id: str, text: str = BRIDGE, **fields: str | None) -> Article:
        return make_article({"language": "en", **fields, "id": article_id, "text": text}, place="test")

    return make


@pytest.fixture(scope="session")
def report() -> Callable[..., list[str]]:
    """Return what makes the sentences of a report, of twelve words each; each seed has words of its own."""

    def make(seed: int, n: int = 24) -> list[str]:
        drawn = np.random.default_rng(seed).integers(0, 2_000, (n, 12))
        return [" ".join(f"Word{seed}x{number}" for number in row) + "." for row in drawn]

    return make


@pytest.fixture
def encoder() -> FakeEncoder:
    """Return an encoder that counts what it encoded."""
    return FakeEncoder()


@pytest.fixture
def open_library(tmp_path: Path) -> Iterator[Callable[..., Library]]:
    """Return what opens a library (of this test's folder, with a new fake encoder) to be closed at the end."""
    opened: list[Library] = []

    def open_one(
        encoder: Encoder | None = None, folder: Path = tmp_path / "data", reranker: Reranker | None = None
    ) -> Library:
        library = Library(folder, lambda: encoder or FakeEncoder(), reranker)
        opened.append(library)
        return library

    yield open_one
    for library in opened:
        library.close()


@pytest.fixture
def library(open_library: Callable[..., Library], encoder: FakeEncoder) -> Library:
    """Return an empty library over `encoder`."""
    return open_library(encoder)


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory, article: Callable[..., Article]) -> Iterator[Library]:
    """Hold one article a town, of different outlets, authors, languages and dates; to be read only."""
    library = Library(tmp_path_factory.mktemp("towns"), FakeEncoder)
    for i, (town, date) in enumerate(zip(TOWNS, DATES, strict=True)):
        fields = {"outlet": f"Outlet {i % 2}", "author": f"Author {i % 3}", "language": ["en", "de"][i % 2]}
        text = f"The hall of {town} burned. Nobody was hurt in {town}.\n\nThe mayor of {town} spoke later."
        library.add(article(town.lower(), text, title=f"Fire in {town}", published_at=date, **fields))
    yield library
    library.close()


@pytest.fixture(scope="session")
def found_ids() -> Callable[..., list[str]]:
    """Return what searches a library and gives the ids of the articles found, the best first, each once."""

    def search(library: Library, question: str, *, limit: int = LIMIT, filters: Filters | None = None) -> list[str]:
        found = library.search([question], limit=limit, filters=filters)
        return list(dict.fromkeys(passage.article.id for passage in found.passages))

    return search


@pytest.fixture(scope="session")
def candidate() -> Callable[..., Candidate]:
    """Return what makes a candidate out of the index words of its sentences, each of ten characters.

    Unless told otherwise it is an article and a story of its own, and all its vectors point east.
    """

    def make(
        key: int = 1,
        words: Sequence[str] = ("",),
        *,
        version: int | None = None,
        story: int | None = None,
        first: int = 0,
        language: str | None = "en",
        tokens: int = 10,
        title: str = "",
        passage: tuple[float, float] = (0, 1),
        sentences: Sequence[tuple[float, float]] | None = None,
    ) -> Candidate:
        version = key if version is None else version
        starts = range(first * 10, (first + len(words)) * 10, 10)
        spans = [Span(start, start + 9, tokens, digest(line)) for start, line in zip(starts, words, strict=True)]
        return Candidate(
            key=key,
            version_key=version,
            article_id=f"a{version}",
            language=language,
            story=version if story is None else story,
            first=first,
            n_words=sum(len(line.split()) for line in (*words, title)),
            title_words=title,
            lines="\n".join(words),
            packed_numbers=numbered([line.split() for line in (title, *words)]).tobytes(),
            packed_spans=pack_spans(spans),
            packed_vectors=np.array([*(sentences or [(0, 1)] * len(words)), passage], dtype=np.float16).tobytes(),
        )

    return make
