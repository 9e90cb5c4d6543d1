"""Threads for what blocks. Encoder, vector index and writes all belong to one of them.

One thread, since an encoder's tokenizer is not safe for several; what blocks never runs on the event loop.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar, cast

__all__ = ["Worker", "run_apart"]

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Worker:
    """Run blocking calls one after the other in a thread of their own."""

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Run a call; a caller that is cancelled takes its call out of the queue unless it has begun."""
        return await asyncio.wrap_future(self._pool.submit(function, *args, **kwargs))

    def each(self, items: Iterator[_T]) -> Iterator[_T]:
        """Yield `items`, each of which is made in the thread; for callers outside of the event loop."""
        ended = object()
        while (item := self._pool.submit(next, items, ended).result()) is not ended:
            yield cast("_T", item)

    def close(self) -> None:
        """Wait for the call that runs, and end the thread."""
        self._pool.shutdown(wait=True, cancel_futures=True)


async def run_apart(function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Run a call in a thread of its own, which nothing waits for at the end of the process.

    For calls that change nothing here and may take long, such as one to a server elsewhere.
    """
    future: Future[_T] = Future()

    def call() -> None:
        try:
            result = function(*args, **kwargs)
        except BaseException as exc:  # noqa: BLE001  (it belongs to the caller)
            if future.set_running_or_notify_cancel():
                future.set_exception(exc)
        else:
            if future.set_running_or_notify_cancel():
                future.set_result(result)

    threading.Thread(target=call, name="apart", daemon=True).start()
    return await asyncio.wrap_future(future)
