"""Who does the work of a command: the server that owns the data folder, or this process where none does."""

import asyncio
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeVar

import httpx

from index import Refused
from index.articles import Article
from index.ledger import Database, Item, Live, Reader, Source, SourceKind, Sources
from index.owner import Ownership, find_owner
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

__all__ = ["Backend", "Catalogue", "open_backend", "open_catalogue"]

_BUSY_WAIT_S = 10
_CONNECT_RETRIES = 4
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

    def sources(self) -> list[Source]:
        """Return what is followed."""
        ...

    def items(self, key: int) -> list[Item]:
        """Return what was seen of a source."""
        ...


class Backend(Catalogue, Protocol):
    """What commands ask for; the bodies are those of the HTTP contract."""

    def ask(self, request: AskIn) -> Answer:
        """Answer a question."""
        ...

    def search(self, request: SearchIn) -> SearchBody:
        """Search."""
        ...

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

    def note(self, key: int, seen: Sequence[Item], dropped: Sequence[str], *, synced: bool) -> None:
        """Keep what was seen of a source."""
        ...


@contextmanager
def open_backend(settings: Settings) -> Iterator[Backend]:
    """Yield the running server where there is one, else this process as the owner of the data folder.

    Raises LibraryBusyError where another command owns it for more than ten seconds.
    """
    owner = find_owner(settings.data_dir)
    if owner:
        # a server that is just starting is tried again for some seconds
        transport = httpx.HTTPTransport(retries=_CONNECT_RETRIES)
        timeout = settings.chat_timeout_s * 3
        with httpx.Client(base_url=owner.url, transport=transport, trust_env=False, timeout=timeout) as client:
            yield Server(client, owner)
        return
    ownership = Ownership(settings.data_dir, wait_s=_BUSY_WAIT_S)
    try:
        with _InProcess.running(settings) as backend:
            yield backend
    finally:
        ownership.release()


@contextmanager
def open_catalogue(settings: Settings) -> Iterator[Catalogue]:
    """Yield what can list and show articles: the running server, or the ledger, which needs no ownership."""
    owner = find_owner(settings.data_dir)
    if owner:
        with open_backend(settings) as backend:
            yield backend
        return
    if is_pending(settings.data_dir):
        Ownership(settings.data_dir, wait_s=_BUSY_WAIT_S).release()
    database = Database(settings.data_dir / "ledger.db")
    try:
        yield _Ledger(Reader(database), Sources(database))
    finally:
        database.close()


class _Ledger:
    """The ledger alone, read without the index."""

    def __init__(self, reader: Reader, sources: Sources) -> None:
        self._reader = reader
        self._sources = sources

    def articles(self, offset: int, limit: int) -> ArticleList:
        rows = self._reader.articles(offset=offset, limit=limit)
        return projection.article_list(rows, self._reader.n_articles(), offset, limit)

    def article(self, article_id: str) -> ArticleBody:
        return projection.article_body(self._reader.article(article_id))

    def live(self, article_id: str) -> Live | None:
        return self._reader.live(article_id)

    def sources(self) -> list[Source]:
        return self._sources.all()

    def items(self, key: int) -> list[Item]:
        return every_item(lambda offset: self._sources.items(key, offset=offset, limit=PAGE))


class _InProcess:
    """The desk in this process, on an event loop of its own."""

    def __init__(self, settings: Settings, runner: asyncio.Runner) -> None:
        from service.desk import Desk  # noqa: PLC0415  (1 s of LangChain, not needed through a server)

        self._runner = runner
        self._desk = Desk.open(settings)

    @classmethod
    @contextmanager
    def running(cls, settings: Settings) -> Iterator[Backend]:
        with asyncio.Runner() as runner:
            backend = cls(settings, runner)
            try:
                yield backend
            finally:
                backend._run(backend._desk.close())

    def ask(self, request: AskIn) -> Answer:
        return self._run(self._desk.ask(request))

    def search(self, request: SearchIn) -> SearchBody:
        return self._run(self._desk.search(request))

    def articles(self, offset: int, limit: int) -> ArticleList:
        return self._run(self._desk.articles(offset=offset, limit=limit))

    def article(self, article_id: str) -> ArticleBody:
        return self._run(self._desk.article(article_id))

    def add_all(self, articles: Iterable[Article]) -> Iterator[PutBody | Refused]:
        return self._desk.add_all(articles)

    def remove(self, article_id: str) -> None:
        self._run(self._desk.remove(article_id))

    def live(self, article_id: str) -> Live | None:
        return self._run(self._desk.live(article_id))

    def sources(self) -> list[Source]:
        return self._run(self._desk.sources())

    def items(self, key: int) -> list[Item]:
        return every_item(lambda offset: self._run(self._desk.source_items(key, offset=offset, limit=PAGE)))

    def follow(self, place: str, kind: SourceKind) -> Source:
        return self._run(self._desk.follow(place, kind))

    def unfollow(self, key: int) -> None:
        self._run(self._desk.unfollow(key))

    def note(self, key: int, seen: Sequence[Item], dropped: Sequence[str], *, synced: bool) -> None:
        self._run(self._desk.note(key, seen, dropped, synced=synced))

    def _run(self, work: Coroutine[None, None, _T]) -> _T:
        return self._runner.run(work)
