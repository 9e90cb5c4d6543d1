"""Jobs: what is to be added in the background, and how far it is."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from service.contract.base import Out
from service.contract.requests import Utf8, valid_utf8

__all__ = ["JobArticle", "JobBody", "JobIn", "JobItem", "JobList", "JobResults", "JobStates", "JobSummary"]

Short = Annotated[str, Field(max_length=4_096), AfterValidator(valid_utf8)]
Address = Annotated[str, Field(max_length=2_000), AfterValidator(valid_utf8)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class JobArticle(_In):
    """An article to add; it needs a `text`, and an `id` or a `url`. One that cannot be stored fails alone."""

    id: Short | None = None
    text: Utf8
    url: Short | None = None
    title: Short | None = None
    author: Short | None = None
    outlet: Short | None = None
    language: Short | None = None
    published_at: Short | None = None
    modified_at: Short | None = None
    fetched_at: Short | None = None


class JobIn(_In):
    """What is to be added: addresses of pages, feeds and sitemaps, and articles; files are `multipart/form-data`."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": ["urls"]}, {"required": ["articles"]}],
            "examples": [
                {
                    "articles": [
                        {
                            "id": "dam-gate-fails",
                            "text": "Gate No. 4 of the Hessel Dam gave way at night. Nobody was hurt.",
                            "outlet": "The Compass",
                            "published_at": "2023-10-17",
                        }
                    ]
                }
            ],
        }
    )

    urls: Annotated[list[Address], Field(min_length=1, max_length=500)] = []
    articles: Annotated[list[JobArticle], Field(min_length=1, max_length=500)] = []

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if not (self.urls or self.articles):
            raise ValueError("a job needs `urls` or `articles`")
        return self


class JobStates(Out):
    """How many items are in each state; `listed` are feeds and sitemaps, whose pages became items."""

    queued: int = 0
    fetched: int = 0
    extracted: int = 0
    live: int = 0
    listed: int = 0
    failed: int = 0
    cancelled: int = 0
    deleted: int = 0


class JobResults(Out):
    """What became of the items that are done; `deleted` are those whose article was removed meanwhile."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    failed: int = 0


class JobSummary(Out):
    """A job: how many items it has, which feeds and sitemaps make more, and how many are done.

    `held_up` says what keeps all jobs waiting, if anything.
    """

    id: str
    state: Literal["running", "done", "cancelled"]
    created_at: str
    ended_at: str | None
    total: int
    done: int
    items_by_state: JobStates
    results: JobResults
    held_up: str | None


class JobItem(Out):
    """An item of a job: a page, a feed or sitemap, a file, an article, or one of those that these hold or name.

    `change` says what a live one did; `error` (a code) and `reason` say why one failed, `reason` what a listed one is.
    """

    name: str
    state: Literal["queued", "fetched", "extracted", "live", "listed", "failed", "cancelled", "deleted"]
    article_id: str | None
    change: Literal["added", "updated", "unchanged"] | None
    error: str | None
    reason: str | None
    warnings: list[str]


class JobBody(JobSummary):
    """A job with its first hundred failed items, and one page of all items in their order."""

    failures: list[JobItem]
    items: list[JobItem]
    offset: int
    limit: int


class JobList(Out):
    """The newest jobs, the newest first."""

    jobs: list[JobSummary]
