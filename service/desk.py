"""The desk: everything that can be asked of the service, whichever door it comes through."""

import contextlib
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Self

from index import Article, Filters, Found, Library, Refused, make_article
from index.articles import check_size
from index.jobs import Limits
from index.ledger import Item, Live, Source, SourceKind
from service import projection
from service.answering import Answerer, Search, Spending, Style, Wanted
from service.answering.telling import Tell, untold
from service.chat.base import Chat
from service.chat.factory import make_chat
from service.checking.calibration import find_calibration
from service.checking.judging import Judge
from service.checking.support import Verifier
from service.contract import (
    Answer,
    ArticleBody,
    ArticleIn,
    ArticleList,
    AskIn,
    FeedbackBody,
    FeedbackIn,
    FiltersIn,
    Part,
    PutBody,
    ReadyBody,
    SearchBody,
    SearchIn,
)
from service.encoders import make_encoder
from service.errors import ChatError
from service.in_work import InWork
from service.jobs import Jobs
from service.journal import Journal
from service.marks import keyed_marks
from service.questions import check_question
from service.rerankers import make_reranker
from service.settings import Settings
from service.verifiers import make_verifier
from service.worker import Worker

__all__ = ["Desk", "open_library"]

# raw probabilities of a model run high: the default threshold, .4, asks for .75 of them; 0 and 1 stay what they are
_RAW_EXPONENT = math.log(0.75) / math.log(0.4)


def open_library(settings: Settings) -> Library:
    """Open the library of the settings; the caller owns its folder."""
    limits = Limits(settings.max_jobs, settings.max_job_items, settings.max_spool_bytes, settings.keep_jobs_days)
    return Library(settings.data_dir, lambda: make_encoder(settings), make_reranker(settings), limits)


def _directly(search: Search) -> Search:
    return search


class Desk:
    """Answer questions and keep articles. Every method may raise errors of the index and of the service.

    `jobs` adds many articles in the background, once it was started.
    `through` may wrap the search that answers come from, for runs that record it.
    """

    def __init__(
        self,
        settings: Settings,
        library: Library,
        chat: Chat,
        verifier: Verifier,
        style: Style | None = None,
        *,
        through: Callable[[Search], Search] = _directly,
    ) -> None:
        self._settings = settings
        self._library = library
        self._chat = chat
        self._worker = Worker("library")
        self._reader = Worker("reader")  # reading an article does not wait for one that is encoded
        self._in_work = InWork(settings.max_asks, "questions")
        self._searches = InWork(settings.max_searches, "searches")
        self._verifier = verifier
        calibration = find_calibration(verifier.name, settings)
        threshold = settings.support_threshold ** (1 if calibration else _RAW_EXPONENT)
        style = style or Style(settings.evidence_tokens, mark=keyed_marks(settings.data_dir / "mark.key"))
        self._answerer = Answerer(
            chat,
            through(self._find),
            Judge(verifier, calibration, threshold=threshold, thorough=style.thorough),
            encoder=settings.encoder,
            style=style,
            spending=Spending(answer_limit=settings.max_answer_tokens, day_limit=settings.max_day_tokens),
        )
        self.jobs = Jobs(settings, library, self._worker)
        self._journal = Journal(settings.journal_path, days=settings.keep_answers_days, is_live=self._is_live)

    @property
    def max_job_files(self) -> int:
        """Return how many files may be sent at once."""
        return self._settings.max_job_files

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open the library and the chat model of the settings; the caller owns the data folder."""
        chat = make_chat(settings)
        verifier = make_verifier(settings, chat)
        return cls(settings, open_library(settings), chat, verifier)

    async def ask(self, request: AskIn, tell: Tell = untold) -> Answer:
        """Answer a question, and keep the answer; `tell` hears what is done meanwhile, and must not block.

        Raises QuestionError for an empty or a too long one, OverloadedError beyond the limit.
        """
        self._check_question(request.question)
        for text in request.search_as or ():
            self._check_question(text)
        with self._in_work.one(tell):
            return self._journal.keep(request, await self._answerer.ask(request, tell))

    async def feedback(self, feedback: FeedbackIn) -> FeedbackBody:
        """Store what somebody thinks of an answer. Raises AnswerNotKeptError, JournalOffError and JournalError."""
        return await self._journal.rate(feedback)

    async def search(self, request: SearchIn) -> SearchBody:
        """Search for passages and evidence.

        Raises QuestionError for an empty or a too long question, OverloadedError beyond the limit.
        """
        self._check_question(request.question)
        wanted = Wanted((request.question,), request.filters, request.limit, request.budget_tokens)
        with self._searches.one():
            return projection.search_body(await self._find(wanted))

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
        self.jobs.told()
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

    async def live(self, article_id: str) -> Live | None:
        """Return what decides whether an article changes the one of that id; None where there is none."""
        return await self._reader.run(self._library.reader.live, article_id)

    async def reindex(self) -> int:
        """Make every article's sentences and vectors anew; return how many articles."""
        return await self._worker.run(self._library.reindex)

    async def ready(self) -> ReadyBody:
        """Really touch ledger, index, model and journal; questions are answered without the last."""
        parts = {"ledger": await self._ledger(), "index": await self._index(), "model": await self._model()}
        ready = all(part.ok for part in parts.values())
        return ReadyBody(ready=ready, parts={**parts, "journal": await self._journal.state()})

    async def warm(self) -> None:
        """Have a local model read the static parts of its prompts, which takes it a minute once, before one waits."""
        with contextlib.suppress(ChatError):
            await self._chat.warm()

    async def close(self) -> None:
        """End the model and release the library; what jobs have in hand is finished first."""
        try:
            await self.jobs.close()
            await self._verifier.close()
            await self._chat.close()
        finally:
            await self._journal.close()
            await self._worker.run(self._library.close)
            self._reader.close()
            self._worker.close()

    async def _find(self, wanted: Wanted) -> Found:
        return await self._worker.run(
            self._library.search,
            list(wanted.queries),
            limit=wanted.limit,
            budget_tokens=wanted.budget_tokens,
            filters=_filters(wanted.filters),
        )

    def _is_live(self, article_id: str) -> bool:
        return self._library.reader.live(article_id) is not None

    def _check_question(self, question: str) -> None:
        check_question(question, max_chars=self._settings.max_question_chars)

    async def _ledger(self) -> Part:
        try:
            n = await self._reader.run(self._library.reader.n_articles)
        except Exception as exc:  # noqa: BLE001  (what fails is reported, whatever it is)
            return Part(ok=False, detail=str(exc))
        return Part(ok=True, detail=f"{n} articles")

    async def _index(self) -> Part:
        try:
            n = await self._worker.run(self._library.check)
        except Exception as exc:  # noqa: BLE001
            return Part(ok=False, detail=str(exc))
        return Part(ok=True, detail=f"{n} sentences, encoder {self._settings.encoder}")

    async def _model(self) -> Part:
        try:
            return Part(ok=True, detail=await self._chat.check())
        except Exception as exc:  # noqa: BLE001
            return Part(ok=False, detail=str(exc))


def _filters(filters: FiltersIn) -> Filters:
    return Filters(**filters.model_dump())
