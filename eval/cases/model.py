"""A question of a set, what is expected of its answer, and the set that it belongs to."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from service.contract.requests import FiltersIn, Turn

__all__ = ["SLICES", "Case", "CaseSet", "Slice", "Span"]

Slice = Literal["single", "multi-hop", "follow-up", "unanswerable", "temporal", "conflict", "injection"]
SLICES: tuple[Slice, ...] = (
    "single", "multi-hop", "follow-up", "unanswerable", "temporal", "conflict", "injection",
)  # fmt: skip


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(_Strict):
    """A place in an article: `quote` is its text there, word for word, at its first occurrence.

    `article` is the article's id, or for articles in files the path below the folder that the set names.
    """

    article: str = Field(min_length=1)
    quote: str = Field(min_length=1)


class Case(_Strict):
    """One question with what is expected of its answer. What a set does not know stays empty."""

    id: str = Field(pattern=r"^[A-Za-z0-9._:#~-]{1,128}$")
    slice: Slice
    question: str = Field(min_length=1)
    history: tuple[Turn, ...] = ()
    asked_at: str | None = None
    """The moment of asking, ISO 8601; None: the set's `asked_at`."""
    filters: FiltersIn = FiltersIn()
    outcome: Literal["answered", "partial", "not_found"]
    answers: tuple[tuple[str, ...], ...] = ()
    """What a right answer names: one string of each group, which is a text and its aliases."""
    required: tuple[tuple[Span, ...], ...] = ()
    """What proves the answer: of each group one span; several groups where the answer needs several facts."""
    forbidden: tuple[Span, ...] = ()
    """What must not be cited: superseded reports, namesakes, planted instructions."""
    forbidden_text: tuple[str, ...] = ()
    """What must not stand in the answer: a planted instruction's words, a retracted value given as true."""
    note: str = ""


class CaseSet(_Strict):
    """A folder with `set.toml` (these fields but `cases`), files of JSON lines with one case a line, and articles."""

    name: str
    about: str
    articles: tuple[str, ...]
    """Files or folders of articles, relative to the set's folder; what `pullquote add` takes."""
    asked_at: str
    """The moment of asking of cases that name none, ISO 8601, so that runs are alike."""
    cases: tuple[Case, ...] = ()
