"""The steps of a job: fetch, read, add. Each is safe to be the last one that happens.

An item that was `extracted` when a process ended is prepared and encoded again by the next one; an item whose article
had just become live then is told as `unchanged`, since adding it again changes nothing.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, replace

from index.articles import Article, check_size, make_article
from index.documents import Documents
from index.errors import IndexingError, InvalidArticleError, StorageError
from index.extracting.errors import ReaderDownError
from index.fetching import Fetched
from index.ingest import Added, Refused
from index.jobs.progress import ReadItem
from index.jobs.records import FETCHED, Failure, Fetch, Item
from index.jobs.store import JobStore
from index.listings import Entry, Listing, listing_in
from index.reading import LINE_SUFFIXES, Failed, Read, read_bytes

__all__ = ["AddAll", "Steps"]

AddAll = Callable[[Iterable[Article]], Iterator[Added | Refused]]
"""Adds articles to a library and tells what became of each; see Library.add_all."""

_TURN_ARTICLES = 32
_TURN_CHARS = 50_000  # about a second of encoding on slow cores: searches wait for no more
_PAGES_AHEAD = 8  # fetched and not read yet


class Steps:
    """Do what jobs in `store` wait for.

    `code_of` gives the code of an error; `max_bytes` bounds one article, `max_entries` the pages of a job's listings.
    StorageError comes from every step, and ReaderDownError from reading; they leave items as they were. Whatever else
    is wrong ends the item.
    """

    def __init__(
        self,
        store: JobStore,
        documents: Documents,
        *,
        max_bytes: int,
        max_entries: int,
        code_of: Callable[[Exception], str],
    ) -> None:
        self._store = store
        self._progress = store.progress
        self._documents = documents
        self._max_bytes = max_bytes
        self._max_entries = max_entries
        self._code_of = code_of

    def next_page(self, besides: Collection[Item]) -> Item | None:
        """Return a page to fetch, of another host than `besides`; None while enough of them wait to be read."""
        if self._progress.n_fetched() >= _PAGES_AHEAD:
            return None
        return self._progress.next_page(besides)

    def fetch(self, item: Item) -> Fetched | Failure:
        """Fetch a page; changes nothing."""
        try:
            return self._documents.fetch(item.name)
        except Exception as exc:  # noqa: BLE001  (what is wrong with one item ends that item alone)
            return self._failure(item.name, exc)

    def fetched(self, item: Item, outcome: Fetched | Failure) -> None:
        """Keep what `fetch` gave."""
        if isinstance(outcome, Failure):
            self._progress.failed(item.key, outcome)
        else:
            fetch = Fetch(outcome.url, outcome.fetched_at, outcome.content_type, outcome.charset, outcome.redirects)
            self._progress.fetched(item, fetch, outcome.body)

    def read_next(self) -> bool:
        """Read the item that waits longest, and tell whether there was one."""
        item = self._progress.next("fetched", [*FETCHED, "file", "article"])
        if item is None:
            return False
        data = self._progress.data(item)
        if data is None and item.kind in FETCHED:
            self._progress.fetch_again(item)
        elif data is None:
            self._progress.failed(item.key, Failure("storage", f"{item.name}: its bytes are gone; send it again"))
        elif isinstance(read := self._read(item, data), Listing):
            bounds = {"max_entries": self._max_entries, "max_items": self._store.limits.items}
            self._progress.listed(item, read, **bounds)
        else:
            self._progress.extracted(item, read)
        return True

    def add_some(self, add_all: AddAll) -> bool:
        """Add what waits, as much as one turn takes, and tell whether there was anything.

        For the thread that may write to the library. Raises what is wrong with the library itself.
        """
        return self._add(add_all, self._progress.waiting(most=_TURN_ARTICLES, most_chars=_TURN_CHARS))

    def add_one(self, add_all: AddAll) -> bool:
        """Add the article that waits longest; one that breaks what adds it fails. For where `add_some` broke."""
        waiting = self._progress.waiting(most=1, most_chars=0)
        try:
            return self._add(add_all, waiting)
        except IndexingError:
            raise
        except Exception as exc:  # noqa: BLE001  (as above)
            for key, article in waiting:
                self._progress.failed(key, self._failure(article.source or article.id, exc))
            return True

    def _add(self, add_all: AddAll, waiting: Sequence[tuple[int, Article]]) -> bool:
        if not waiting:
            return False
        outcomes = add_all([article for _, article in waiting])
        told = [
            (key, self._became(article, outcome)) for (key, article), outcome in zip(waiting, outcomes, strict=True)
        ]
        self._progress.added(told)
        return True

    def _became(self, article: Article, outcome: Added | Refused) -> str | Failure:
        if isinstance(outcome, Added):
            return outcome.change.value
        return self._failure(article.source or article.id, outcome.error)

    def _read(self, item: Item, data: bytes) -> list[ReadItem] | Listing:
        try:
            return self._address(item, data) if item.kind in FETCHED else self._parts(item, data)
        except (StorageError, ReaderDownError):
            raise
        except Exception as exc:  # noqa: BLE001  (as above)
            return [(item.name, self._failure(item.name, exc), ())]

    def _address(self, item: Item, data: bytes) -> list[ReadItem] | Listing:
        """Read an address: what a listing names as a page is never taken for a listing itself."""
        known = asdict(item.fetched) if item.fetched else {}
        fetched = Fetched(not_modified=False, body=data, **known)
        if item.kind != "entry" and (listing := listing_in(fetched)):
            return listing
        if item.kind == "listing":
            raise InvalidArticleError(f"{item.name}: is named as a sitemap, but is neither a sitemap nor a feed")
        entry = Entry.of(item.name, item.named.told) if item.named else None
        found = self._documents.read_page(fetched, max_bytes=self._max_bytes, entry=entry)
        return [(item.name, found.article, found.warnings)]

    def _parts(self, item: Item, data: bytes) -> list[ReadItem]:
        if item.kind == "article":
            return [(item.name, _article(item.name, data, self._max_bytes), ())]
        parts: list[ReadItem] = []
        for part in read_bytes(item.name, data, max_bytes=self._max_bytes, documents=self._documents):
            parts.append(self._part(item, part))
            if len(parts) > self._store.limits.items:
                raise InvalidArticleError(
                    f"{item.name}: holds more than {self._store.limits.items:,} articles; "
                    "cut it into several files, or raise PULLQUOTE_MAX_JOB_ITEMS"
                )
        if not parts:
            raise InvalidArticleError(f"{item.name}: is empty; an article needs text")
        return parts

    def _part(self, item: Item, part: Read | Failed) -> ReadItem:
        if isinstance(part, Failed):
            if isinstance(part.error, ReaderDownError):
                raise part.error
            error = self._code_of(part.error or InvalidArticleError(part.reason))
            return part.place, Failure(error, part.reason), ()
        ignored = [f"unknown fields ignored: {', '.join(part.ignored)}"[:2_000]] if part.ignored else []
        return item.name, _titled(part.article, item.name), (*part.warnings, *ignored)

    def _failure(self, name: str, error: Exception) -> Failure:
        if not isinstance(error, IndexingError):
            reason = f"{name}: an unexpected error ({type(error).__name__}); the other items are not affected"
            return Failure(self._code_of(error), reason)
        words = str(error).encode("utf-8", "replace").decode()
        return Failure(self._code_of(error), words if name in words else f"{name}: {words}")


def _titled(article: Article, name: str) -> Article:
    """Return an article with the name of its file as its title, where it has none and is all of the file."""
    if article.title or name.lower().endswith(LINE_SUFFIXES):
        return article
    stem = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1].partition(".")[0]
    return replace(article, title=" ".join(re.split(r"[\s_-]+", stem))[:200].strip() or None)


def _article(name: str, data: bytes, max_bytes: int) -> Article:
    fields = json.loads(data)
    check_size(fields["text"], max_bytes=max_bytes, place=name)
    return make_article(fields, place=name, origin="request")
