"""The article that a page describes in JSON-LD (schema.org), where it describes one."""

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from index.extracting.tidy import line_text, words_of

__all__ = ["LinkedArticle", "read_json_ld"]

_TYPES = re.compile(r"(\w*article|blogposting|liveblogposting|socialmediaposting|report|review\w*)", re.IGNORECASE)
_LISTS = ("itemListElement", "hasPart", "isPartOf", "relatedLink", "citation", "mentions", "comment", "review")
_PAGES = ("url", "@id", "mainEntityOfPage")
_BEFORE = ("//", "/*", "<!--", "<![CDATA[", "*/")
_AFTER = (";", "//", "/*", "-->", "]]>", "*/")
_TAG = re.compile(r"<[^<>]{1,200}>")
_MOST_CHARS = 1_000_000
_MOST_NODES = 5_000
_DEEPEST = 12


@dataclass(frozen=True)
class LinkedArticle:
    """What JSON-LD says of an article; dates as written."""

    headline: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    language: str | None = None
    published: str | None = None
    modified: str | None = None


def read_json_ld(tree: HtmlElement, *, addresses: frozenset[str], titles: frozenset[str]) -> LinkedArticle:
    """Return the article at one of `addresses` of this page, else the one with one of its `titles`, else the first."""
    scripts = list(_scripts(tree))
    nodes = [node for script in scripts for node in _articles(script)]
    by_id = {_id_of(node): node for script in scripts for node in _nodes(script) if _id_of(node) and "name" in node}
    chosen = _chosen(nodes, addresses, titles)
    return _article(chosen, by_id, titles) if chosen else LinkedArticle()


def _chosen(
    nodes: list[Mapping[str, object]], addresses: frozenset[str], titles: frozenset[str]
) -> Mapping[str, object] | None:
    told = [node for node in nodes if any(node.get(name) for name in ("headline", "name", "datePublished", "author"))]
    here = [node for node in told if any(_id(node.get(name)) in addresses for name in _PAGES)]
    named = [node for node in told if words_of(_string(node.get("headline")) or "") in titles]
    return next(iter([*here, *named, *told]), None)


def _scripts(tree: HtmlElement) -> Iterator[object]:
    """Yield what parses of the scripts; one that does not is no metadata."""
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower().startswith("application/ld+json"):
            written = script.text or ""
            if len(written) > _MOST_CHARS:
                continue
            try:
                yield json.loads(_unwrapped(written), strict=False)
            except (ValueError, RecursionError):
                continue


def _unwrapped(written: str) -> str:
    """Leave out the comment or CDATA marks in which old systems wrap scripts."""
    text, before = written.strip(), ""
    while text != before:
        before = text
        for mark in _BEFORE:
            text = text.removeprefix(mark).lstrip()
        for mark in _AFTER:
            text = text.removesuffix(mark).rstrip()
    return text


def _nodes(root: object) -> Iterator[Mapping[str, object]]:
    """Yield the objects of a document, outer ones first; lists of other things are not entered."""
    waiting = deque([(root, 0)])
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        value, depth = waiting.popleft()
        if depth > _DEEPEST:
            continue
        if isinstance(value, Mapping):
            yield value
            waiting.extend((inner, depth + 1) for name, inner in value.items() if name not in _LISTS)
        elif isinstance(value, list):
            waiting.extend((inner, depth + 1) for inner in value)


def _articles(root: object) -> Iterator[Mapping[str, object]]:
    for node in _nodes(root):
        if any(isinstance(kind, str) and _TYPES.fullmatch(kind) for kind in _listed(node.get("@type"))):
            yield node


def _article(
    node: Mapping[str, object], by_id: Mapping[str, Mapping[str, object]], titles: frozenset[str]
) -> LinkedArticle:
    def named(value: object) -> Iterator[str]:
        for each in _listed(value):
            # a reference stands for what it refers to
            node = by_id.get(_id_of(each), each) if isinstance(each, Mapping) and "name" not in each else each
            for name in _listed(node.get("name") if isinstance(node, Mapping) else node):
                if text := _string(name):
                    yield text

    return LinkedArticle(
        headline=_headline(node, titles),
        authors=tuple(named(node.get("author") or node.get("creator"))),
        publisher=next(named(node.get("publisher")), None),
        language=_string(node.get("inLanguage")),
        published=_date(node.get("datePublished")),
        modified=_date(node.get("dateModified")),
    )


def _headline(node: Mapping[str, object], titles: frozenset[str]) -> str | None:
    """Return the one of headline and name that the page shows as its title, else the headline."""
    written = [text for name in ("headline", "name") if (text := _string(node.get(name)))]
    return next((text for text in written if words_of(text) in titles), next(iter(written), None))


def _listed(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else [value]


def _id(value: object) -> str:
    if isinstance(value, Mapping):
        value = value.get("@id") or value.get("url")
    return value.split("#")[0].rstrip("/") if isinstance(value, str) else ""


def _id_of(node: Mapping[str, object]) -> str:
    found = node.get("@id")
    return found if isinstance(found, str) else ""


def _string(value: object) -> str | None:
    return (line_text(_TAG.sub("", unescape(value))) or None) if isinstance(value, str) else None


def _date(value: object) -> str | None:
    first = next(iter(_listed(value)), None)
    return str(first) if isinstance(first, str | int) and not isinstance(first, bool) else None
