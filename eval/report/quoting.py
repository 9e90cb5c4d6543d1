"""A quote where it stands in its article, with some text before and after it."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.contract.answers import Quote

__all__ = ["InPlace", "in_place"]

_AROUND = 240  # characters on each side
_NO_ARTICLE = "The article is not at hand, so that only the quote is shown."
_NOT_THERE = "The article as it is now does not have this quote at these offsets."


@dataclass(frozen=True)
class InPlace:
    """A quote with what stands around it; `problem` says why there is nothing around it."""

    before: str
    quote: str
    after: str
    cut_before: bool = False
    cut_after: bool = False
    problem: str | None = None


def in_place(quote: Quote, articles: Mapping[str, str]) -> InPlace:
    """Return the quote in its article's own text. `articles` are texts by id."""
    text = articles.get(quote.article_id)
    if text is None:
        return InPlace("", quote.quote, "", problem=_NO_ARTICLE)
    if quote.start < 0 or text[quote.start : quote.end] != quote.quote:
        return InPlace("", quote.quote, "", problem=_NOT_THERE)
    start, end = _first(text, quote.start), _last(text, quote.end)
    before, after = text[start : quote.start], text[quote.end : end]
    return InPlace(before, quote.quote, after, cut_before=start > 0, cut_after=end < len(text))


def _first(text: str, start: int) -> int:
    """Return where to begin: at a word, at most `_AROUND` characters before `start`."""
    earliest = start - _AROUND
    if earliest <= 0:
        return 0
    space = text.find(" ", earliest, start)
    return space + 1 if space >= 0 else earliest


def _last(text: str, end: int) -> int:
    latest = end + _AROUND
    if latest >= len(text):
        return len(text)
    space = text.rfind(" ", end, latest)
    return space if space >= 0 else latest
