"""The pages of a feed, or of a sitemap and those below it, gathered before the first one is fetched."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from index.documents import Documents
from index.errors import IndexingError
from index.fetching import Fetched
from index.ledger import Item
from index.listings import MAX_DEPTH, MAX_LISTINGS, Entry, Listing, listing_in, newest_first
from index.reading import Failed
from index.sources.events import Event, Missed, Noticed, Recognised
from index.sources.seen import as_read, unchanged

__all__ = ["Gathered", "Gatherer"]


@dataclass(frozen=True)
class _Waiting:
    entry: Entry
    parent: str | None
    depth: int


class Gathered:
    """Pages by address, each with the listing that names it first; listings to keep, read ones, and others."""

    def __init__(self) -> None:
        self.listings: list[Item] = []
        self.pages: dict[str, tuple[Entry, str]] = {}
        self.read: set[str] = set()
        self.unread: set[str] = set()


class Gatherer:
    """Gather once, beginning at an address; `known` is what was seen of it before, by place.

    A listing that has not changed, or that its sitemap index says has not, gives what it gave before. `page` is what
    was fetched if the address turns out to be no listing.
    """

    def __init__(self, documents: Documents, known: Mapping[str, Item], enough: int) -> None:
        self._documents = documents
        self._known = known
        self._enough = enough
        self._waiting: deque[_Waiting] = deque()
        self.found = Gathered()
        self.page: Fetched | None = None

    def run(self, url: str) -> Iterator[Event]:
        """Yield what is to be told of the listings themselves."""
        self._waiting.append(_Waiting(Entry(url, "sitemap"), None, 0))
        while self._waiting:
            each = self._waiting.popleft()
            if each.entry.url in self.found.read | self.found.unread:
                yield Noticed(each.parent or url, f"names {each.entry.url} again, which was read once")
            elif len(self.found.read) >= MAX_LISTINGS or (each.depth and len(self.found.pages) >= self._enough):
                yield Noticed(url, f"{len(self._waiting) + 1} sitemaps were not read; the others hold enough pages")
                self.found.unread.update(one.entry.url for one in (each, *self._waiting))
                return
            else:
                yield from self._listing(each)

    def _listing(self, waiting: _Waiting) -> Iterator[Event]:
        url, known = waiting.entry.url, self._known.get(waiting.entry.url)
        if known and unchanged(waiting.entry.lastmod, known):
            self.found.listings.append(replace(known, listing=waiting.parent))
            yield from self._take(waiting, self._as_before(url))
            return
        try:
            etag, last_modified = (known.etag, known.last_modified) if known else (None, None)
            fetched = self._documents.fetch(url, etag=etag, last_modified=last_modified)
            listing = self._as_before(url) if fetched.not_modified else listing_in(fetched)
        except IndexingError as exc:
            self.found.unread.add(url)
            yield Missed(Failed(url, str(exc)))
            return
        if listing is None and waiting.depth == 0 and not self._known:
            self.page = fetched
        elif listing is None:
            self.found.unread.add(url)
            yield Missed(Failed(url, f"{url}: is neither a feed nor a sitemap now; nothing of it was changed"))
        else:
            if waiting.depth == 0:
                yield Recognised(listing.kind)
            item = Item(url, "listing", listing=waiting.parent, told=waiting.entry.told)
            self.found.listings.append(as_read(item, fetched))
            yield from (Noticed(url, warning) for warning in listing.warnings)
            yield from self._take(waiting, listing)

    def _take(self, waiting: _Waiting, listing: Listing) -> Iterator[Event]:
        url = waiting.entry.url
        self.found.read.add(url)
        for entry in listing.entries:
            self.found.pages.setdefault(entry.url, (entry, url))
        below = newest_first(listing.listings)
        if below and waiting.depth + 1 > MAX_DEPTH:
            self.found.unread.update(entry.url for entry in below)
            yield Noticed(url, f"{len(below)} sitemaps more than {MAX_DEPTH} deep were not read")
        else:
            self._waiting.extend(_Waiting(entry, url, waiting.depth + 1) for entry in below)

    def _as_before(self, url: str) -> Listing:
        """Return what a listing held when it was read last."""
        held = [item for item in self._known.values() if item.listing == url]
        pages, below = (
            tuple(Entry.of(item.place, item.told) for item in held if item.kind == kind) for kind in ("page", "listing")
        )
        return Listing("feed" if any(entry.origin == "feed" for entry in pages) else "sitemap", pages, below)
