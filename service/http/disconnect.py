"""Work that ends when the one who asked for it has gone."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

from starlette.requests import Request

__all__ = ["GoneError", "while_connected"]

_T = TypeVar("_T")


class GoneError(Exception):
    """The client went away before the work was done."""


async def while_connected(request: Request, work: Coroutine[None, None, _T]) -> _T:
    """Return the result of `work`, or cancel it and raise GoneError as soon as the client disconnects.

    The body must have been read before. ASGI servers tell of a disconnect only to those who wait for it.
    """
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise GoneError
        return task.result()
    finally:
        task.cancel()
        gone.cancel()
        await asyncio.gather(task, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
