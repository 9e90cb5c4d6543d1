"""Answers as the journal keeps them, and the articles and sentences that an answer names."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import BaseModel

from service.contract import Answer, AskIn, FeedbackBody, Quote

__all__ = ["Kept", "cited_articles", "named_articles", "quotes", "stamp", "to_json", "utc_now"]


@dataclass(frozen=True)
class Kept:
    """An answer as it was given at the moment `at` (ISO 8601, UTC), to what, and what was thought of it.

    Of a `redacted` one, texts that came from articles since deleted are empty.
    """

    at: str
    request: AskIn
    answer: Answer
    redacted: bool
    feedback: FeedbackBody | None


def quotes(answer: Answer) -> Iterator[Quote]:
    """Yield every sentence of an article that an answer holds, cited or not."""
    yield from answer.citations
    yield from answer.nearest
    yield from (dropped.nearest for dropped in answer.dropped if dropped.nearest)


def named_articles(quote: Quote) -> frozenset[str]:
    """Return the ids of the articles in which a sentence stands: its own, and those that say the same."""
    return frozenset([quote.article_id, *(copy.article_id for copy in quote.copies)])


def cited_articles(answer: Answer) -> frozenset[str]:
    """Return the ids of all articles of which an answer holds a sentence."""
    return frozenset(article_id for quote in quotes(answer) for article_id in named_articles(quote))


def to_json(body: BaseModel) -> str:
    """Return a body as JSON; half a character, which cannot be stored as UTF-8, becomes a question mark."""
    text = json.dumps(body.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace").decode()


def stamp(moment: datetime) -> str:
    """Return a moment in UTC to the second; such texts sort as the moments do."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc_now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)
