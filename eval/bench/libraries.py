"""Libraries to measure: each in a temporary folder, filled with the articles of a set."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from eval.bench.data import Document
from eval.bench.errors import CorpusError
from index import Article, Library, Refused, make_article

__all__ = ["index_all", "temporary_folder", "to_article"]


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a folder that is gone afterwards; TMPDIR names where it lies."""
    with tempfile.TemporaryDirectory(prefix="pullquote-bench-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def to_article(document: Document) -> Article:
    """Return the document as an article in English. Raises CorpusError if its text would not be stored as it is."""
    fields = {"id": document.id, "title": document.title, "text": document.text, "language": "en"}
    article = make_article(fields, place=document.id)
    if article.text != document.text:
        raise CorpusError(
            f"{document.id}: its canonical text differs from the text given, so that offsets into it would be wrong"
        )
    return article


def index_all(library: Library, articles: Iterable[Article]) -> int:
    """Add all of `articles` at once; return how many passages were encoded. Raises the error of one that is refused."""
    encoded = 0
    for outcome in library.add_all(articles):
        if isinstance(outcome, Refused):
            raise outcome.error
        encoded += outcome.encoded
    return encoded
