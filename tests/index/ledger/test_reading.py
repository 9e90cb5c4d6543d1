from collections.abc import Callable

import pytest

from index.articles import Article
from index.errors import ArticleNotFoundError, VersionGoneError
from index.ledger import ArticleRow, Reader, Totals, Writer

Make = Callable[..., Article]
Write = Callable[..., list[int]]


def test_an_empty_ledger(reader: Reader) -> None:
    """Nothing is listed, counted or found."""
    assert (reader.articles(), reader.totals(), reader.find("a")) == ([], Totals(0, 0, 0), None)
    assert reader.n_articles() == 0


def test_articles_are_listed_by_id_in_pages(reader: Reader, write: Write, article: Make) -> None:
    """A list is ordered by id and cut by offset and limit."""
    for article_id in "cab":
        write(article(article_id, "One. Two."))
    assert [row.id for row in reader.articles()] == ["a", "b", "c"]
    (row,) = reader.articles(offset=1, limit=1)
    assert isinstance(row, ArticleRow)
    assert (row.id, row.version, row.chars, row.sentences) == ("b", article("b", "One. Two.").version, 9, 2)
    assert reader.articles(offset=3) == []


def test_removed_and_unfinished_articles_are_not_listed(
    writer: Writer, reader: Reader, write: Write, article: Make
) -> None:
    """Only what is live is listed and counted."""
    write(article("a"))
    write(article("b"))
    write(article("c"), publish=False)
    writer.hide("b")
    assert [row.id for row in reader.articles()] == ["a"]
    assert reader.totals() == Totals(articles=1, passages=1, sentences=3)
    assert reader.n_articles() == 1


def test_an_article_is_read_back_whole(reader: Reader, write: Write, article: Make) -> None:
    """Every field comes back as it was."""
    given = article(
        "a",
        "Text 👨‍👩‍👧 שלום.",
        url="https://example.org/",
        title="T",
        author="A",
        outlet="O",
        published_at="2022",
        modified_at="2022-06",
        fetched_at="2022-06-13T08:30Z",
    )
    write(given)
    assert reader.article("a") == reader.article("a", given.version) == reader.find("a") == given


def test_an_unknown_article(reader: Reader) -> None:
    """An unknown id is refused with the command that shows the known ones, and a long one is cut."""
    with pytest.raises(ArticleNotFoundError, match="there is no article 'nobody'; `pullquote list`"):
        reader.article("nobody")
    with pytest.raises(ArticleNotFoundError) as caught:
        reader.article("x" * 10_000)
    assert len(str(caught.value)) < 300


def test_a_version_that_is_gone(reader: Reader, write: Write, article: Make) -> None:
    """Another version than the live one is gone, and the message names the live one."""
    write(article("a", "New."))
    live = article("a", "New.").version
    with pytest.raises(VersionGoneError, match=f"of article 'a' is gone; the live version is {live}"):
        reader.article("a", article("a", "Old.").version)
