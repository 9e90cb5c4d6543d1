import asyncio
from collections.abc import Awaitable, Callable

import pytest
from starlette.requests import Request

from service.http.disconnect import GoneError, while_connected


def request_of(*messages: str, then: Callable[[], Awaitable[None]] | None = None) -> Request:
    """Make a request whose client sends these messages, and then stays or does something."""
    left = list(messages)

    async def receive() -> dict[str, str]:
        if left:
            return {"type": left.pop(0)}
        if then:
            await then()
            return {"type": "http.disconnect"}
        await asyncio.Event().wait()
        raise AssertionError

    return Request({"type": "http"}, receive)  # type: ignore[arg-type]


def test_work_that_ends_is_returned() -> None:
    """A client that stays gets the result, and nothing is left running."""

    async def story() -> None:
        async def work() -> str:
            await asyncio.sleep(0.01)
            return "done"

        assert await while_connected(request_of(), work()) == "done"
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(story())


def test_work_that_fails_raises_its_own_error() -> None:
    """An error of the work is the caller's."""

    async def work() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(while_connected(request_of(), work()))


@pytest.mark.parametrize("messages", [("http.disconnect",), ("http.request", "http.request", "http.disconnect")])
def test_work_ends_with_its_client(messages: tuple[str, ...]) -> None:
    """A disconnect cancels the work, which may clean up, and is told by an error of its own."""
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append("cleaned")

    async def story() -> None:
        with pytest.raises(GoneError):
            await while_connected(request_of(*messages), work())
        assert ended == ["cleaned"]
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(story())


def test_work_that_ends_with_the_disconnect_counts() -> None:
    """Where both happen at once the result is kept."""

    async def work() -> str:
        return "done"

    async def story() -> str:
        return await while_connected(request_of("http.disconnect"), work())

    assert asyncio.run(story()) == "done"


def test_a_cancelled_request_cancels_its_work() -> None:
    """A server that shuts down leaves no work behind."""

    async def story() -> None:
        begun = asyncio.Event()

        async def work() -> None:
            begun.set()
            await asyncio.Event().wait()

        task = asyncio.ensure_future(while_connected(request_of(), work()))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(story())
