"""What a listing makes of its item: an item for each page, and for each further sitemap, that it names.

The items of a job are worked off one by one, so what a listing names is bounded when that listing is read, by what the
job holds by then: all its listings give at most `max_entries` pages, it has at most `max_items` items and MAX_LISTINGS
sitemaps, MAX_DEPTH deep. Of each listing the newest pages are taken, and the sitemaps of an index are fetched with
the newest first, so that what is left out is mostly the oldest. An address that the job has already is not taken again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from index.errors import AddressError
from index.jobs.records import FETCHED, Item, ItemKind, ItemState, Named, NewItem
from index.listings import MAX_DEPTH, MAX_LISTINGS, Entry, Listing, newest, newest_first
from index.urls import normalise_url

__all__ = ["Expanded", "Held", "expand"]


@dataclass(frozen=True)
class Held:
    """What a job holds: addresses in their one form, and how many pages and sitemaps its listings named.

    Listings that were read are none of its `items`.
    """

    addresses: frozenset[str]
    items: int
    entries: int
    listings: int

    @classmethod
    def of(cls, items: Iterable[tuple[ItemKind, str, ItemState]]) -> Self:
        """Count items, each by its kind, name and state."""
        known = list(items)
        return cls(
            frozenset(_one_form(name) for kind, name, _ in known if kind in FETCHED),
            sum(state != "listed" for _, _, state in known),
            sum(kind == "entry" for kind, _, _ in known),
            sum(kind == "listing" for kind, _, _ in known),
        )


@dataclass(frozen=True)
class Expanded:
    """The items that a listing is replaced by, what it was, and what was left out."""

    items: tuple[NewItem, ...]
    reason: str
    warnings: tuple[str, ...]


def expand(item: Item, listing: Listing, held: Held, *, max_entries: int, max_items: int) -> Expanded:
    """Return what a listing, which the address of `item` turned out to be, is replaced by."""
    depth = item.named.depth + 1 if item.named else 1
    known = held.addresses | {_one_form(item.name)}
    pages = [entry for entry in listing.entries if entry.url not in known]
    below = [entry for entry in newest_first(listing.listings) if entry.url not in known]
    again = len(listing.entries) + len(listing.listings) - len(pages) - len(below)
    room = max_items - held.items
    chosen = newest(pages, min(room, max_entries - held.entries))
    sitemaps = below[: max(0, min(room - len(chosen), MAX_LISTINGS - held.listings))] if depth <= MAX_DEPTH else []
    limit = "PULLQUOTE_MAX_JOB_ITEMS" if room < max_entries - held.entries else "PULLQUOTE_MAX_ENTRIES"
    left_out = {
        "addresses that it names are in this job already": again,
        f"pages were left out beside the newest {len(chosen):,}; {limit} raises that": len(pages) - len(chosen),
        _why_unread(depth, len(sitemaps)): len(below) - len(sitemaps),
    }
    named = " and ".join(_named(listing)) or "nothing"
    return Expanded(
        (*_items("entry", chosen, depth), *_items("listing", sitemaps, depth)),
        f"{item.name}: is a {listing.kind} that names {named}",
        (*listing.warnings, *(f"{n:,} {what}" for what, n in left_out.items() if n)),
    )


def _named(listing: Listing) -> list[str]:
    counts = {"pages": len(listing.entries), "sitemaps": len(listing.listings)}
    return [f"{n:,} {what}" for what, n in counts.items() if n]


def _why_unread(depth: int, n_read: int) -> str:
    if depth > MAX_DEPTH:
        return f"sitemaps more than {MAX_DEPTH} deep were not read"
    return f"sitemaps were left out beside the newest {n_read:,}; a job reads {MAX_LISTINGS}, within its items"


def _items(kind: ItemKind, entries: Sequence[Entry], depth: int) -> list[NewItem]:
    return [NewItem(kind, entry.url, named=Named(entry.told, depth)) for entry in entries]


def _one_form(address: str) -> str:
    try:
        return normalise_url(address)
    except AddressError:
        return address
