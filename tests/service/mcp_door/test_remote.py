"""What the HTTP API says, read by the process of an assistant."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from index.owner import Address
from service.contract import AskIn
from service.contract.events import Event, StageEvent
from service.errors import RemoteError
from service.mcp_door.remote import Remote

OWNER = Address("http://127.0.0.1:1", "key", 1)
ANSWER = (
    '{"id":"ans_0","outcome":"not_found","reason":"no_evidence","answer":"","statements":[],"citations":[],'
    '"dropped":[],"nearest":[],"searched":["a\u2028b\x85c"],"as_of":null,"degraded":[],"model":{},"prompts":{},'
    '"usage":{},"timings_ms":{}}'
)


def told(reply: httpx.Response, story: Callable[[Remote], Awaitable[object]]) -> httpx.Request:
    """Tell a server that gives this reply a story, and return what it was sent."""
    requests: list[httpx.Request] = []

    def answering(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return reply

    async def run() -> None:
        async with httpx.AsyncClient(base_url=OWNER.url, transport=httpx.MockTransport(answering)) as client:
            await story(Remote(client, OWNER))

    asyncio.run(run())
    return requests[0]


async def parts(data: bytes, size: int) -> AsyncIterator[bytes]:
    """Yield data in parts of a size."""
    for at in range(0, len(data), size):
        yield data[at : at + size]


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_stream_of_events(size: int, newline: str) -> None:
    """Stages are told, other events and comments passed over, and no character of the answer ends a line."""
    lines = [
        ": ping",
        "",
        "event: stage",
        'data: {"stage":"searching"}',
        "",
        "event: sources",
        "data: {}",
        "",
        "event: final",
        f"data: {ANSWER}",
        "",
        "",
    ]
    heard: list[Event] = []

    async def story(remote: Remote) -> None:
        answer = await remote.ask(AskIn(question="Who?"), heard.append)
        assert answer.searched == ["a\u2028b\x85c"]

    request = told(httpx.Response(200, content=parts(newline.join(lines).encode(), size)), story)
    assert (request.method, request.url.path) == ("POST", "/api/ask/stream")
    assert heard == [StageEvent(stage="searching")]


@pytest.mark.parametrize(
    ("status", "content", "said"),
    [
        (200, b'event: error\ndata: {"error":"overloaded","detail":"too many"}\n\n', "^too many$"),
        (200, b'event: stage\ndata: {"stage":"searching"}\n\n', "ended the answer"),
        (200, b"", "ended the answer"),
        (200, b"event: final\ndata: {}\n\n", "is it another version of Pullquote"),
        (503, b'{"error":"overloaded","detail":"too many"}', "^too many$"),
        (502, b"<html>", "^the server answered 502$"),
    ],
)
def test_an_answer_that_does_not_come(status: int, content: bytes, said: str) -> None:
    """Whatever comes instead is an error in words."""

    async def story(remote: Remote) -> None:
        with pytest.raises(RemoteError, match=said):
            await remote.ask(AskIn(question="Who?"), lambda _: None)

    told(httpx.Response(status, content=content), story)
