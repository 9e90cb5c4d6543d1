"""How far listings are followed, and which of the pages that they name are read."""

from collections.abc import Sequence

from index.dates import utc_days
from index.listings.records import Entry

__all__ = ["MAX_DEPTH", "MAX_LISTINGS", "newest", "newest_first"]

MAX_DEPTH = 3
"""How many sitemaps lead from the address that was given to the deepest one that is read."""

MAX_LISTINGS = 200
"""How many sitemaps are read of one address."""


def newest_first(entries: Sequence[Entry]) -> list[Entry]:
    """Return entries by their dates, the newest first; those without one last, in their order."""
    return sorted(entries, key=_day, reverse=True)


def newest(entries: Sequence[Entry], most: int) -> list[Entry]:
    """Return the newest entries, at most so many, in the order in which they are named."""
    kept = {entry.url for entry in newest_first(entries)[: max(0, most)]}
    return [entry for entry in entries if entry.url in kept]


def _day(entry: Entry) -> int:
    date = entry.modified_at or entry.published_at
    return utc_days(date)[0].toordinal() if date else 0
