"""What a search takes and gives."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.articles import Article

__all__ = ["Copy", "Evidence", "Filters", "Found", "FoundPassage"]


@dataclass(frozen=True)
class Filters:
    """Which articles to search; an empty field admits all.

    `published_from` and `published_to` are dates of ISO 8601, compared as half-open ranges of UTC days; articles
    without a publication date are outside of any such window.
    """

    article_ids: Sequence[str] = ()
    outlets: Sequence[str] = ()
    authors: Sequence[str] = ()
    languages: Sequence[str] = ()
    published_from: str | None = None
    published_to: str | None = None

    def __bool__(self) -> bool:
        """Tell whether anything is filtered."""
        return any(
            (self.article_ids, self.outlets, self.authors, self.languages, self.published_from, self.published_to)
        )


@dataclass(frozen=True)
class Copy:
    """The same sentence in another article of the same story, as offsets into that one's text."""

    article: Article
    start: int
    end: int


@dataclass(frozen=True)
class FoundPassage:
    """A passage of a live article, as offsets into its text, and its score (comparable within one reply).

    `copies` counts the passages of the same words in other articles that were left out for it.
    """

    article: Article
    start: int
    end: int
    score: float
    copies: int = 0


@dataclass(frozen=True)
class Evidence:
    """A sentence chosen as evidence; `number` counts from 1 in reading order.

    `copies` says where else it stands, which other outlets reported the same.
    """

    number: int
    article: Article
    start: int
    end: int
    score: float
    copies: tuple[Copy, ...] = ()

    @property
    def text(self) -> str:
        """Return the sentence."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True)
class Found:
    """The result of a search: passages (the best first), evidence, and how many articles the filters admit, of all."""

    passages: tuple[FoundPassage, ...]
    evidence: tuple[Evidence, ...]
    searched: tuple[str, ...]
    articles_searched: int
    articles_in_all: int
    articles_undated: int = 0
