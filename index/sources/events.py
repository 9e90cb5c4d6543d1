"""What a look at a source finds, one event after the other."""

from collections.abc import Iterator
from dataclasses import dataclass

from index.known_files import Same
from index.ledger import Item, SourceKind
from index.reading import Failed, Read, Skipped

__all__ = ["Event", "Found", "Gone", "Kept", "Left", "Missed", "Noticed", "Recognised", "Removed", "Same", "stays_out"]


@dataclass(frozen=True)
class Found:
    """An article, to be added; `item` is to be kept once it is, else `before`, what was known of its place."""

    read: Read
    item: Item | None
    before: Item | None = None


@dataclass(frozen=True)
class Kept:
    """An item that is as it was, which was not read again."""

    item: Item


@dataclass(frozen=True)
class Gone:
    """An item that is there no longer: its file went, or its page answers 404 or 410.

    `named` tells that its listing names it still, so that it is asked for again.
    """

    item: Item
    named: bool = False


@dataclass(frozen=True)
class Left:
    """A page that its feed or sitemap names no longer, and that is still there: its article stays."""

    item: Item


@dataclass(frozen=True)
class Missed:
    """Something that could not be read; what was made of it before stays. `item` is what is to be kept of a page."""

    failed: Failed
    item: Item | None = None


@dataclass(frozen=True)
class Removed:
    """An item whose article somebody has removed, and that would give the same again: it is left as it is."""

    item: Item


@dataclass(frozen=True)
class Noticed:
    """Something that was left out or cut."""

    place: str
    warning: str


@dataclass(frozen=True)
class Recognised:
    """What a place turned out to be."""

    kind: SourceKind


Event = Found | Same | Kept | Gone | Left | Missed | Removed | Noticed | Recognised | Skipped
"""Anything that a look at a source finds."""


def stays_out(place: str, n: int) -> Iterator[Noticed]:
    """Yield what is to be told of so many removed articles of a source."""
    if n:
        yield Noticed(
            place,
            f"{n:,} removed articles stay out until what they were made of changes; `pullquote add` brings one back",
        )
