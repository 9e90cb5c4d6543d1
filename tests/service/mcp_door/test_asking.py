"""A question while it is in work: progress, limits, and clients that lose interest."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import anyio
import pytest
from mcp import Client
from mcp_types import CallToolResult

if TYPE_CHECKING:
    from tests.service.mcp_door.conftest import Live

BOTH = pytest.mark.parametrize("mode", ["auto", "legacy"])
QUESTION = {"question": "Who led the Chinese side?"}


async def soon(client: Client) -> str:
    """Ask until the place is free, and return what was said last; a question that is admitted hangs."""
    for _ in range(100):
        result = None
        with anyio.move_on_after(0.3):
            result = await client.call_tool("ask", QUESTION)
        if result is None:
            return "admitted"
        await asyncio.sleep(0.05)
    return str(result)


@BOTH
def test_progress(live: "Live", mode: str) -> None:
    """Who sends a progress token hears each stage in words, in growing numbers, before the answer."""

    async def story(client: Client) -> list[tuple[float, str | None]]:
        heard: list[tuple[float, str | None]] = []

        async def hear(progress: float, total: float | None, message: str | None) -> None:
            assert total is None
            heard.append((progress, message))

        await client.call_tool("ask", QUESTION, progress_callback=hear)
        return heard

    heard = live.tell(story, mode)
    assert [number for number, _ in heard] == list(range(1, len(heard) + 1))
    assert heard[0][1] == "beginning"
    assert {"searching the articles", "checking what the sentences state"} <= {message for _, message in heard}


@BOTH
def test_too_many_questions(serve: Callable[..., "Live"], mode: str) -> None:
    """One over the limit is turned away in words, and who waits hears how many are ahead."""
    served = serve(chat_model="fake:hang", max_asks=2)
    served.put("visit", {"text": "General Zhang Youxia led the Chinese side.", "language": "en"})

    async def story(client: Client) -> tuple[CallToolResult, list[str | None]]:
        heard: list[str | None] = []
        begun = [asyncio.Event(), asyncio.Event()]

        async def first(*_: object) -> None:
            begun[0].set()

        async def second(_: float, __: float | None, message: str | None) -> None:
            heard.append(message)
            begun[1].set()

        asked = []
        for hear, event in zip((first, second), begun, strict=True):
            asked.append(asyncio.ensure_future(client.call_tool("ask", QUESTION, progress_callback=hear)))
            await event.wait()
        refused = await client.call_tool("ask", QUESTION)
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
        return refused, heard

    refused, heard = served.tell(story, mode)
    assert refused.is_error
    assert "2 questions are in work, which is the limit" in refused.content[0].text  # type: ignore[union-attr]
    assert heard[0] == "waiting for 1 earlier questions"


def test_a_client_that_cancels(serve: Callable[..., "Live"]) -> None:
    """A question that is cancelled gives its place free at once: the model is stopped."""
    served = serve(chat_model="fake:hang", max_asks=1)
    served.put("visit", {"text": "General Zhang Youxia led the Chinese side.", "language": "en"})

    async def story(client: Client) -> str:
        with anyio.move_on_after(0.5) as scope:
            await client.call_tool("ask", QUESTION)
        assert scope.cancelled_caught
        return await soon(client)

    assert served.tell(story) == "admitted"


@BOTH
def test_a_client_that_goes_away(serve: Callable[..., "Live"], mode: str) -> None:
    """A connection that is closed gives the place of its question free, in every version of the protocol."""
    served = serve(chat_model="fake:hang", max_asks=1)
    served.put("visit", {"text": "General Zhang Youxia led the Chinese side.", "language": "en"})

    async def leave() -> None:
        with anyio.move_on_after(1):
            async with served.connected(mode) as client:
                await client.call_tool("ask", QUESTION)

    asyncio.run(leave())
    assert served.tell(soon) == "admitted"
