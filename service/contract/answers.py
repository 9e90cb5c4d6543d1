"""Answers and what they rest on."""

from typing import Literal

from pydantic import Field

from service.contract.base import Out

__all__ = [
    "Answer",
    "Citation",
    "CopyOut",
    "Degraded",
    "Dropped",
    "EvidenceOut",
    "Outcome",
    "PassageOut",
    "Quote",
    "Reason",
    "SearchBody",
    "Statement",
    "Usage",
    "Verdict",
]

Outcome = Literal["answered", "partial", "not_found", "failed"]
Verdict = Literal["supported", "weak", "unsupported", "unchecked"]
Reason = Literal[
    "no_evidence", "unsupported", "no_articles_match_filters", "index_empty",
    "model_unavailable", "model_timeout", "model_invalid",
]  # fmt: skip


class _OfArticle(Out):
    """What tells an article, at one version."""

    article_id: str
    version: str
    url: str | None
    title: str | None
    author: str | None
    outlet: str | None
    published_at: str | None


class CopyOut(_OfArticle):
    """Where else the same sentence stands, in another article of the same story."""

    start: int
    end: int


class Quote(_OfArticle):
    """A sentence of a stored article: `article.text[start:end] == quote` at that version."""

    quote: str
    start: int
    end: int
    copies: list[CopyOut] = Field([], description="which other articles say the same, word for word")


class Citation(Quote):
    """A cited sentence; `marker` is its number in the answer."""

    id: str
    marker: int


class Statement(Out):
    """One claim of the answer; `start` and `end` are its place in `answer`, markers excluded."""

    text: str
    start: int
    end: int
    citation_ids: list[str]
    verdict: Verdict
    score: float | None = Field(description="calibrated probability of support; null where there is no calibration")


class Dropped(Out):
    """A statement that was left out, and why."""

    text: str
    reason: str
    verdict: Verdict
    nearest: Quote | None


class Degraded(Out):
    """A part that did less than it should, and why."""

    part: str
    reason: str


class Usage(Out):
    """What an answer cost: calls of the chat model, and their tokens."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0


class Answer(Out):
    """An answer. `failed` means that nothing was decided; `not_found` that the articles do not say."""

    id: str
    outcome: Outcome
    reason: Reason | None
    answer: str
    statements: list[Statement]
    citations: list[Citation]
    missing: list[str] = Field(default_factory=list)
    conflicts: list[str] = Field(default_factory=list)
    dropped: list[Dropped]
    nearest: list[Quote]
    searched: list[str]
    as_of: str | None = Field(description="newest publication date among the cited articles")
    degraded: list[Degraded]
    model: dict[str, str]
    prompts: dict[str, str]
    usage: Usage
    timings_ms: dict[str, int]


class _FoundOut(Out):
    """A piece of an article; scores compare within one reply only."""

    article_id: str
    start: int
    end: int
    text: str
    score: float


class PassageOut(_FoundOut):
    """A passage found."""

    copies: int = Field(0, description="passages of the same words in other articles, left out for this one")


class EvidenceOut(_FoundOut):
    """A sentence chosen as evidence, with its number."""

    n: int
    title: str | None
    outlet: str | None
    published_at: str | None
    copies: list[CopyOut] = Field([], description="which other articles say the same, word for word")


class SearchBody(Out):
    """The result of a search: passages, the best first, and evidence in reading order."""

    passages: list[PassageOut]
    evidence: list[EvidenceOut]
    searched: list[str]
    reason: Reason | None = None
    articles_searched: int
    articles_undated: int
