"""Metadata of an HTML page, each field from the most trusted source that has it.

title
    JSON-LD headline; og:title; other meta (parsely-title, citation_title, twitter:title ...); the only h1, where the
    page's title contains it; the page's title without the outlet; what trafilatura finds.
author
    JSON-LD author; meta (author, article:author, parsely-author, citation_author, dc.creator ...); a byline in the
    page; what trafilatura finds.
outlet
    og:site_name; JSON-LD publisher; meta (application-name, publisher); the end of the title, where the host says so.
language
    lang of html; og:locale; JSON-LD inLanguage; content-language.
published_at
    JSON-LD datePublished; meta (article:published_time, parsely-pub-date, citation_publication_date, dc.date.issued
    ...); the feed or news sitemap that led to the page; itemprop datePublished and `time pubdate`; a `time` in the
    article or its header; the day in the address.
modified_at
    JSON-LD dateModified; meta (article:modified_time, og:updated_time ...); the feed's date of change or the sitemap's
    lastmod; itemprop dateModified.
canonical_url
    link rel=canonical; og:url; the address that was fetched. One on another site than that is not taken, for any page
    could claim to be any other.

JSON-LD comes first, for it is written for machines and says of which article it speaks; then the head of the page,
which readers and most plug-ins cannot write to; then marks in the body; then guesses. A date of change is never one
of publication, and neither is ever the time of fetching: a page without a date has none. What feeds and sitemaps say
is filled in by `index.documents`, which knows of them.
"""

from collections.abc import Iterator

from lxml.html import HtmlElement  # type: ignore[import-untyped]
from trafilatura.metadata import extract_author, extract_title

from index.extracting.addresses import Choice, canonical_address, known_addresses
from index.extracting.bylines import byline, clean_authors
from index.extracting.json_ld import LinkedArticle, read_json_ld
from index.extracting.meta import Meta
from index.extracting.moments import day_in_url, moment
from index.extracting.names import language_code, main_heading, outlet_name, page_title, site_in_title
from index.extracting.pages import titles_of
from index.extracting.records import Extracted
from index.extracting.tidy import field_text
from index.extracting.times import changed_time, published_time, time_beside_headline

__all__ = ["read_metadata"]

_TITLES = (
    "parsely-title",
    "citation_title",
    "dc.title",
    "dcterms.title",
    "sailthru.title",
    "twitter:title",
    "headline",
)
_AUTHORS = (
    "author",
    "article:author",
    "parsely-author",
    "citation_author",
    "dc.creator",
    "dcterms.creator",
    "sailthru.author",
    "byl",
)
_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "parsely-pub-date",
    "citation_publication_date",
    "citation_date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date",
    "sailthru.date",
    "pubdate",
    "publish-date",
    "publishdate",
    "publication_date",
    "article_date_original",
    "article.published",
    "date",
)
_CHANGED = (
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "dcterms.modified",
    "lastmod",
    "last-modified",
)

Choices = Iterator[tuple[str, str | None]]


def read_metadata(tree: HtmlElement, url: str | None) -> Extracted:
    """Return the metadata of a page that was fetched from `url`, without text; warnings say what was passed over."""
    meta = Meta(tree)
    linked = read_json_ld(tree, addresses=known_addresses(tree, meta, url), titles=titles_of(tree))
    canonical, passed_over = canonical_address(tree, meta, url)
    outlet = _first(_outlets(tree, meta, linked, url or (canonical[1] if canonical else None)))
    chosen = {
        "title": _first(_titles(tree, meta, linked, outlet[1] if outlet else None)),
        "author": _first(_authors(tree, meta, linked)),
        "outlet": outlet,
        "language": _first(_languages(tree, meta, linked)),
        "published_at": _first(_published(tree, meta, linked, url)),
        "modified_at": _first(_changed(tree, meta, linked)),
        "canonical_url": canonical,
    }
    return Extracted(text="", warnings=passed_over).with_metadata(chosen)


def _first(choices: Choices) -> Choice | None:
    return next(((origin, text) for origin, value in choices if (text := field_text(value))), None)


def _titles(tree: HtmlElement, meta: Meta, linked: LinkedArticle, outlet: str | None) -> Choices:
    yield "json-ld", linked.headline
    yield "opengraph", meta.first("og:title")
    yield "meta", meta.first(*_TITLES)
    yield "h1", main_heading(tree)
    yield "title", page_title(tree, outlet)
    yield "trafilatura", extract_title(tree)


def _authors(tree: HtmlElement, meta: Meta, linked: LinkedArticle) -> Choices:
    yield "json-ld", clean_authors(linked.authors)
    for name in _AUTHORS:
        yield "meta", clean_authors(meta.all(name))
    yield "byline", byline(tree)
    yield "trafilatura", clean_authors((extract_author(tree) or "").split("; "))


def _outlets(tree: HtmlElement, meta: Meta, linked: LinkedArticle, url: str | None) -> Choices:
    yield "opengraph", outlet_name(meta.first("og:site_name"))
    yield "json-ld", outlet_name(linked.publisher)
    yield "meta", outlet_name(meta.first("application-name", "publisher", "dc.publisher"))
    yield "title", site_in_title(tree, url)


def _languages(tree: HtmlElement, meta: Meta, linked: LinkedArticle) -> Choices:
    root = tree if tree.tag == "html" else next(tree.iter("html"), tree)
    yield "html", language_code(root.get("lang") or root.get("xml:lang"))
    yield "opengraph", language_code(meta.first("og:locale"))
    yield "json-ld", language_code(linked.language)
    yield "meta", language_code(meta.first("content-language", "language", "dc.language"))


def _published(tree: HtmlElement, meta: Meta, linked: LinkedArticle, url: str | None) -> Choices:
    yield "json-ld", moment(linked.published or "")
    yield from (("meta", moment(written)) for written in meta.all(*_PUBLISHED))
    yield "itemprop", published_time(tree)
    yield "time", time_beside_headline(tree)
    yield "url", day_in_url(url or "")


def _changed(tree: HtmlElement, meta: Meta, linked: LinkedArticle) -> Choices:
    yield "json-ld", moment(linked.modified or "")
    yield from (("meta", moment(written)) for written in meta.all(*_CHANGED))
    yield "itemprop", changed_time(tree)
