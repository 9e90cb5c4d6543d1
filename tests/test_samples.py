"""The sample articles, as they are shipped."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from index.articles import Article
from index.dates import utc_days
from index.markdown import split_front_matter
from index.reading import Read, read_articles

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "eval" / "samples" / "articles").iterdir())
REQUIRED = {"title", "url", "author", "outlet", "published_at"}


def fields(file: Path) -> dict[str, str | None]:
    """Return the front matter of a sample."""
    return split_front_matter(file.read_text(encoding="utf-8"), file.name)[0]


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    """Return the samples as they are read from their folder; each must be read, with nothing ignored."""
    found = list(read_articles(FILES[0].parent, max_bytes=100_000))
    assert all(isinstance(item, Read) and not item.ignored for item in found)
    return [item.article for item in found if isinstance(item, Read)]


def test_there_are_enough(articles: list[Article]) -> None:
    """At least 24 articles are there, and every file in the folder is one."""
    assert len(articles) == len(FILES) >= 24
    assert {file.suffix for file in FILES} == {".md"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_front_matter_is_whole(file: Path) -> None:
    """Title, address, author, outlet and date are given, a change's date may be, and nothing else is."""
    given = fields(file)
    assert REQUIRED <= set(given) <= REQUIRED | {"modified_at"}
    assert all(given.values())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_dates_are_dates(file: Path) -> None:
    """Dates are ISO 8601, a moment has its offset, and no article was changed before it was published."""
    given = fields(file)
    published, modified = given["published_at"], given.get("modified_at")
    assert published
    for date in filter(None, (published, modified)):
        assert utc_days(date)
        assert len(date) == len("2022-06-13") or datetime.fromisoformat(date).tzinfo
    assert modified is None or utc_days(published) <= utc_days(modified)


def test_no_two_are_the_same(articles: list[Article]) -> None:
    """Ids, addresses, titles and texts are all different."""
    for name in ("id", "url", "title", "text"):
        assert Counter(getattr(article, name) for article in articles).most_common(1)[0][1] == 1, name


def test_addresses_lead_nowhere(articles: list[Article]) -> None:
    """Every address is of the reserved domain `.example`, so that no reader is led to a stranger's page."""
    assert all((article.url or "").split("/")[2].endswith(".example") for article in articles)


def test_they_are_in_english(articles: list[Article]) -> None:
    """The language is told from the text as English, which the default models are for."""
    assert {article.language for article in articles} == {"en"}


def test_three_outlets_tell_of_the_apex_meeting() -> None:
    """The story that the first example question is about is there in three versions."""
    assert len({fields(file)["outlet"] for file in FILES if file.stem.startswith("apex-")}) == 3


def test_the_readme_says_that_they_are_invented() -> None:
    """Whoever opens the folder reads first that the articles are fictional."""
    first = (ROOT / "eval" / "samples" / "README.md").read_text(encoding="utf-8").split("\n\n")[1]
    assert "fictional" in first
    assert str(len(FILES)) in first
