"""Jobs as the bodies of the contract, and what is sent as items of jobs."""

import re
from collections.abc import Iterable, Sequence

from index.articles import is_id
from index.jobs import ENDED, Item, Job, NewItem
from service.contract import (
    JobArticle,
    JobBody,
    JobIn,
    JobItem,
    JobResults,
    JobStates,
    JobSummary,
)

__all__ = ["file_item", "item_out", "items_of", "job_body", "job_summary"]

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def items_of(job: JobIn) -> list[NewItem]:
    """Return the items that a request names."""
    pages = [NewItem("page", _named(url.strip())) for url in job.urls]
    return [*pages, *(_article_item(article, n) for n, article in enumerate(job.articles, 1))]


def file_item(name: str, data: bytes) -> NewItem:
    """Return a file that was sent; its name, whatever it is, is only what it is called and known by."""
    return NewItem("file", _named(name), data)


def job_summary(job: Job, held_up: str | None) -> JobSummary:
    """Return a job with its counts."""
    states = dict(job.states)
    done = sum(states.get(state, 0) for state in ENDED)
    running = job.ended_at is None
    results = JobResults(**job.changes, deleted=states.get("deleted", 0), failed=states.get("failed", 0))
    return JobSummary(
        id=job.id,
        state="running" if running else "cancelled" if job.cancelled else "done",
        created_at=job.created_at,
        ended_at=job.ended_at,
        total=sum(states.values()),
        done=done,
        items_by_state=JobStates(**states),
        results=results,
        held_up=held_up if running else None,
    )


def job_body(summary: JobSummary, failures: Iterable[Item], items: Sequence[Item], offset: int, limit: int) -> JobBody:
    """Return a job with its failures and one page of its items."""
    return JobBody(
        **{name: getattr(summary, name) for name in JobSummary.model_fields},
        failures=[item_out(item) for item in failures],
        items=[item_out(item) for item in items],
        offset=offset,
        limit=limit,
    )


def item_out(item: Item) -> JobItem:
    """Return an item. An id that was only expected is not told."""
    return JobItem.model_validate(
        {
            "name": item.name,
            "state": item.state,
            "article_id": item.article_id if item.state in ("extracted", "live", "deleted") else None,
            "change": item.change,
            "error": item.error,
            "reason": item.reason,
            "warnings": list(item.warnings),
        }
    )


def _article_item(article: JobArticle, n: int) -> NewItem:
    known = article.id if article.id and is_id(article.id) else article.url or article.id
    return NewItem("article", _named(known or f"article {n}"), article.model_dump_json().encode())


def _named(name: str) -> str:
    """Return a name as it can be stored and printed."""
    return _UNPRINTABLE.sub("\ufffd", name) or "(no name)"
