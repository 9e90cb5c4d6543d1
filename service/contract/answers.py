"""Answers and what they rest on."""

from typing import Literal

from pydantic import Field

from service.contract.base import Out

__all__ = [
    "Answer",
    "Citation",
    "Conflict",
    "ConflictValue",
    "CopyOut",
    "Degraded",
    "Dropped",
    "EvidenceOut",
    "Gates",
    "Outcome",
    "PassageOut",
    "Quote",
    "Reason",
    "SearchBody",
    "Statement",
    "Step",
    "Usage",
    "Verdict",
    "WindowOut",
]

Outcome = Literal["answered", "partial", "not_found", "failed"]
Verdict = Literal["supported", "weak", "unsupported", "unchecked"]
Reason = Literal[
    "no_evidence", "unsupported", "no_articles_match_filters", "index_empty",
    "model_unavailable", "model_timeout", "model_invalid", "token_limit",
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
    page: int | None = Field(None, description="the page of a printed document on which the sentence begins")
    copies: list[CopyOut] = Field([], description="which other articles say the same, word for word")


class Citation(Quote):
    """A cited sentence; `marker` is its number in the answer."""

    id: str
    marker: int


class Gates(Out):
    """What the two gates found: one compares words, the other asks whether the sentences state the claim."""

    wording: Literal["passed", "failed"]
    missing: list[str] = Field([], description="what the statement says and the cited sentences do not")
    support: Literal["passed", "failed", "skipped"]
    probability: float | None = Field(None, description="the verifier's raw probability; null where it was not asked")
    verifier: str
    features: dict[str, float] = Field({}, description="what a calibration weighs")


class Statement(Out):
    """One claim of the answer; `start` and `end` are its place in `answer`, markers excluded."""

    text: str
    start: int
    end: int
    citation_ids: list[str]
    verdict: Verdict
    score: float | None = Field(description="calibrated probability of support; null where there is no calibration")
    gates: Gates | None = Field(None, description="what the gates found")
    question: str | None = Field(None, description="the part of the question that it answers, where there are several")


class Step(Out):
    """A question that had to be answered on the way, with the statement that answers it."""

    question: str
    text: str
    citation_ids: list[str]
    verdict: Verdict
    score: float | None
    gates: Gates


class Dropped(Out):
    """A statement that was left out, and why."""

    text: str
    reason: str
    verdict: Verdict
    nearest: Quote | None
    score: float | None = None
    gates: Gates | None = None


class Degraded(Out):
    """A part that did less than it should, and why."""

    part: str
    reason: str


class ConflictValue(Out):
    """One of several values that articles give; `superseded` where its own outlet corrected it later."""

    text: str
    citation_id: str
    outlet: str | None
    published_at: str | None
    superseded: bool = False


class Conflict(Out):
    """What articles disagree on."""

    question: str
    values: list[ConflictValue]


class WindowOut(Out):
    """The window of publication that words of the question asked for; half-open, in UTC days."""

    published_from: str
    published_to: str
    wording: str


class Usage(Out):
    """What an answer cost: calls of the chat model, and their tokens; limits are null where none is set."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    answer_limit: int | None = None
    today: int = Field(0, description="tokens of all answers of this process in this UTC day, this one included")
    day_limit: int | None = None


class Answer(Out):
    """An answer. `failed` means that nothing was decided; `not_found` that the articles do not say."""

    id: str
    outcome: Outcome
    reason: Reason | None
    answer: str
    statements: list[Statement]
    steps: list[Step] = Field(default_factory=list, description="what was asked and answered on the way")
    citations: list[Citation]
    missing: list[str] = Field(default_factory=list, description="what was asked and is not in the articles")
    conflicts: list[Conflict] = Field(default_factory=list)
    dropped: list[Dropped]
    nearest: list[Quote]
    searched: list[str] = Field(description="what was searched; send it as `search_as` to have it your way")
    window: WindowOut | None = Field(None, description="sending `search_as` or a window of your own removes it")
    as_of: str | None = Field(description="newest publication date among the cited articles")
    notes: list[str] = Field(default_factory=list, description="what a reader should know besides")
    stripped: int = Field(0, description="invisible characters that were kept from the chat model")
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
