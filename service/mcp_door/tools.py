"""The tools: what they take and give, and their calls. What goes wrong in one is told to the model, in words."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog
from mcp.server import ServerRequestContext
from mcp.server.session import ServerSession
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from pydantic import BaseModel, ValidationError

from index.errors import ArticleNotFoundError, IndexingError
from service.contract import Answer, SearchIn
from service.errors import ServiceError
from service.links import Links
from service.mcp_door.arguments import AskArguments, FetchArguments, SearchArguments
from service.mcp_door.asking import ask
from service.mcp_door.results import Fetched, SearchResults, fetched, search_result
from service.mcp_door.source import Source
from service.mcp_door.texts import answer_text
from service.mcp_door.uris import article_path

__all__ = ["Tools"]

_SHOWN_PROBLEMS = 5
_Call = Callable[[Mapping[str, object], ServerSession], Awaitable[CallToolResult]]


@dataclass(frozen=True)
class _Described:
    title: str
    description: str
    takes: type[BaseModel]
    gives: type[BaseModel]


_TOOLS = {
    "search": _Described(
        "Search the articles",
        "Find articles by words or a question: id, title and URL of each, the best first. `fetch` gives their text.",
        SearchArguments,
        SearchResults,
    ),
    "fetch": _Described("Read an article", "Give the whole text of an article, by its id.", FetchArguments, Fetched),
    "ask": _Described(
        "Ask the articles",
        "Answer a question from the articles alone. Every statement comes with the exact sentence that proves it, and "
        "what the articles do not say is said to be missing. Takes seconds to a minute.",
        AskArguments,
        Answer,
    ),
}


class Tools:
    """The tools over one source of articles; `data_dir` is named to who asks where it is empty."""

    def __init__(self, source: Source, links: Links, data_dir: Path | None = None) -> None:
        self._source = source
        self._links = links
        self._data_dir = data_dir
        self._tools = {name: _tool(name, described) for name, described in _TOOLS.items()}
        self._calls: dict[str, _Call] = {"search": self._search, "fetch": self._fetch, "ask": self._ask}
        self._log = structlog.get_logger("pullquote.mcp")

    async def list(self, _: ServerRequestContext, __: PaginatedRequestParams | None) -> ListToolsResult:
        """List the tools."""
        return ListToolsResult(tools=list(self._tools.values()))

    def input_schema(self, name: str) -> Mapping[str, object] | None:
        """Return the schema of what a tool takes, or None where there is no such tool."""
        tool = self._tools.get(name)
        return tool.input_schema if tool else None

    async def call(self, context: ServerRequestContext, params: CallToolRequestParams) -> CallToolResult:
        """Call a tool. Raises MCPError for one that does not exist; all else is a result that says what was wrong."""
        call = self._calls.get(params.name)
        if call is None:
            raise MCPError(INVALID_PARAMS, f"there is no tool {params.name[:80]!r}; there are {', '.join(self._tools)}")
        try:
            return await call(params.arguments or {}, context.session)
        except ValidationError as exc:
            return _refusal(_problems(exc))
        except (IndexingError, ServiceError) as exc:
            return _refusal(str(exc))
        except Exception as exc:  # noqa: BLE001  (its words may hold what an article says)
            self._log.error("unexpected error", tool=params.name, kind=type(exc).__name__)
            return _refusal("an unexpected error; the server's log names its kind")

    async def _search(self, given: Mapping[str, object], _: ServerSession) -> CallToolResult:
        query = SearchArguments.model_validate(given).query
        found = await self._source.search(SearchIn(question=query))
        results = []
        for article_id in dict.fromkeys(passage.article_id for passage in found.passages):
            try:
                results.append(search_result(await self._source.article(article_id), self._links))
            except ArticleNotFoundError:  # removed since it was found
                continue
        return _result(SearchResults(results=results))

    async def _fetch(self, given: Mapping[str, object], _: ServerSession) -> CallToolResult:
        article_id = FetchArguments.model_validate(given).id
        article_path(article_id)
        return _result(fetched(await self._source.article(article_id), self._links))

    async def _ask(self, given: Mapping[str, object], session: ServerSession) -> CallToolResult:
        answer = await ask(self._source, AskArguments.model_validate(given).request, session)
        shown = answer_text(answer, self._links, self._data_dir)
        return _result(answer, shown, is_error=answer.outcome == "failed")


def _tool(name: str, described: _Described) -> Tool:
    return Tool(
        name=name,
        title=described.title,
        description=described.description,
        input_schema=described.takes.model_json_schema(),
        output_schema=described.gives.model_json_schema(mode="serialization"),
        annotations=ToolAnnotations(title=described.title, read_only_hint=True, open_world_hint=False),
    )


def _result(body: BaseModel, text: str | None = None, *, is_error: bool = False) -> CallToolResult:
    """Return a body as structured content, and as one text: the given one, or the same JSON."""
    content = body.model_dump(mode="json")
    shown = json.dumps(content, ensure_ascii=False) if text is None else text
    return CallToolResult(content=[TextContent(text=shown)], structured_content=content, is_error=is_error)


def _refusal(detail: str) -> CallToolResult:
    # half a character cannot be sent as UTF-8
    shown = detail.encode("utf-8", "replace").decode()
    return CallToolResult(content=[TextContent(text=shown)], is_error=True)


def _problems(exc: ValidationError) -> str:
    problems = exc.errors(include_url=False, include_input=False)
    shown = [f"{'.'.join(str(part) for part in p['loc'])[:200]}: {p['msg']}" for p in problems[:_SHOWN_PROBLEMS]]
    more = f" (and {len(problems) - _SHOWN_PROBLEMS} more)" if len(problems) > _SHOWN_PROBLEMS else ""
    return "; ".join(shown) + more
