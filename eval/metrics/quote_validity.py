"""Whether quotes are the articles' own words: the promise of the contract of an answer."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from service.contract import Quote

__all__ = ["Stored", "is_valid", "quote_validity"]


class Stored(Protocol):
    """An article as stored, which `index.Article` is: its text, and the version that goes with the text."""

    @property
    def id(self) -> str:
        """Return the article's id."""

    @property
    def version(self) -> str:
        """Return what tells this text from others of the same article."""

    @property
    def text(self) -> str:
        """Return the canonical text, which offsets count."""


def is_valid(quote: Quote, articles: Mapping[str, Stored]) -> bool:
    """Tell whether `article.text[start:end] == quote` at the quote's version; `articles` are by their ids.

    A quote of an article or a version that is not there cannot be read by anybody, and is not valid; nor is an empty
    one, or one whose offsets lie outside the text.
    """
    article = articles.get(quote.article_id)
    if article is None or article.version != quote.version:
        return False
    is_within = 0 <= quote.start < quote.end <= len(article.text)
    return is_within and article.text[quote.start : quote.end] == quote.quote


def quote_validity(quotes: Sequence[Quote], articles: Mapping[str, Stored]) -> float | None:
    """Return the share of quotes that are valid; None where nothing is quoted."""
    return sum(is_valid(quote, articles) for quote in quotes) / len(quotes) if quotes else None
