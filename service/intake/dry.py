"""A store that says what would be done, and does nothing."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from index import Article, Refused
from index.errors import ArticleNotFoundError, IndexingError
from index.ingest import plan
from index.ledger import Item, Live, Reading, Source, SourceKind
from service.contract import PutBody

__all__ = ["DryStore", "Nothing", "Planned"]


class Planned(Protocol):
    """What tells what is there."""

    def live(self, article_id: str) -> Live | None:
        """Return what decides whether an article changes the one of that id; None where there is none."""
        ...

    def reading(self, place: str) -> Reading | None:
        """Return what the file at a place was read as, where its article is as that left it."""
        ...

    def sources(self) -> list[Source]:
        """Return the sources that are followed."""
        ...

    def items(self, key: int) -> list[Item]:
        """Return what was seen of a source."""
        ...


class Nothing:
    """What is there where there is no ledger."""

    def live(self, article_id: str) -> None:
        """Return None."""

    def reading(self, place: str) -> None:
        """Return None."""

    def sources(self) -> list[Source]:
        """Return none."""
        return []

    def items(self, key: int) -> list[Item]:
        """Return none."""
        del key
        return []


class DryStore:
    """Plan what a store would do; an article that comes twice is compared with itself the second time."""

    def __init__(self, there: Planned) -> None:
        self._there = there
        self._planned: dict[str, Live | None] = {}

    def add_all(self, articles: Iterable[Article]) -> Iterator[PutBody | Refused]:
        """Yield what would become of each article."""
        for article in articles:
            live = self._live(article.id)
            try:
                change = plan(article, live)
            except IndexingError as exc:
                yield Refused(article, exc)
                continue
            described = (article.title, article.language, article.source, article.origins)
            self._planned[article.id] = Live(article.version, article.meta_version, *described)
            yield PutBody(id=article.id, version=article.version, change=change.value, encoded=0)

    def remove(self, article_id: str) -> None:
        """Find the article that would be removed. Raises ArticleNotFoundError."""
        if self._live(article_id) is None:
            raise ArticleNotFoundError(f"there is no article {article_id!r}")
        self._planned[article_id] = None

    def reading(self, place: str) -> Reading | None:
        """Return what the file at a place was read as, unless its article would have changed by now."""
        reading = self._there.reading(place)
        return None if reading and reading.article_id in self._planned else reading

    def keep_readings(self, readings: Sequence[Reading]) -> None:
        """Keep none."""

    def sources(self) -> list[Source]:
        """Return the sources that are followed."""
        return self._there.sources()

    def items(self, key: int) -> list[Item]:
        """Return what was seen of a source."""
        return self._there.items(key)

    def follow(self, place: str, kind: SourceKind) -> Source:
        """Return the source as it would be."""
        return Source(0, place, kind, "", None, 0)

    def note(self, key: int, seen: Sequence[Item], dropped: Sequence[str], *, synced: bool) -> None:
        """Keep nothing."""

    def _live(self, article_id: str) -> Live | None:
        return self._planned[article_id] if article_id in self._planned else self._there.live(article_id)
