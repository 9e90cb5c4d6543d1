"""Candidates: answers that readers disliked, as drafts of cases, none of which goes into a set until completed.

CandidatesError   the drafts cannot be written where they were asked for
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from eval.errors import EvalError
from index.storage import write_private
from service.contract import FiltersIn, Outcome, Reason, Turn
from service.journal import Kept, read_kept

__all__ = ["CandidatesError", "Cited", "DraftCase", "Given", "candidates", "write_candidates"]


class CandidatesError(EvalError):
    """The drafts cannot be written where they were asked for."""


class _Draft(BaseModel):
    model_config = ConfigDict(frozen=True)


class Cited(_Draft):
    """A sentence that was cited; the fields of `eval.cases.model.Span`. Empty where its article was deleted since."""

    article: str
    quote: str


class Given(_Draft):
    """The answer that was given, for reference; `redacted` where words of articles deleted since were taken out."""

    at: str
    outcome: Outcome
    reason: Reason | None
    answer: str
    citations: tuple[Cited, ...]
    search_as: tuple[str, ...] | None
    redacted: bool


class DraftCase(_Draft):
    """What is known of a case. `slice`, `outcome` and `answers` are for a person to fill in.

    `draft` and `given` are no fields of `eval.cases.model.Case`, so that a set refuses the line until they are
    taken out. The id is the answer's.
    """

    draft: Literal[True] = True
    id: str
    slice: Literal[""] = ""
    question: str
    history: tuple[Turn, ...]
    asked_at: str
    filters: FiltersIn
    outcome: Literal[""] = ""
    answers: tuple[tuple[str, ...], ...] = ()
    note: str
    given: Given


def candidates(journal_rows: Iterable[Kept]) -> list[DraftCase]:
    """Return a draft for each answer that was rated down, in the order given."""
    return [_draft(kept) for kept in journal_rows if kept.feedback and kept.feedback.rating == "down"]


def write_candidates(journal: Path, out_path: Path) -> int:
    """Write the drafts from the journal's file as JSON lines, for this user alone to read; return how many.

    Raises CandidatesError for a file within a set or one that exists, JournalError for a journal that cannot be read,
    StorageError for a disk that refuses.
    """
    folder = out_path.resolve().parent
    of_set = next((above for above in (folder, *folder.parents) if (above / "set.toml").exists()), None)
    if of_set:
        raise CandidatesError(
            f"{out_path} lies in the set {of_set}; write drafts elsewhere, and move them when complete"
        )
    if out_path.exists():
        raise CandidatesError(f"{out_path} exists, perhaps with drafts in work; name another file")
    drafts = candidates(read_kept(journal, rating="down"))
    write_private(out_path, "".join(f"{draft.model_dump_json()}\n" for draft in drafts))
    return len(drafts)


def _draft(kept: Kept) -> DraftCase:
    request = kept.request
    return DraftCase(
        id=kept.answer.id,
        question=request.question,
        history=tuple(request.history),
        asked_at=request.asked_at or kept.at,
        filters=request.filters,
        note=(kept.feedback.note if kept.feedback else None) or "",
        given=_given(kept),
    )


def _given(kept: Kept) -> Given:
    answer, search_as = kept.answer, kept.request.search_as
    return Given(
        at=kept.at,
        outcome=answer.outcome,
        reason=answer.reason,
        answer=answer.answer,
        citations=tuple(Cited(article=citation.article_id, quote=citation.quote) for citation in answer.citations),
        search_as=None if search_as is None else tuple(search_as),
        redacted=kept.redacted,
    )
