"""The shelf: articles and sources, kept and read, for whatever needs no question answered."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from index import Article, Library, Refused, make_article
from index.articles import check_size
from index.jobs import Limits
from index.ledger import Item, Live, Reading, Source, SourceKind
from service import projection
from service.contract import ArticleBody, ArticleIn, ArticleList, PutBody
from service.encoders import make_encoder
from service.journal import Journal
from service.rerankers import make_reranker
from service.settings import Settings
from service.worker import Worker

__all__ = ["Shelf", "open_library"]


def open_library(settings: Settings) -> Library:
    """Open the library of the settings; the caller owns its folder."""
    limits = Limits(settings.max_jobs, settings.max_job_items, settings.max_spool_bytes, settings.keep_jobs_days)
    return Library(settings.data_dir, lambda: make_encoder(settings), make_reranker(settings), limits)


class Shelf:
    """Keep articles and sources. Every method may raise errors of the index and of the service."""

    def __init__(self, settings: Settings, library: Library) -> None:
        self._settings = settings
        self._library = library
        self._worker = Worker("library")
        self._reader = Worker("reader")  # reading an article does not wait for one that is encoded
        self._journal = Journal(settings.journal_path, days=settings.keep_answers_days, is_live=self._is_live)

    async def put(self, article_id: str, body: ArticleIn) -> PutBody:
        """Add or replace an article. Raises InvalidArticleError for one that cannot be stored."""
        place = f"article {article_id[:140]}"
        check_size(body.text, max_bytes=self._settings.max_article_bytes, place=place)
        fields = {**body.model_dump(exclude={"source", "origins", "pages"}), "id": article_id}
        # language detection of a long article takes most of a second
        article = await self._reader.run(
            make_article, fields, place=place, source=body.source, origin="request", pages=body.pages
        )
        return await self.add(replace(article, origins={**article.origins, **body.origins}))

    async def add(self, article: Article) -> PutBody:
        """Add or replace an article that was read already."""
        return projection.put_body(await self._worker.run(self._library.add, article))

    def add_all(self, articles: Iterable[Article]) -> Iterator[PutBody | Refused]:
        """Add or replace articles that were read already; yield what became of each, in their order.

        For a process without an event loop that runs.
        """
        for outcome in self._worker.each(self._library.add_all(articles)):
            yield outcome if isinstance(outcome, Refused) else projection.put_body(outcome)

    async def remove(self, article_id: str) -> None:
        """Remove an article, what waits in jobs to become it, and its words from kept answers.

        Raises ArticleNotFoundError for an unknown id, and JournalError where only the second failed.
        """
        await self._worker.run(self._library.remove, article_id)
        await self._journal.redact(article_id)

    async def articles(self, *, offset: int, limit: int) -> ArticleList:
        """Return one page of articles by id."""
        rows = await self._reader.run(self._library.reader.articles, offset=offset, limit=limit)
        total = await self._reader.run(self._library.reader.n_articles)
        return projection.article_list(rows, total, offset, limit)

    async def article(self, article_id: str, version: str | None = None) -> ArticleBody:
        """Return an article. Raises ArticleNotFoundError for an unknown id, VersionGoneError for an old version."""
        return projection.article_body(await self._reader.run(self._library.reader.article, article_id, version))

    async def sources(self) -> list[Source]:
        """Return the sources that are followed."""
        return await self._reader.run(self._library.sources.all)

    async def source_items(self, key: int, *, offset: int, limit: int) -> list[Item]:
        """Return what was seen of a source. Raises SourceNotFoundError."""
        return await self._reader.run(self._library.sources.items, key, offset=offset, limit=limit)

    async def follow(self, place: str, kind: SourceKind) -> Source:
        """Follow a source."""
        return await self._reader.run(self._library.sources.add, place, kind)

    async def unfollow(self, key: int) -> None:
        """Follow a source no longer; its articles stay. Raises SourceNotFoundError."""
        await self._reader.run(self._library.sources.remove, key)

    async def note(self, key: int, seen: Sequence[Item], dropped: Sequence[str], *, synced: bool) -> None:
        """Keep what was seen of a source. Raises SourceNotFoundError."""
        await self._reader.run(self._library.sources.note, key, seen, dropped, synced=synced)

    def reading(self, place: str) -> Reading | None:
        """Return what the file at a place was read as, where its article is as that left it; in any thread."""
        return self._library.readings.find(place)

    def keep_readings(self, readings: Sequence[Reading]) -> None:
        """Keep what files were read as; in any thread."""
        self._library.readings.keep(readings)

    async def live(self, article_id: str) -> Live | None:
        """Return what decides whether an article changes the one of that id; None where there is none."""
        return await self._reader.run(self._library.reader.live, article_id)

    async def reindex(self) -> int:
        """Make every article's sentences and vectors anew; return how many articles."""
        return await self._worker.run(self._library.reindex)

    async def close(self) -> None:
        """Release the library."""
        await self._journal.close()
        await self._worker.run(self._library.close)
        self._reader.close()
        self._worker.close()

    def _is_live(self, article_id: str) -> bool:
        return self._library.reader.live(article_id) is not None
