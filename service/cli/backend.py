"""Who does the work of a command: the server that owns the data folder, or this process where none does."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Protocol, TypeVar

import httpx

from index import Refused
from index.articles import Article
from index.errors import LibraryBusyError
from index.ledger import Database, Item, Live, Reader, Reading, Readings, Source, SourceKind, Sources
from index.owner import Address, Ownership, find_owner
from index.restoring import is_pending
from service import projection
from service.cli.server import Server
from service.contract import (
    Answer,
    ArticleBody,
    ArticleList,
    AskIn,
    PutBody,
    SearchBody,
    SearchIn,
)
from service.intake.paging import PAGE, every_item
from service.settings import Settings

__all__ = ["Backend", "Catalogue", "Keeper", "open_backend", "open_catalogue", "open_keeper"]

_BUSY_WAIT_S = 10
_TURN_S = 1
_T = TypeVar("_T")


class Catalogue(Protocol):
    """What lists and shows articles and sources."""

    def articles(self, offset: int, limit: int) -> ArticleList:
        """Return one page of articles."""
        ...

    def article(self, article_id: str) -> ArticleBody:
        """Return an article."""
        ...

    def live(self, article_id: str) -> Live | None:
        """Return what decides whether an article changes the one of that id; None where there is none."""
        ...

    def reading(self, place: str) -> Reading | None:
        """Return what the file at a place was read as, where its article is as that left it; in any thread."""
        ...

    def sources(self) -> list[Source]:
        """Return what is followed."""
        ...

    def items(self, key: int) -> list[Item]:
        """Return what was seen of a source."""
        ...


class Keeper(Catalogue, Protocol):
    """What keeps articles and sources; the bodies are those of the HTTP contract."""

    def add_all(self, articles: Iterable[Article]) -> Iterator[PutBody | Refused]:
        """Add or replace articles; yield what became of each, in their order."""
        ...

    def remove(self, article_id: str) -> None:
        """Remove an article."""
        ...

    def follow(self, place: str, kind: SourceKind) -> Source:
        """Follow a source."""
        ...

    def unfollow(self, key: int) -> None:
        """Follow a source no longer."""
        ...

    def keep_readings(self, readings: Sequence[Reading]) -> None:
        """Keep what files were read as; in any thread."""
        ...

    def note(self, key: int, seen: Sequence[Item], dropped: Sequence[str], *, synced: bool) -> None:
        """Keep what was seen of a source."""
        ...


class Backend(Keeper, Protocol):
    """What commands ask for."""

    def ask(self, request: AskIn) -> Answer:
        """Answer a question."""
        ...

    def search(self, request: SearchIn) -> SearchBody:
        """Search."""
        ...


def open_backend(settings: Settings) -> AbstractContextManager[Backend]:
    """Return what answers questions too: the running server where there is one, else this process.

    Entering it raises LibraryBusyError where another command owns the data folder for more than ten seconds.
    """
    return _reached(settings, _asking)


def open_keeper(settings: Settings) -> AbstractContextManager[Keeper]:
    """Return what keeps articles and sources; see open_backend. Knows no chat model, which takes a second to import."""
    return _reached(settings, _keeping)


def open_catalogue(settings: Settings) -> AbstractContextManager[Catalogue]:
    """Return what can list and show articles: the running server, or the ledger, which needs no ownership."""
    return _reached(settings, _reading)


@contextmanager
def _reached(settings: Settings, own: Callable[[Settings], AbstractContextManager[_T]]) -> Iterator[Server | _T]:
    """Yield the running server, or where there is none what `own` opens in this process."""
    with ExitStack() as stack:
        owner = find_owner(settings.data_dir)
        here: Server | _T
        if owner is None:
            try:
                here = stack.enter_context(own(settings))
            except LibraryBusyError:
                owner = find_owner(settings.data_dir)
                if owner is None:
                    raise
        if owner is not None:
            here = stack.enter_context(_served(settings, owner))
        yield here


@contextmanager
def _served(settings: Settings, owner: Address) -> Iterator[Server]:
    timeout = settings.chat_timeout_s * 3  # a server that is still starting listens already
    with httpx.Client(base_url=owner.url, trust_env=False, timeout=timeout) as client:
        yield Server(client, owner)


@contextmanager
def _asking(settings: Settings) -> Iterator[Backend]:
    from service.cli.asking import Asking  # noqa: PLC0415  (1 s of LangChain, not needed through a server)

    with _owning(settings), Asking.running(settings) as asking:
        yield asking


@contextmanager
def _keeping(settings: Settings) -> Iterator[Keeper]:
    from service.cli.keeping import Keeping  # noqa: PLC0415  (the journal, not needed through a server)

    with _owning(settings), Keeping.running(settings) as keeping:
        yield keeping


@contextmanager
def _reading(settings: Settings) -> Iterator[Catalogue]:
    if is_pending(settings.data_dir):
        Ownership(settings.data_dir, wait_s=_BUSY_WAIT_S).release()
    database = Database(settings.data_dir / "ledger.db")
    try:
        yield _Ledger(Reader(database), Sources(database), Readings(database))
    finally:
        database.close()


@contextmanager
def _owning(settings: Settings) -> Iterator[None]:
    ownership = _owned(settings)
    try:
        yield
    finally:
        ownership.release()


def _owned(settings: Settings) -> Ownership:
    """Wait for the data folder to be free; raise LibraryBusyError as soon as a server that began meanwhile is there."""
    deadline = time.monotonic() + _BUSY_WAIT_S
    while True:
        try:
            return Ownership(settings.data_dir, wait_s=_TURN_S)
        except LibraryBusyError:
            if time.monotonic() >= deadline or find_owner(settings.data_dir):
                raise


class _Ledger:
    """The ledger alone, read without the index."""

    def __init__(self, reader: Reader, sources: Sources, readings: Readings) -> None:
        self._reader = reader
        self._sources = sources
        self._readings = readings

    def articles(self, offset: int, limit: int) -> ArticleList:
        rows = self._reader.articles(offset=offset, limit=limit)
        return projection.article_list(rows, self._reader.n_articles(), offset, limit)

    def article(self, article_id: str) -> ArticleBody:
        return projection.article_body(self._reader.article(article_id))

    def live(self, article_id: str) -> Live | None:
        return self._reader.live(article_id)

    def reading(self, place: str) -> Reading | None:
        return self._readings.find(place)

    def sources(self) -> list[Source]:
        return self._sources.all()

    def items(self, key: int) -> list[Item]:
        return every_item(lambda offset: self._sources.items(key, offset=offset, limit=PAGE))
