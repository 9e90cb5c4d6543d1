"""Articles as they are listed, shown and stored."""

from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from service.contract.base import Out

__all__ = ["ArticleBody", "ArticleList", "ArticleSummary", "PutBody"]

# both numbers are of one kind, which tools understand that know no `prefixItems`
Page = Annotated[
    tuple[int, int], WithJsonSchema({"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2})
]


class _Described(Out):
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


class ArticleSummary(_Described):
    """An article in a list."""

    chars: int
    sentences: int


class ArticleList(Out):
    """One page of articles by id, and how many there are in all."""

    articles: list[ArticleSummary]
    total: int
    offset: int
    limit: int


class ArticleBody(_Described):
    """An article with its whole text; `origins` says where id, URL and dates came from, and what redirected to it."""

    meta_version: str
    source: str | None
    origins: dict[str, str]
    pages: list[Page] = Field(
        [], description="of a printed document: the number of each page with text, and where in `text` it begins"
    )
    text: str


class PutBody(Out):
    """What became of an article; `encoded` counts the passages that had to be encoded."""

    id: str
    version: str
    change: Literal["added", "updated", "unchanged"]
    encoded: int
