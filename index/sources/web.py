"""An address on the web: a page, or a feed or sitemap and the pages that it names."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.documents import Documents
from index.errors import IndexingError
from index.fetching import Fetched
from index.fetching.errors import StatusError
from index.ledger import Item
from index.listings import Entry, newest
from index.reading import Failed, Read
from index.sources.events import Event, Found, Gone, Kept, Left, Missed, Noticed, Removed, stays_out
from index.sources.gathering import Gathered, Gatherer
from index.sources.seen import as_read, as_said, gives_the_same, is_removed, unchanged, unread, with_article

__all__ = ["Web"]

_GONE = (404, 410)


class Web:
    """Look at addresses; of a listing at most the newest `max_entries` pages are read, each of at most `max_bytes`."""

    def __init__(self, documents: Documents, *, max_bytes: int, max_entries: int) -> None:
        self._documents = documents
        self._max_bytes = max_bytes
        self._max_entries = max_entries

    def read(self, url: str, known: Sequence[Item] = ()) -> Iterator[Event]:
        """Yield what is at an address, compared with what was `known` of it.

        A page is fetched only if it has changed: by its sitemap's lastmod where that proves it, else by its ETag and
        Last-Modified. One that is named no longer is asked for once more: if it is gone, its article goes; else it is
        left alone from then on. What a listing says of itself comes last, for a look that is broken off must not make
        the next one skip pages.
        """
        before = {item.place: item for item in known}
        gatherer = Gatherer(self._documents, before, self._max_entries)
        yield from gatherer.run(url)
        if gatherer.page:
            yield self._read(gatherer.page, Item(url, "page"), None, None)
            return
        found = gatherer.found
        chosen, cut = self._chosen(found)
        if cut:
            most = f"the newest {self._max_entries:,}; PULLQUOTE_MAX_ENTRIES raises that"
            yield Noticed(url, f"{cut:,} pages were left out beside {most}")
        removed = 0
        for entry, listing in chosen:
            event = self._page(entry, listing, before.get(entry.url))
            yield event
            if isinstance(event, Removed):
                removed += 1
                if event.item.listing != listing:
                    yield Kept(replace(event.item, listing=listing))
        yield from stays_out(url, removed)
        yield from (self._asked_once_more(item) for item in _named_no_longer(found, known))
        for item in found.listings:
            yield Kept(unread(item) if cut else item)

    def _chosen(self, found: Gathered) -> tuple[list[tuple[Entry, str]], int]:
        """Return the newest pages in the order in which they are named, and how many were left out."""
        pages = list(found.pages.values())
        if len(pages) <= self._max_entries:
            return pages, 0
        kept = {entry.url for entry in newest([entry for entry, _ in pages], self._max_entries)}
        return [page for page in pages if page[0].url in kept], len(pages) - self._max_entries

    def _page(self, entry: Entry, listing: str, known: Item | None) -> Event:
        item = Item(entry.url, "page", listing=listing, told=entry.told)
        held = known if known and (known.article_id or is_removed(known)) else None
        told_anew = held is None or as_said(held) != entry.told
        if held and not told_anew and unchanged(entry.lastmod, held):
            return _kept(held, replace(held, listing=listing))
        # what a listing says anew is to be filled in, even where the page itself has not changed
        conditions = (held.etag, held.last_modified) if held and not told_anew else (None, None)
        try:
            fetched = self._documents.fetch(entry.url, etag=conditions[0], last_modified=conditions[1])
        except IndexingError as exc:
            return _unfetched(item, held, exc, named=True)
        if fetched.not_modified and held:
            return _kept(held, as_read(replace(held, listing=listing), fetched))
        return self._read(fetched, item, entry, held)

    def _read(self, fetched: Fetched, item: Item, entry: Entry | None, held: Item | None) -> Event:
        try:
            found = self._documents.read_page(fetched, max_bytes=self._max_bytes, entry=entry)
        except IndexingError as exc:
            return _missed(item, held, exc)
        seen = with_article(as_read(item, fetched), found.article)
        if held and is_removed(held) and gives_the_same(seen, held):
            return Removed(held)
        return Found(Read(found.article, warnings=found.warnings), seen, held if held and held.article_id else None)

    def _asked_once_more(self, item: Item) -> Event:
        if is_removed(item):  # remembered, should a listing name it again
            return Kept(replace(item, listing=None))
        try:
            self._documents.fetch(item.place, etag=item.etag, last_modified=item.last_modified)
        except IndexingError as exc:
            return _unfetched(item, item, exc, named=False)
        return Left(item)


def _kept(held: Item, now: Item) -> Event:
    return Removed(held) if is_removed(held) else Kept(now)


def _unfetched(item: Item, held: Item | None, error: IndexingError, *, named: bool) -> Event:
    if held and isinstance(error, StatusError) and error.status in _GONE:
        return Removed(held) if is_removed(held) else Gone(held, named)
    return _missed(item, held, error)


def _missed(item: Item, held: Item | None, error: IndexingError) -> Missed:
    """Return a failure; what is known of a removed article is left as it is."""
    failed = Failed(item.place, _named(item.place, error))
    return Missed(failed, None if held and is_removed(held) else held or item)


def _named(place: str, error: IndexingError) -> str:
    """Return what is wrong, with the address that was asked for, which is another where it redirects."""
    said = str(error)
    return said if said.startswith(place) else f"{place}: {said}"


def _named_no_longer(found: Gathered, known: Sequence[Item]) -> list[Item]:
    """Return the items of listings that were read, or that are themselves named no longer, which nothing names now."""
    listings = [item for item in known if item.kind == "listing" and item.listing in found.read]
    gone = {item.place for item in listings} - found.read - found.unread
    pages = [item for item in known if item.kind == "page" and item.place not in found.pages]
    return [item for item in pages if item.listing in found.read or item.listing in gone]
