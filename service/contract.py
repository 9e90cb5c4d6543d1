"""The contract: bodies of requests and answers, the same for every door. Changes are additive."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from index.dates import utc_days

__all__ = [
    "Answer", "ArticleBody", "ArticleIn", "ArticleList", "ArticleSummary", "AskIn", "Citation", "Degraded",
    "Dropped", "ErrorBody", "EvidenceOut", "FiltersIn", "HealthBody", "Outcome", "Part", "PassageOut",
    "PutBody", "Quote", "ReadyBody", "Reason", "SearchBody", "SearchIn", "Statement", "Turn", "Usage",
    "Verdict",
]  # fmt: skip

Outcome = Literal["answered", "partial", "not_found", "failed"]
Verdict = Literal["supported", "weak", "unsupported", "unchecked"]
Reason = Literal[
    "no_evidence", "unsupported", "no_articles_match_filters", "index_empty",
    "model_unavailable", "model_timeout", "model_invalid",
]  # fmt: skip


def _date(value: str) -> str:
    try:
        utc_days(value)
    except ValueError:
        raise ValueError("is no date; write 2022, 2022-06, 2022-06-13 or 2022-06-13T08:30:00Z") from None
    return value


Date = Annotated[str, AfterValidator(_date)]
Name = Annotated[str, Field(max_length=64)]
Strings = Annotated[list[str], Field(max_length=1_000)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class Turn(_In):
    """One message of the conversation so far."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=20_000)


class FiltersIn(_In):
    """Which articles to search; an empty field admits all. The window is half-open, in UTC days."""

    article_ids: Strings = []
    outlets: Strings = []
    authors: Strings = []
    languages: Strings = []
    published_from: Date | None = None
    published_to: Date | None = None


class AskIn(_In):
    """A question."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"question": "Who led the Chinese side?"}]})

    question: str
    history: Annotated[list[Turn], Field(max_length=100)] = []
    filters: FiltersIn = FiltersIn()
    asked_at: Date | None = Field(None, description="the moment of asking; default: now")
    search_as: Annotated[list[str], Field(min_length=1, max_length=8)] | None = Field(
        None, description="what to search for instead of the question"
    )
    limit: int = Field(8, ge=1, le=50, description="passages considered")


class SearchIn(_In):
    """A search."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"question": "police unit for foreigners", "limit": 3}]})

    question: str
    limit: int = Field(8, ge=1, le=100)
    budget_tokens: int = Field(350, ge=1, le=8_000, description="most tokens of evidence")
    filters: FiltersIn = FiltersIn()


class ArticleIn(_In):
    """An article to store. Offsets count code points of its canonical text: NFC, newlines of one character."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "The ferry to Port Ellis sails again. It had been laid up since March.",
                    "title": "Ferry sails again",
                    "outlet": "The Harbour Courier",
                    "published_at": "2024-05-02",
                }
            ]
        }
    )

    text: str
    url: str | None = None
    title: str | None = None
    author: str | None = None
    outlet: str | None = None
    language: str | None = None
    published_at: str | None = None
    modified_at: str | None = None
    fetched_at: str | None = None
    source: str | None = Field(None, max_length=4_096, description="where the article was read from")
    origins: Annotated[dict[Name, Name], Field(max_length=16)] = Field(
        {}, description="what the id and the dates were read from; what is not named came with the request"
    )


class Quote(_Out):
    """A sentence of a stored article: `article.text[start:end] == quote` at that version."""

    article_id: str
    version: str
    url: str | None
    title: str | None
    author: str | None
    outlet: str | None
    published_at: str | None
    quote: str
    start: int
    end: int


class Citation(Quote):
    """A cited sentence; `marker` is its number in the answer."""

    id: str
    marker: int


class Statement(_Out):
    """One claim of the answer; `start` and `end` are its place in `answer`, markers excluded."""

    text: str
    start: int
    end: int
    citation_ids: list[str]
    verdict: Verdict
    score: float | None = Field(description="calibrated probability of support; null where there is no calibration")


class Dropped(_Out):
    """A statement that was left out, and why."""

    text: str
    reason: str
    verdict: Verdict
    nearest: Quote | None


class Degraded(_Out):
    """A part that did less than it should, and why."""

    part: str
    reason: str


class Usage(_Out):
    """What an answer cost: calls of the chat model, and their tokens."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0


class Answer(_Out):
    """An answer. `failed` means that nothing was decided; `not_found` that the articles do not say."""

    id: str
    outcome: Outcome
    reason: Reason | None
    answer: str
    statements: list[Statement]
    citations: list[Citation]
    missing: list[str] = []
    conflicts: list[str] = []
    dropped: list[Dropped]
    nearest: list[Quote]
    searched: list[str]
    as_of: str | None = Field(description="newest publication date among the cited articles")
    degraded: list[Degraded]
    model: dict[str, str]
    prompts: dict[str, str]
    usage: Usage
    timings_ms: dict[str, int]


class PassageOut(_Out):
    """A passage found; scores compare within one reply only."""

    article_id: str
    start: int
    end: int
    text: str
    score: float


class EvidenceOut(PassageOut):
    """A sentence chosen as evidence, with its number."""

    n: int
    title: str | None
    outlet: str | None
    published_at: str | None


class SearchBody(_Out):
    """The result of a search: passages, the best first, and evidence in reading order."""

    passages: list[PassageOut]
    evidence: list[EvidenceOut]
    searched: list[str]
    reason: Reason | None = None
    articles_searched: int
    articles_undated: int


class ArticleSummary(_Out):
    """An article in a list."""

    id: str
    version: str
    url: str | None
    title: str | None
    author: str | None
    outlet: str | None
    language: str | None
    published_at: str | None
    modified_at: str | None
    fetched_at: str | None
    chars: int
    sentences: int


class ArticleList(_Out):
    """One page of articles by id, and how many there are in all."""

    articles: list[ArticleSummary]
    total: int
    offset: int
    limit: int


class ArticleBody(_Out):
    """An article with its whole text; `origins` says where each date came from."""

    id: str
    version: str
    meta_version: str
    url: str | None
    title: str | None
    author: str | None
    outlet: str | None
    language: str | None
    published_at: str | None
    modified_at: str | None
    fetched_at: str | None
    source: str | None
    origins: dict[str, str]
    text: str


class PutBody(_Out):
    """What became of an article; `encoded` counts the passages that had to be encoded."""

    id: str
    version: str
    change: Literal["added", "updated", "unchanged"]
    encoded: int


class Part(_Out):
    """The state of one part of the service."""

    ok: bool
    detail: str


class HealthBody(_Out):
    """The process answers."""

    status: Literal["ok"] = "ok"


class ReadyBody(_Out):
    """Whether the service can answer: ledger, index and model were really touched."""

    ready: bool
    parts: dict[str, Part]


class ErrorBody(_Out):
    """An error: a code for programs, and words for people."""

    error: str
    detail: str
