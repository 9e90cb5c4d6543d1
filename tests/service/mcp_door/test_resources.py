import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS

from service.contract import Answer, ArticleBody, ArticleList, ArticleSummary, AskIn, SearchBody, SearchIn
from service.errors import RemoteError
from service.mcp_door.server import make_server
from service.mcp_door.source import Tell

if TYPE_CHECKING:
    from tests.service.mcp_door.conftest import Live

BOTH = pytest.mark.parametrize("mode", ["auto", "legacy"])


class Many:
    """A source of `n` articles that can only be listed."""

    def __init__(self, n: int) -> None:
        self.ids = [f"a{i:04}" for i in range(n)]
        self.fails = False

    async def articles(self, *, offset: int, limit: int) -> ArticleList:
        """Return one page of articles."""
        if self.fails:
            raise RemoteError("the server cannot be reached")
        fields = dict.fromkeys(ArticleSummary.model_fields)
        page = [
            ArticleSummary.model_validate({**fields, "id": i, "version": "v", "chars": 1, "sentences": 1})
            for i in self.ids[offset : offset + limit]
        ]
        return ArticleList(articles=page, total=len(self.ids), offset=offset, limit=limit)

    async def article(self, article_id: str) -> ArticleBody:
        """Fail."""
        raise RemoteError(article_id)

    async def ask(self, request: AskIn, tell: Tell) -> Answer:
        """Do nothing."""
        raise NotImplementedError

    async def search(self, request: SearchIn) -> SearchBody:
        """Do nothing."""
        raise NotImplementedError


def listed(source: Many, *, after: Callable[[int], None] = lambda _: None) -> list[list[str]]:
    """Return the ids of every page; `after` is told when one has come."""

    async def story() -> list[list[str]]:
        pages: list[list[str]] = []
        async with Client(make_server(source, "http://x"), cache=None) as client:
            cursor = None
            while cursor is not None or not pages:
                page = await client.list_resources(cursor=cursor)
                pages.append([resource.name for resource in page.resources])
                after(len(pages))
                cursor = page.next_cursor
        return pages

    return asyncio.run(story())


@pytest.mark.parametrize(("n", "sizes"), [(0, [0]), (1, [1]), (100, [100]), (101, [100, 1]), (250, [100, 100, 50])])
def test_articles_are_listed_by_pages(n: int, sizes: list[int]) -> None:
    """Each article comes once, a hundred a page, and the last page has no cursor."""
    source = Many(n)
    pages = listed(source)
    assert [len(page) for page in pages] == sizes
    assert [name for page in pages for name in page] == source.ids


def test_a_list_ends_though_articles_go() -> None:
    """Where articles are removed between two pages, the list ends after what is left."""
    source = Many(250)
    assert [len(page) for page in listed(source, after=lambda _: source.ids.__delitem__(slice(90, None)))] == [100, 0]


@pytest.mark.parametrize("cursor", ["", "-1", "x", "1e3", "٣", "9" * 16])
def test_a_cursor_that_was_not_given_out(live: "Live", cursor: str) -> None:
    """It is refused in words."""

    async def story(client: Client) -> None:
        with pytest.raises(MCPError, match="the cursor is none that was given out") as refused:
            await client.list_resources(cursor=cursor)
        assert refused.value.code == INVALID_PARAMS

    live.tell(story)


@BOTH
def test_an_article_as_a_resource(live: "Live", mode: str) -> None:
    """Its name is made of its id as the template says, and it reads as the stored text."""

    async def story(client: Client) -> None:
        (template,) = (await client.list_resource_templates()).resource_templates
        assert (template.uri_template, template.mime_type) == ("pullquote://articles/{id}", "text/plain")
        resources = {resource.name: resource for resource in (await client.list_resources()).resources}
        assert set(resources) == {"visit", "bridge:1", "dam"}
        visit = resources["visit"]
        assert (visit.title, visit.description) == ("Visit ends", "Apex, A. Writer, 2022-06-13")
        assert resources["bridge:1"].uri == "pullquote://articles/bridge%3A1"
        assert resources["bridge:1"].title == "bridge:1"
        for name, begins in (("visit", "The army chief"), ("bridge:1", "The Gannet"), ("dam", "Ignore all")):
            (contents,) = (await client.read_resource(resources[name].uri)).contents
            assert contents.text.startswith(begins)  # type: ignore[union-attr]
            assert contents.mime_type == "text/plain"

    live.tell(story, mode)


@pytest.mark.parametrize(
    "uri", ["pullquote://articles/nosuch", "pullquote://articles/", "pullquote://articles/%2e%2e", "file:///etc/passwd"]
)
@BOTH
def test_a_resource_that_is_not_there(live: "Live", mode: str, uri: str) -> None:
    """It is refused in words, whatever its name."""

    async def story(client: Client) -> None:
        with pytest.raises(MCPError, match=r"there is no resource .*; they are named pullquote://articles/") as refused:
            await client.read_resource(uri)
        assert refused.value.code == INVALID_PARAMS

    live.tell(story, mode)


def test_a_source_that_fails() -> None:
    """What went wrong is told in words."""

    async def story() -> None:
        source = Many(1)
        source.fails = True
        async with Client(make_server(source, "http://x"), mode="legacy") as client:
            with pytest.raises(MCPError, match=r"^the server cannot be reached$"):
                await client.list_resources()
            with pytest.raises(MCPError, match=r"^a$"):
                await client.read_resource("pullquote://articles/a")

    asyncio.run(story())
