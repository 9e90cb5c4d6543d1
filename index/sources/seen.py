"""What a look keeps of an item beside what its listing says of it, and what that proves at the next look."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from index.articles import Article
from index.dates import utc_days
from index.fetching import Fetched
from index.ledger import Item, Reading
from index.listings import Entry

__all__ = ["as_read", "as_said", "gives_the_same", "is_removed", "unchanged", "unread", "with_article"]

_READ_AT = "read_at"
_GAVE = "gave"
_TIME = re.compile(r"[T ](\d{2}:\d{2}(?::\d{2})?)", re.ASCII)
_MIDNIGHT = ("00:00", "00:00:00")


def as_said(item: Item) -> Mapping[str, str]:
    """Return what the listing said of a page, or of a listing below it."""
    return Entry.of(item.place, item.told).told


def as_read(item: Item, fetched: Fetched) -> Item:
    """Return an item with what is to be kept of fetching it: its validators, and when that was."""
    told = {**item.told, _READ_AT: fetched.fetched_at}
    return replace(item, etag=fetched.etag, last_modified=fetched.last_modified, told=told)


def with_article(item: Item, article: Article | Reading) -> Item:
    """Return an item with what tells the article that it was read as from another."""
    return replace(item, told={**item.told, _GAVE: f"{article.version} {article.meta_version}"})


def is_removed(item: Item) -> bool:
    """Tell whether an item was read as an article which somebody has removed since."""
    return item.article_id is None and _GAVE in item.told


def gives_the_same(item: Item, before: Item) -> bool:
    """Tell whether an item gives the article now that it gave before."""
    return item.told.get(_GAVE) == before.told.get(_GAVE)


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
