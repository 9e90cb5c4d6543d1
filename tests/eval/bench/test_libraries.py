from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from eval.bench.data import Document
from eval.bench.errors import CorpusError
from eval.bench.libraries import index_all, temporary_folder, to_article
from index import Added, Article, Library, Refused
from index.encoders import FakeEncoder
from index.errors import EncoderError

pytestmark = pytest.mark.slow

DOCUMENTS = [Document(f"d:{i}", f"District {i}", f"The harbour of district {i} opened.") for i in range(3)]


def test_articles_are_as_given() -> None:
    """An article has the document's id, title and text, in English."""
    article = to_article(DOCUMENTS[0])
    assert (article.id, article.title, article.language) == ("d:0", "District 0", "en")
    assert article.text == DOCUMENTS[0].text


@pytest.mark.parametrize("text", ["Cafe\u0301 opened.", "One.\r\nTwo."])
def test_a_text_that_would_change_is_refused(text: str) -> None:
    """Where storing would shift offsets, the article is named."""
    with pytest.raises(CorpusError, match="d:7: its canonical text differs"):
        to_article(Document("d:7", "Title", text))


def test_indexing_counts_passages() -> None:
    """All articles are in the library, and the passages encoded are counted."""
    with temporary_folder() as folder, closing(Library(folder, FakeEncoder)) as library:
        assert index_all(library, map(to_article, DOCUMENTS)) == 3
        assert library.reader.n_articles() == 3
    assert not folder.exists()


def test_an_article_that_is_refused_ends_it(tmp_path: Path) -> None:
    """A library that lacks an article would be measured wrongly, so its error is raised."""

    class RefusesAll(Library):
        def add_all(self, articles: Iterable[Article]) -> Iterator[Added | Refused]:
            yield from (Refused(article, EncoderError("no token")) for article in articles)

    with closing(RefusesAll(tmp_path, FakeEncoder)) as library, pytest.raises(EncoderError, match="no token"):
        index_all(library, map(to_article, DOCUMENTS))
