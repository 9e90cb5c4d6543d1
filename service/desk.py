"""The desk: everything that can be asked of the service, whichever door it comes through."""

import contextlib
import math
from collections.abc import Callable
from typing import Self

from index import Filters, Found, Library
from service import projection
from service.answering import Answerer, Search, Spending, Style, Wanted
from service.answering.telling import Tell, untold
from service.chat.base import Chat
from service.chat.factory import make_chat
from service.checking.calibration import find_calibration
from service.checking.judging import Judge
from service.checking.support import Verifier
from service.contract import Answer, AskIn, FeedbackBody, FeedbackIn, FiltersIn, Part, ReadyBody, SearchBody, SearchIn
from service.errors import ChatError
from service.in_work import InWork
from service.jobs import Jobs
from service.marks import keyed_marks
from service.questions import check_question
from service.settings import Settings
from service.shelf import Shelf, open_library
from service.verifiers import make_verifier

__all__ = ["Desk"]

# raw probabilities of a model run high: the default threshold, .4, asks for .75 of them; 0 and 1 stay what they are
_RAW_EXPONENT = math.log(0.75) / math.log(0.4)


def _directly(search: Search) -> Search:
    return search


class Desk(Shelf):
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
        super().__init__(settings, library)
        self._chat = chat
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

    async def remove(self, article_id: str) -> None:
        """Remove an article; see Shelf.remove. Those who watch its jobs are told."""
        try:
            await super().remove(article_id)
        finally:
            self.jobs.told()

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
            await super().close()

    async def _find(self, wanted: Wanted) -> Found:
        return await self._worker.run(
            self._library.search,
            list(wanted.queries),
            limit=wanted.limit,
            budget_tokens=wanted.budget_tokens,
            filters=_filters(wanted.filters),
        )

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
