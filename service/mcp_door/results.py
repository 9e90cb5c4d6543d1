"""What `search` and `fetch` give, in the shape that ChatGPT's connectors take."""

from pydantic import Field

from service.contract import ArticleBody
from service.contract.base import Out
from service.links import Links

__all__ = ["Fetched", "SearchResult", "SearchResults", "fetched", "search_result"]

_METADATA = (
    "outlet", "author", "language", "published_at", "modified_at", "fetched_at", "version",
)  # fmt: skip


class SearchResult(Out):
    """An article that was found."""

    id: str = Field(description="send it to `fetch`")
    title: str
    url: str


class SearchResults(Out):
    """The articles found, each once, the best first."""

    results: list[SearchResult]


class Fetched(Out):
    """An article with its whole text; offsets of citations count code points of that text."""

    id: str
    title: str
    text: str
    url: str
    metadata: dict[str, str] = Field(description=f"those known of {', '.join(_METADATA)}")


def search_result(article: ArticleBody, links: Links) -> SearchResult:
    """Return an article as it is found."""
    return SearchResult(id=article.id, title=_title(article), url=links.to_article(article.id, article.url))


def fetched(article: ArticleBody, links: Links) -> Fetched:
    """Return an article as it is read."""
    metadata = {name: value for name, value in article.model_dump(include=set(_METADATA)).items() if value}
    return Fetched(**search_result(article, links).model_dump(), text=article.text, metadata=metadata)


def _title(article: ArticleBody) -> str:
    return article.title or article.id
