"""What a look keeps of an item beside what its listing says of it, and what that proves at the next look."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from index.dates import utc_days
from index.fetching import Fetched
from index.ledger import Item
from index.listings import Entry

__all__ = ["as_read", "as_said", "unchanged", "unread"]

_READ_AT = "read_at"
_TIME = re.compile(r"[T ](\d{2}:\d{2}(?::\d{2})?)", re.ASCII)
_MIDNIGHT = ("00:00", "00:00:00")


def as_said(item: Item) -> Mapping[str, str]:
    """Return what the listing said of a page, or of a listing below it."""
    return Entry.of(item.place, item.told).told


def as_read(item: Item, fetched: Fetched) -> Item:
    """Return an item with what is to be kept of fetching it: its validators, and when that was."""
    told = {**item.told, _READ_AT: fetched.fetched_at}
    return replace(item, etag=fetched.etag, last_modified=fetched.last_modified, told=told)


def unread(item: Item) -> Item:
    """Return an item as if it had never been read, so that the next look reads it whatever its listing says."""
    return replace(item, etag=None, last_modified=None, told=as_said(item))


def unchanged(lastmod: str | None, item: Item) -> bool:
    """Tell whether a lastmod proves that nothing has changed since an item was read.

    A day is equal for as long as it lasts, whatever happens on it. It proves something once it was over, anywhere on
    earth, before the reading. Midnight is what programs write that know only the day.
    """
    read_at = item.told.get(_READ_AT)
    if not lastmod or not read_at or item.told.get("lastmod") != lastmod:
        return False
    time = _TIME.search(lastmod)
    if time and time[1] not in _MIDNIGHT:
        return True
    try:
        return date.fromisoformat(read_at[:10]) > utc_days(lastmod)[1]
    except ValueError:
        return False
