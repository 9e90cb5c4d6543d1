"""Asking the cases of a set: in process, over a library of the set's articles, with every model call recorded."""

import hashlib
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from eval.bench.data import Document
from eval.bench.libraries import index_all, temporary_folder
from eval.measure.cases import Case, MeasureSet, Page
from eval.recording import Recorder
from index import Article, Library, make_article
from service.answering import Style
from service.contract import Answer, AskIn, Turn
from service.desk import Desk, open_library
from service.settings import Settings
from service.verifiers import make_verifier

__all__ = ["ASKED_AT", "Asked", "ask_all", "desk_over", "to_article"]

ASKED_AT = "2026-11-01T00:00:00Z"
"""The moment of asking where a case has none, so that runs are alike."""


@dataclass(frozen=True)
class Asked:
    """A case with its answer, and how many seconds its model calls took when they were made."""

    case: Case
    answer: Answer
    seconds: float


def to_article(document: Document) -> Article:
    """Return a document as an article; what it does not know is left open."""
    fields: dict[str, object] = {"id": document.id, "title": document.title or None, "text": document.text}
    if isinstance(document, Page):
        names = ("url", "author", "outlet", "published_at", "modified_at")
        fields |= {name: getattr(document, name) for name in names}
    return make_article({**fields, "language": "en"}, place=document.id)


@contextmanager
def _library(settings: Settings, documents: Sequence[Document]) -> Iterator[tuple[Settings, Library]]:
    with temporary_folder() as folder:
        own = settings.model_copy(
            update={"data_dir": folder, "models_dir": settings.models_folder, "keep_answers_days": 0}
        )
        library = open_library(own)
        index_all(library, map(to_article, documents))
        yield own, library


@contextmanager
def desk_over(
    settings: Settings, documents: Sequence[Document], recorder: Recorder, *, thorough: bool = False
) -> Iterator[tuple[Desk, Library]]:
    """Yield a desk over a library of `documents` that is gone afterwards; its prompts are alike every time."""
    with _library(settings, documents) as (own, library):
        style = Style(own.evidence_tokens, thorough, mark=_mark, now=lambda: ASKED_AT)
        try:
            yield Desk(own, library, recorder, make_verifier(own, recorder), style), library
        finally:
            library.close()


def _mark(question: str) -> str:
    return hashlib.sha256(question.encode()).hexdigest()[:8]


async def ask_all(
    settings: Settings, measured: MeasureSet, recorder: Recorder, *, thorough: bool = False
) -> AsyncIterator[Asked]:
    """Yield each case of a set with its answer, in order; `thorough` asks all that a calibration can weigh.

    A case with documents of its own is asked of those beside the shared ones: a poisoned article takes the place of
    the clean one for that question. Where a set shares none, each case has a library of its own.
    """
    if measured.documents:
        with desk_over(settings, measured.documents, recorder, thorough=thorough) as (desk, library):
            clean = {document.id: document for document in measured.documents}
            for case in measured.cases:
                changed = [item for item in case.documents or () if clean.get(item.id) != item]
                index_all(library, map(to_article, changed))
                yield await _ask(desk, case, recorder)
                index_all(library, [to_article(clean[item.id]) for item in changed if item.id in clean])
        return
    for case in measured.cases:
        with desk_over(settings, case.documents or (), recorder, thorough=thorough) as (desk, _):
            yield await _ask(desk, case, recorder)


async def _ask(desk: Desk, case: Case, recorder: Recorder) -> Asked:
    before = len(recorder.seconds)
    history = [Turn.model_validate({"role": role, "content": text[:20_000]}) for role, text in case.history]
    answer = await desk.ask(AskIn(question=case.question, history=history[-100:], asked_at=case.asked_at))
    local = answer.timings_ms.get("retrieve", 0) / 1000
    return Asked(case, answer, sum(recorder.seconds[before:]) + local)
