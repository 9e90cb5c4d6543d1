"""Asking the cases of a set: in process, over a library of the set's articles, with every model call recorded."""

import hashlib
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from eval.bench.data import Document
from eval.bench.libraries import index_all, temporary_folder
from eval.measure.cases import Case, MeasureSet, Page
from eval.recording import Recorder
from index import Article, Library, make_article
from service.answering import Style
from service.contract import Answer, AskIn, Turn
from service.desk import Desk
from service.settings import Settings
from service.shelf import open_library
from service.verifiers import make_verifier

__all__ = ["ASKED_AT", "Asked", "ask_all", "desk_over", "each_case", "to_article"]

ASKED_AT = "2026-11-01T00:00:00Z"
"""The moment of asking where a case has none, so that runs are alike."""


@dataclass(frozen=True)
class Asked:
    """A case with its answer, and how many seconds its model calls took when they were made, all and by their kind."""

    case: Case
    answer: Answer
    seconds: float
    by_kind: Mapping[str, float] = field(default_factory=dict)


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


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:8]


async def ask_all(
    settings: Settings, measured: MeasureSet, recorder: Recorder, *, thorough: bool = False
) -> AsyncIterator[Asked]:
    """Yield each case of a set with its answer, in order; `thorough` asks all that a calibration can weigh.

    A case with documents of its own is asked of those beside the shared ones: a poisoned article takes the place of
    the clean one for that question. Where a set shares none, each case has a library of its own.
    """
    for desk, _, case in each_case(settings, measured, recorder, thorough=thorough):
        yield await _ask(desk, case, recorder)


def each_case(
    settings: Settings, measured: MeasureSet, recorder: Recorder, *, thorough: bool = False
) -> Iterator[tuple[Desk, Library, Case]]:
    """Yield each case with a desk and a library of its documents."""
    if measured.documents:
        with desk_over(settings, measured.documents, recorder, thorough=thorough) as (desk, library):
            clean = {document.id: document for document in measured.documents}
            for case in measured.cases:
                changed = [item for item in case.documents or () if clean.get(item.id) != item]
                index_all(library, map(to_article, changed))
                yield desk, library, case
                index_all(library, [to_article(clean[item.id]) for item in changed if item.id in clean])
        return
    for case in measured.cases:
        with desk_over(settings, case.documents or (), recorder, thorough=thorough) as (desk, library):
            yield desk, library, case


async def _ask(desk: Desk, case: Case, recorder: Recorder) -> Asked:
    before = len(recorder.spent)
    history = [Turn.model_validate({"role": role, "content": text[:20_000]}) for role, text in case.history]
    answer = await desk.ask(AskIn(question=case.question, history=history[-100:], asked_at=case.asked_at))
    local = answer.timings_ms.get("retrieve", 0) / 1000
    by_kind = {"retrieve": local}
    for kind, taken in recorder.spent[before:]:
        by_kind[kind] = by_kind.get(kind, 0.0) + taken
    return Asked(case, answer, sum(by_kind.values()), by_kind)
