"""Articles as they are listed, shown and stored."""

from typing import Literal

from service.contract.base import Out

__all__ = ["ArticleBody", "ArticleList", "ArticleSummary", "PutBody"]


class ArticleSummary(Out):
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


class ArticleList(Out):
    """One page of articles by id, and how many there are in all."""

    articles: list[ArticleSummary]
    total: int
    offset: int
    limit: int


class ArticleBody(Out):
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


class PutBody(Out):
    """What became of an article; `encoded` counts the passages that had to be encoded."""

    id: str
    version: str
    change: Literal["added", "updated", "unchanged"]
    encoded: int
