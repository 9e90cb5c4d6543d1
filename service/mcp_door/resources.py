"""The articles as resources: listed page by page, and read as plain text."""

from collections.abc import Awaitable
from typing import TypeVar

import structlog
from mcp.server import ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    ListResourcesResult,
    ListResourceTemplatesResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
    Resource,
    ResourceTemplate,
    TextResourceContents,
)

from index.errors import ArticleNotFoundError, IndexingError
from service.contract import ArticleSummary
from service.errors import ServiceError
from service.mcp_door.source import Source
from service.mcp_door.uris import URI_TEMPLATE, id_of_uri, uri_of

__all__ = ["Resources"]

_PAGE = 100
_MOST_DIGITS = 15
_MIME_TYPE = "text/plain"
_T = TypeVar("_T")


class Resources:
    """The articles of one source."""

    def __init__(self, source: Source, page: int = _PAGE) -> None:
        self._source = source
        self._page = page

    async def list(self, _: ServerRequestContext, params: PaginatedRequestParams | None) -> ListResourcesResult:
        """Return one page. Raises MCPError for a cursor that was not given out."""
        offset = _offset(params.cursor if params else None)
        page = await _told(self._source.articles(offset=offset, limit=self._page))
        until = offset + len(page.articles)
        more = str(until) if page.articles and until < page.total else None
        return ListResourcesResult(resources=[_resource(article) for article in page.articles], next_cursor=more)

    async def templates(
        self, _: ServerRequestContext, __: PaginatedRequestParams | None
    ) -> ListResourceTemplatesResult:
        """Say how resources are named."""
        template = ResourceTemplate(
            uri_template=URI_TEMPLATE,
            name="article",
            title="An article",
            description="The text of an article as stored, by its id; offsets of citations count its code points.",
            mime_type=_MIME_TYPE,
        )
        return ListResourceTemplatesResult(resource_templates=[template])

    async def read(self, _: ServerRequestContext, params: ReadResourceRequestParams) -> ReadResourceResult:
        """Return the text of an article. Raises MCPError for a name that no article has."""
        article_id = id_of_uri(params.uri)
        if article_id is None:
            raise _unknown(params.uri)
        try:
            article = await _told(self._source.article(article_id))
        except ArticleNotFoundError as exc:
            raise _unknown(params.uri) from exc
        contents = TextResourceContents(uri=params.uri, mime_type=_MIME_TYPE, text=article.text)
        return ReadResourceResult(contents=[contents])


async def _told(work: Awaitable[_T]) -> _T:
    """Return what `work` gives. Raises ArticleNotFoundError, and MCPError for all else that goes wrong."""
    try:
        return await work
    except ArticleNotFoundError:
        raise
    except (IndexingError, ServiceError) as exc:
        raise MCPError(INTERNAL_ERROR, str(exc)) from exc
    except Exception as exc:  # noqa: BLE001  (the SDK would send its words, which may hold what an article says)
        structlog.get_logger("pullquote.mcp").error("unexpected error", kind=type(exc).__name__)
        raise MCPError(INTERNAL_ERROR, "an unexpected error; the server's log names its kind") from None


def _resource(article: ArticleSummary) -> Resource:
    known = ", ".join(part for part in (article.outlet, article.author, article.published_at) if part)
    return Resource(
        uri=uri_of(article.id),
        name=article.id,
        title=article.title or article.id,
        description=known or None,
        mime_type=_MIME_TYPE,
    )


def _offset(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) <= _MOST_DIGITS):
        raise MCPError(INVALID_PARAMS, "the cursor is none that was given out; begin again without one")
    return int(cursor)


def _unknown(uri: str) -> MCPError:
    # code and data are those of the SDK for a resource that is not there
    detail = f"there is no resource {uri[:200]!r}; they are named {URI_TEMPLATE}"
    return MCPError(INVALID_PARAMS, detail, {"uri": uri[:200].encode("utf-8", "replace").decode()})
