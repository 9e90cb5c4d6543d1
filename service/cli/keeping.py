"""Articles and sources in this process."""

import asyncio
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Self, TypeVar

from index import Article, Refused
from index.ledger import Item, Live, Reading, Source, SourceKind
from service.contract import ArticleBody, ArticleList, PutBody
from service.intake.paging import PAGE, every_item
from service.settings import Settings
from service.shelf import Shelf, open_library

__all__ = ["Keeping"]

_T = TypeVar("_T")


class Keeping:
    """The shelf, on an event loop of its own; see Keeper, whose methods these are."""

    def __init__(self, shelf: Shelf, runner: asyncio.Runner) -> None:
        self._runner = runner
        self._shelf = shelf

    @classmethod
    @contextmanager
    def running(cls, settings: Settings) -> Iterator[Self]:
        """Yield the shelf of the settings, whose data folder the caller owns, and close it."""
        with asyncio.Runner() as runner:
            keeping = cls(Shelf(settings, open_library(settings)), runner)
            try:
                yield keeping
            finally:
                keeping._run(keeping._shelf.close())

    def articles(self, offset: int, limit: int) -> ArticleList:
        """Return one page of articles."""
        return self._run(self._shelf.articles(offset=offset, limit=limit))

    def article(self, article_id: str) -> ArticleBody:
        """Return an article."""
        return self._run(self._shelf.article(article_id))

    def add_all(self, articles: Iterable[Article]) -> Iterator[PutBody | Refused]:
        """Add or replace articles; yield what became of each, in their order."""
        return self._shelf.add_all(articles)

    def remove(self, article_id: str) -> None:
        """Remove an article."""
        self._run(self._shelf.remove(article_id))

    def live(self, article_id: str) -> Live | None:
        """Return what decides whether an article changes the one of that id; None where there is none."""
        return self._run(self._shelf.live(article_id))

    def reading(self, place: str) -> Reading | None:
        """Return what the file at a place was read as, where its article is as that left it; in any thread."""
        return self._shelf.reading(place)

    def sources(self) -> list[Source]:
        """Return what is followed."""
        return self._run(self._shelf.sources())

    def items(self, key: int) -> list[Item]:
        """Return what was seen of a source."""
        return every_item(lambda offset: self._run(self._shelf.source_items(key, offset=offset, limit=PAGE)))

    def follow(self, place: str, kind: SourceKind) -> Source:
        """Follow a source."""
        return self._run(self._shelf.follow(place, kind))

    def unfollow(self, key: int) -> None:
        """Follow a source no longer."""
        self._run(self._shelf.unfollow(key))

    def keep_readings(self, readings: Sequence[Reading]) -> None:
        """Keep what files were read as; in any thread."""
        self._shelf.keep_readings(readings)

    def note(self, key: int, seen: Sequence[Item], dropped: Sequence[str], *, synced: bool) -> None:
        """Keep what was seen of a source."""
        self._run(self._shelf.note(key, seen, dropped, synced=synced))

    def _run(self, work: Coroutine[None, None, _T]) -> _T:
        return self._runner.run(work)
