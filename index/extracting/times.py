"""Times in the body of a page."""

from collections.abc import Iterator

from lxml.etree import XPath  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from index.extracting.moments import moment

__all__ = ["changed_time", "published_time", "time_beside_headline"]

_PUBLISHED = XPath("//*[contains(concat(' ', @itemprop, ' '), ' datePublished ')] | //time[@pubdate]")
_CHANGED = XPath("//*[contains(concat(' ', @itemprop, ' '), ' dateModified ')]")
_BESIDE = XPath(
    "//time[ancestor::article or ancestor::main or ancestor::header or contains(@class, 'publish')"
    " or contains(@class, 'entry-date') or contains(@class, 'posted')]"
    "[not(ancestor::nav or ancestor::aside or ancestor::footer or ancestor::*[contains(@class, 'comment')"
    " or contains(@class, 'related') or contains(@class, 'sidebar')])]"
    "[not(contains(@class, 'updated') and not(contains(@class, 'published'))) and not(contains(@class, 'modified'))]"
)
_MOST = 50


def published_time(tree: HtmlElement) -> str | None:
    """Return the time that the page marks as that of publication."""
    return next(_moments(_PUBLISHED(tree)), None)


def changed_time(tree: HtmlElement) -> str | None:
    """Return the time that the page marks as that of its last change."""
    return next(_moments(_CHANGED(tree)), None)


def time_beside_headline(tree: HtmlElement) -> str | None:
    """Return the first time in the article or its header that no mark calls a change."""
    return next(_moments(_BESIDE(tree)), None)


def _moments(elements: list[HtmlElement]) -> Iterator[str]:
    for element in elements[:_MOST]:
        written = element.get("datetime") or element.get("content") or element.text_content()
        if found := moment(written):
            yield found
