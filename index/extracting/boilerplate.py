"""Paragraphs that belong to the page and not to the article, as far as trafilatura leaves them in.

Measured like `pages`: leaving out the headline, which is metadata, brought F1 from .971 to .974; leaving out pointers
to other pages, if they are links, .0007 more. Without gain, so not done: to leave out whatever is wholly a link, to
leave out a lead that repeats the description, to bring in a lead that only the description tells of.
"""

import re
from collections.abc import Iterable

from lxml.etree import iterwalk  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from index.extracting.blocks import Block
from index.extracting.tidy import words_of

__all__ = ["linked_paragraphs", "without_boilerplate"]

_AMONG_FIRST = 3
_LINKED = 0.3
_LONGEST = 400
_POINTER = re.compile(
    r"(read( more| also| next)?|related( stories| articles| content| coverage)?|see also|also (on|read|see)"
    r"|more (on|from|like this)|you may also like|don.t miss|watch( more| now)?|click here|follow (us|.{1,30} on)"
    r"|sign up|subscribe|filed under|share this|like this story|get the .{3,30} app)\b[^.]{0,160}",
    re.IGNORECASE,
)
_BLOCK_TAGS = frozenset({"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "div", "strong", "b", "em", "span"})


def linked_paragraphs(tree: HtmlElement) -> frozenset[str]:
    """Return the short paragraphs that stand in links for more than three tenths, by their `words_of`."""
    found: set[str] = set()
    open_elements: list[list[int]] = [[0, 0]]
    links = 0
    for event, element in iterwalk(tree, events=("start", "end")):
        links += (element.tag == "a") * (1 if event == "start" else -1)
        if event == "start":
            open_elements.append([0, 0])
            _count(open_elements[-1], element.text, linked=links > 0)
            continue
        chars, linked = open_elements.pop()
        open_elements[-1][0] += chars
        open_elements[-1][1] += linked
        _count(open_elements[-1], element.tail, linked=links > 0)
        if element.tag in _BLOCK_TAGS and 0 < chars < _LONGEST and linked > _LINKED * chars:
            found.add(words_of(element.text_content()))
    return frozenset(found)


def without_boilerplate(blocks: Iterable[Block], *, titles: frozenset[str], linked: frozenset[str]) -> list[Block]:
    """Leave out the headline among the first blocks, and pointers to other pages ("Read more: ...") that are links."""
    kept = []
    for place, block in enumerate(blocks):
        words = words_of(block.text) if len(block.text) < _LONGEST else ""
        headline = place < _AMONG_FIRST and words in titles
        pointer = words in linked and _POINTER.fullmatch(block.text) is not None
        if not (headline or pointer):
            kept.append(block)
    return kept


def _count(counts: list[int], text: str | None, *, linked: bool) -> None:
    chars = len((text or "").strip())
    counts[0] += chars
    counts[1] += chars if linked else 0
