"""Articles, fake encoders, and libraries that are closed whatever a test does."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.articles import Article, make_article
from index.encoders import Encoder, FakeEncoder
from index.library import Library

BRIDGE = "The Gannet Bridge opened on Monday. It cost ten million crowns.\n\nFerries stopped the same evening."


@pytest.fixture(scope="session")
def article() -> Callable[..., Article]:
    """Return what makes an article of an id, a text and further fields."""

    def make(article_id: str, text: str = BRIDGE, **fields: str | None) -> Article:
        return make_article({"language": "en", **fields, "id": article_id, "text": text}, place="test")

    return make


@pytest.fixture
def encoder() -> FakeEncoder:
    """Return an encoder that counts what it encoded."""
    return FakeEncoder()


@pytest.fixture
def open_library(tmp_path: Path) -> Iterator[Callable[..., Library]]:
    """Return what opens a library (of this test's folder, with a new fake encoder) to be closed at the end."""
    opened: list[Library] = []

    def open_one(encoder: Encoder | None = None, folder: Path = tmp_path / "data") -> Library:
        library = Library(folder, lambda: encoder or FakeEncoder())
        opened.append(library)
        return library

    yield open_one
    for library in opened:
        library.close()


@pytest.fixture
def library(open_library: Callable[..., Library], encoder: FakeEncoder) -> Library:
    """Return an empty library over `encoder`."""
    return open_library(encoder)


@pytest.fixture(scope="session")
def found_ids() -> Callable[..., list[str]]:
    """Return what searches a library and gives the ids of the articles found, the best first, each once."""

    def search(library: Library, question: str, **options: object) -> list[str]:
        found = library.search([question], **options)
        return list(dict.fromkeys(passage.article.id for passage in found.passages))

    return search
