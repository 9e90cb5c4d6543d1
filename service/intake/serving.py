"""Keeping up with sources while the service runs: a thread that fetches, and hands each article to the desk's worker.

Questions take their turn between two articles. The thread touches nothing but the network and the desk, so that one
which hangs in a fetch when the service stops can be left behind.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from typing import TypeVar

import structlog

from index import Article, Refused
from index.errors import IndexingError, ManifestMismatchError, StorageError, WeightsError
from index.ledger import Item, Reading, Source, SourceKind
from service.contract import PutBody
from service.desk import Desk
from service.documents import make_documents
from service.intake.looks import Looks
from service.intake.paging import PAGE, every_item
from service.intake.syncing import Synced, sync_source
from service.settings import Settings

__all__ = ["DeskStore", "KeepingUp"]

_STOPPING_S = 5.0
_TOLD = 20
_T = TypeVar("_T")


class StoppedError(Exception):
    """The service stops."""


class DeskStore:
    """The desk, for a thread beside its event loop. Raises StoppedError once `stopped` is set."""

    def __init__(self, desk: Desk, loop: asyncio.AbstractEventLoop, stopped: threading.Event) -> None:
        self._desk = desk
        self._loop = loop
        self._stopped = stopped

    def add_all(self, articles: Iterable[Article]) -> Iterator[PutBody | Refused]:
        """Add or replace articles, one at a time; yield what became of each."""
        for article in articles:
            try:
                yield self._run(lambda article=article: self._desk.add(article))  # type: ignore[misc]
            except (ManifestMismatchError, StorageError, WeightsError):
                raise  # of the library, not of this article
            except IndexingError as exc:
                yield Refused(article, exc)

    def remove(self, article_id: str) -> None:
        """Remove an article. Raises ArticleNotFoundError."""
        self._run(lambda: self._desk.remove(article_id))

    def sources(self) -> list[Source]:
        """Return what is followed."""
        return self._run(self._desk.sources)

    def items(self, key: int) -> list[Item]:
        """Return what was seen of a source."""
        return every_item(lambda offset: self._run(lambda: self._desk.source_items(key, offset=offset, limit=PAGE)))

    def follow(self, place: str, kind: SourceKind) -> Source:
        """Follow a source."""
        return self._run(lambda: self._desk.follow(place, kind))

    def reading(self, place: str) -> Reading | None:
        """Return what the file at a place was read as, where its article is as that left it."""
        self._check_going_on()
        return self._desk.reading(place)

    def keep_readings(self, readings: Sequence[Reading]) -> None:
        """Keep what files were read as."""
        self._check_going_on()
        self._desk.keep_readings(readings)

    def note(self, key: int, seen: Sequence[Item], dropped: Sequence[str], *, synced: bool) -> None:
        """Keep what was seen of a source."""
        self._run(lambda: self._desk.note(key, seen, dropped, synced=synced))

    def _check_going_on(self) -> None:
        if self._stopped.is_set():
            raise StoppedError

    def _run(self, work: Callable[[], Coroutine[None, None, _T]]) -> _T:
        self._check_going_on()
        return asyncio.run_coroutine_threadsafe(work(), self._loop).result()


class KeepingUp:
    """Look at what is followed every so many minutes, the first time at once, until it is stopped."""

    def __init__(self, settings: Settings, desk: Desk) -> None:
        self._settings = settings
        self._stopped = threading.Event()
        self._store = DeskStore(desk, asyncio.get_running_loop(), self._stopped)
        self._thread = threading.Thread(target=self._run, name="keeping up", daemon=True)
        self._log = structlog.get_logger("pullquote")

    def start(self) -> None:
        """Begin, unless the settings say never."""
        if self._settings.sync_minutes:
            self._thread.start()

    async def stop(self) -> None:
        """Let the article in work be finished, for some seconds, and begin no other."""
        self._stopped.set()
        if self._thread.is_alive():
            await asyncio.to_thread(self._thread.join, _STOPPING_S)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                with make_documents(self._settings) as documents:
                    self._look(Looks(self._settings, documents, self._store.reading))
            except StoppedError:
                return
            except Exception as exc:  # noqa: BLE001  (the next look may find it mended)
                self._log.error("sync", error=str(exc))
            self._stopped.wait(self._settings.sync_minutes * 60)

    def _look(self, looks: Looks) -> None:
        for source in self._store.sources():
            synced = Synced(source)
            try:
                sync_source(self._store, looks, synced)
            finally:
                counts = dict(synced.tally.counts)
                self._log.info("sync", source=source.place, **counts, warnings=len(synced.tally.warnings))
            for failure in synced.tally.failures[:_TOLD]:
                self._log.warning("sync", place=failure["place"], failed=failure["reason"])
