"""What feeds and sitemaps say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["Entry", "Listing", "ListingKind"]

ListingKind = Literal["feed", "sitemap"]
"""Kinds of listings."""

_TOLD = ("title", "author", "published_at", "modified_at", "lastmod")


@dataclass(frozen=True)
class Entry:
    """What a listing says of an address, which is in its one form (`index.urls`).

    Dates are what `index.dates` takes; `lastmod` is that of a sitemap as it is written, to be compared with the last.
    """

    url: str
    origin: ListingKind
    title: str | None = None
    author: str | None = None
    published_at: str | None = None
    modified_at: str | None = None
    lastmod: str | None = None

    @property
    def told(self) -> dict[str, str]:
        """Return all but the address, as it is kept."""
        found = {name: getattr(self, name) for name in _TOLD}
        return {"origin": self.origin, **{name: value for name, value in found.items() if value}}

    @classmethod
    def of(cls, url: str, told: Mapping[str, str]) -> "Entry":
        """Build from what `told` gave."""
        origin: ListingKind = "feed" if told.get("origin") == "feed" else "sitemap"
        return cls(url, origin, **{name: told[name] for name in _TOLD if name in told})


@dataclass(frozen=True)
class Listing:
    """A feed or sitemap: its pages in their order, each once, and further sitemaps.

    `warnings` say what was left out, with its number.
    """

    kind: ListingKind
    entries: tuple[Entry, ...]
    listings: tuple[Entry, ...] = ()
    warnings: tuple[str, ...] = ()
