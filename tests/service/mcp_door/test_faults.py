"""What goes wrong where nobody expected it: told without its words, which may hold what an article says."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError
from structlog.testing import capture_logs

from index.errors import ArticleNotFoundError
from service.contract import Answer, ArticleBody, ArticleList, AskIn, PassageOut, SearchBody, SearchIn
from service.mcp_door.server import make_server
from service.mcp_door.source import Tell

BOTH = pytest.mark.parametrize("mode", ["auto", "legacy"])
FIELDS = dict.fromkeys(ArticleBody.model_fields)


class Broken:
    """A source in which everything breaks."""

    async def ask(self, request: AskIn, tell: Tell) -> Answer:
        """Break."""
        raise RuntimeError(f"secret {request} {tell}")

    async def search(self, request: SearchIn) -> SearchBody:
        """Break."""
        raise RuntimeError(f"secret {request}")

    async def article(self, article_id: str) -> ArticleBody:
        """Break."""
        raise RuntimeError(f"secret {article_id}")

    async def articles(self, *, offset: int, limit: int) -> ArticleList:
        """Break."""
        raise RuntimeError(f"secret {offset} {limit}")


class Going(Broken):
    """A source whose articles are removed as soon as they are found."""

    async def search(self, request: SearchIn) -> SearchBody:
        """Find passages of three articles, the first twice."""
        found = [
            PassageOut(article_id=i, start=0, end=1, text=request.question, score=1) for i in ("a", "gone", "b", "a")
        ]
        return SearchBody(passages=found, evidence=[], searched=[], articles_searched=3, articles_undated=3)

    async def article(self, article_id: str) -> ArticleBody:
        """Return an article, or say that it has gone."""
        if article_id == "gone":
            raise ArticleNotFoundError("there is no article 'gone'")
        filled = {"id": article_id, "version": "v", "meta_version": "m", "origins": {}, "pages": [], "text": "t"}
        return ArticleBody.model_validate({**FIELDS, **filled})


def tell(source: Broken, story: Callable[[Client], Awaitable[None]], mode: str = "auto") -> None:
    """Tell the SDK's client a story over a source."""

    async def told() -> None:
        async with Client(make_server(source, "http://x"), mode=mode, cache=None) as client:
            await story(client)

    asyncio.run(told())


@BOTH
def test_unexpected_errors(mode: str) -> None:
    """Tools, lists and reads say that the server's log names the kind, and nothing more."""

    async def story(client: Client) -> None:
        for name, arguments in (("search", {"query": "a"}), ("fetch", {"id": "a"}), ("ask", {"question": "a"})):
            result = await client.call_tool(name, arguments)
            assert result.is_error
            assert result.content[0].text == "an unexpected error; the server's log names its kind"  # type: ignore[union-attr]
        for reading in (client.list_resources(), client.read_resource("pullquote://articles/a")):
            with pytest.raises(MCPError, match=r"^an unexpected error; the server's log names its kind$"):
                await reading

    with capture_logs() as logs:
        tell(Broken(), story, mode)
    assert [entry["kind"] for entry in logs] == ["RuntimeError"] * 5
    assert "secret" not in str(logs)


def test_an_article_that_goes_while_it_is_found() -> None:
    """It is left out, and the others come once each in their order."""

    async def story(client: Client) -> None:
        found = (await client.call_tool("search", {"query": "a"})).structured_content["results"]
        assert [(result["id"], result["url"]) for result in found] == [
            ("a", "http://x/articles/a"),
            ("b", "http://x/articles/b"),
        ]

    tell(Going(), story)
