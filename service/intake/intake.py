"""What a look at a source finds, into a store of articles."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

from index import Article, Refused
from index.errors import ArticleNotFoundError
from index.ledger import Item, Reading, Source, SourceKind
from index.reading import Failed, Read, Skipped
from index.sources import Event, Found, Gone, Kept, Left, Missed, Noticed, Recognised, Removed, Same, unread
from service.contract import PutBody
from service.intake.tally import Tally

__all__ = ["Intake", "Store"]

_KEPT_AT_ONCE = 500


class Store(Protocol):
    """Where articles go, and what is known of sources."""

    def add_all(self, articles: Iterable[Article]) -> Iterator[PutBody | Refused]:
        """Add or replace articles; yield what became of each, in their order."""
        ...

    def remove(self, article_id: str) -> None:
        """Remove an article. Raises ArticleNotFoundError."""
        ...

    def sources(self) -> list[Source]:
        """Return the sources that are followed."""
        ...

    def items(self, key: int) -> list[Item]:
        """Return what was seen of a source."""
        ...

    def follow(self, place: str, kind: SourceKind) -> Source:
        """Follow a source, and return it."""
        ...

    def reading(self, place: str) -> Reading | None:
        """Return what the file at a place was read as, where its article is as that left it; in any thread."""
        ...

    def keep_readings(self, readings: Sequence[Reading]) -> None:
        """Keep what files were read as."""
        ...

    def note(self, key: int, seen: Sequence[Item], dropped: Sequence[str], *, synced: bool) -> None:
        """Keep what was seen of a source, and forget some places."""
        ...


class Intake:
    """Take in the events of one look.

    `add_all` is the store's, or what wraps it. What is gone is removed by `settle`, after all is read: another place of
    the same look may lead to the same article, or one of those `known` before that could not be read now.
    """

    def __init__(
        self,
        store: Store,
        tally: Tally,
        *,
        add_all: Callable[[Iterable[Article]], Iterator[PutBody | Refused]] | None = None,
        on_done: Callable[[], None] = lambda: None,
        known: Sequence[Item] = (),
    ) -> None:
        self._store = store
        self._tally = tally
        self._add_all = add_all or store.add_all
        self._on_done = on_done
        self._known = known
        self._given: deque[Found] = deque()
        self._readings: list[Reading] = []
        self._seen: list[Item] = []
        self._gone: list[Gone] = []
        self._left: list[str] = []
        self._alive: set[str] = set()
        self.kind: SourceKind | None = None

    def take(self, events: Iterable[Event]) -> None:
        """Add what is found, and count what became of it."""
        for outcome in self._add_all(self._articles(events)):
            self._told(self._given.popleft(), outcome)
            self._on_done()
        self._keep_readings()

    def settle(self, key: int | None, *, whole: bool) -> None:
        """Keep what was seen for source `key`; where it was read to its end, remove what is gone."""
        gone = self._gone if whole else []
        places = {each.item.place for each in gone}
        alive = self._alive | {item.article_id for item in self._known if item.place not in places}
        for item in (each.item for each in gone):
            if item.article_id and item.article_id not in alive and not item.shared:
                with suppress(ArticleNotFoundError):
                    self._store.remove(item.article_id)
                    self._tally.counts["deleted"] += 1
        if key is not None:
            named = [_without_article(each.item) for each in gone if each.named]
            dropped = [*(each.item.place for each in gone if not each.named), *self._left]
            self._store.note(key, [*self._seen, *named], dropped, synced=whole)

    def _articles(self, events: Iterable[Event]) -> Iterator[Article]:
        for event in events:
            if isinstance(event, Found):
                read = event.read
                self._tell(read.article.source or read.article.id, read.ignored, read.warnings)
                self._given.append(event)
                yield read.article
            elif isinstance(event, Same):
                self._same(event)
            elif isinstance(event, Removed):
                self._on_done()
            else:
                self._note(event)

    def _same(self, same: Same) -> None:
        self._tally.counts["unchanged"] += 1
        self._tell(same.reading.place, same.reading.ignored, same.reading.warnings)
        self._on_done()
        if same.item:
            self._keep(same.item)

    def _note(self, event: Event) -> None:
        match event:
            case Kept(item):
                self._keep(item)
                if item.kind == "page" and item.article_id:
                    self._tally.counts["unchanged"] += 1
                    self._on_done()
            case Missed(Failed(place, reason), item):
                self._tally.fail(place, reason)
                self._on_done()
                if item:
                    self._keep(item)
            case Gone():
                self._gone.append(event)
            case Left(item):
                self._left.append(item.place)
            case Noticed(place, warning):
                self._tally.warn(place, warning)
            case Recognised(kind):
                self.kind = kind
            case Skipped(place):
                self._tally.skipped.append(place)

    def _keep(self, item: Item) -> None:
        self._seen.append(item)
        if item.article_id:
            self._alive.add(item.article_id)

    def _tell(self, place: str, ignored: Sequence[str], warnings: Sequence[str]) -> None:
        self._tally.ignored.update(ignored)
        self._tally.warnings += [{"place": place, "warning": text} for text in warnings]

    def _keep_readings(self) -> None:
        kept, self._readings = self._readings, []
        self._store.keep_readings(kept)

    def _told(self, found: Found, outcome: PutBody | Refused) -> None:
        item, before = found.item, found.before
        if isinstance(outcome, Refused):
            self._tally.fail(outcome.article.source or outcome.article.id, str(outcome.error))
            if before:
                self._keep(before)
            elif item and item.kind == "page":  # to be tried again, whatever its listing says
                self._keep(_without_article(item))
            return
        self._tally.counts[outcome.change] += 1
        if found.read.key:
            self._readings.append(_reading(found.read, found.read.key, outcome.id))
            if len(self._readings) >= _KEPT_AT_ONCE:
                self._keep_readings()
        if item is None:
            return
        self._keep(replace(item, article_id=outcome.id))
        if before and before.article_id and before.article_id != outcome.id:
            self._tally.warn(item.place, f"gives the article {outcome.id} now; {before.article_id} stays as it was")
            self._alive.add(before.article_id)


def _reading(read: Read, key: str, article_id: str) -> Reading:
    article = read.article
    versions = (article.version, article.meta_version)
    return Reading(article.source or "", key, article.id, article_id, *versions, read.ignored, read.warnings)


def _without_article(item: Item) -> Item:
    return replace(unread(item), article_id=None)
