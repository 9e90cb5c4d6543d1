"""Where the API has an article, and its name as a resource."""

from urllib.parse import quote, unquote

from index.articles import is_id
from index.errors import ArticleNotFoundError

__all__ = ["URI_TEMPLATE", "article_path", "id_of_uri", "uri_of"]

_URI = "pullquote://articles/"
URI_TEMPLATE = _URI + "{id}"
"""The name of an article as a resource, by RFC 6570."""


def article_path(article_id: str) -> str:
    """Return the path of an article. Raises ArticleNotFoundError for what cannot be an id."""
    if not is_id(article_id):
        raise ArticleNotFoundError(f"there is no article {article_id[:140]!r}; `search` gives the ids")
    return f"/articles/{quote(article_id, safe='')}"


def uri_of(article_id: str) -> str:
    """Return the name of an article as a resource."""
    return _URI + quote(article_id, safe="")


def id_of_uri(uri: str) -> str | None:
    """Return the id of the article that a resource's name means, or None where it means no article."""
    article_id = unquote(uri.removeprefix(_URI))
    return article_id if uri.startswith(_URI) and is_id(article_id) else None
