"""Who wrote an article."""

import re
from collections.abc import Iterable

from lxml.etree import XPath  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from index.extracting.tidy import line_text

__all__ = ["byline", "clean_authors"]

_BY = re.compile(r"^(written by|words by|posted by|by|von|par|por|di|door|av|af)\b[\s:]*", re.IGNORECASE)
_NOT_A_NAME = re.compile(
    r"https?://|www\.|@|^(admin|administrator|editor|staff|user ?name|author|unknown|none|null|guest|作者)$|[<>{}|\\]",
    re.IGNORECASE,
)
_TIME_AFTER = re.compile(
    r"[\s,;|·•-]*\b(\d{1,2}(st|nd|rd|th)?\s+)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,4}\b.*$"
    r"|[\s,;|·•-]*\b\d+ (minute|hour|day|week|month|year)s? ago\b.*$"
    r"|[\s,;|·•-]*\b(last )?(updated|published|posted)\b.*$|[\s,;|·•-]*\d{1,4}[./-]\d{1,2}[./-]\d{1,4}.*$",
    re.IGNORECASE,
)
_CLASS = "translate(concat(@class, ' ', @id), 'ABDEHILNORTUWY', 'abdehilnortuwy')"
_DAY_NAME_AFTER = re.compile(
    r"(?<=\w)[\s,;|·•-]+((mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august"
    r"|september|october|november|december)$",
    re.IGNORECASE,
)
_BYLINES = XPath(
    "//body//*[@itemprop='author']//*[@itemprop='name'] | //body//*[@itemprop='author' and not(.//*[@itemprop='name'])]"
    " | //body//a[contains(concat(' ', @rel, ' '), ' author ')]"
    " | //body//*[self::p or self::span or self::div or self::a or self::address or self::li or self::h3]"
    f"[contains({_CLASS}, 'byline') or contains({_CLASS}, 'author') or contains({_CLASS}, 'writtenby')]"
    "[not(ancestor::*[contains(@class, 'comment') or contains(@id, 'comment') or contains(@class, 'related')])]"
)
_MOST_CHARS = 100
_MOST_WORDS = 8
_LONG_NAME = 2
_MOST_AUTHORS = 10
_MOST_TRIED = 20


def clean_authors(names: Iterable[str]) -> str | None:
    """Return names, parted by commas, without "by", dates, addresses and what names no one; None where none is left."""
    kept: list[str] = []
    for name in names:
        clean = _without_time(_BY.sub("", line_text(name[: 3 * _MOST_CHARS])))
        known = {each.casefold() for each in kept}
        if _is_name(clean) and clean.casefold() not in known:
            kept.append(clean)
    return ", ".join(kept[:_MOST_AUTHORS]) or None


def byline(tree: HtmlElement) -> str | None:
    """Return the author from what the page marks as its byline."""
    for element in _BYLINES(tree)[:_MOST_TRIED]:
        text = element.get("content") or element.text_content()
        if len(text) < 3 * _MOST_CHARS and (found := clean_authors([text])):
            return found
    return None


def _without_time(name: str) -> str:
    """Leave out the date that often follows a name, and the day or month that is left of one."""
    clean = _TIME_AFTER.sub("", name).strip(" ,;|·•-")
    while len(clean.split()) > _LONG_NAME and (shorter := _DAY_NAME_AFTER.sub("", clean)) != clean:
        clean = shorter
    return clean


def _is_name(text: str) -> bool:
    return (
        1 < len(text) <= _MOST_CHARS
        and len(text.split()) <= _MOST_WORDS
        and any(character.isalpha() for character in text)
        and _NOT_A_NAME.search(text) is None
    )
