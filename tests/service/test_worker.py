import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from service.worker import Worker, run_apart


def test_calls_run_one_after_the_other_in_one_thread() -> None:
    """Calls keep their order, and share a thread that is not the loop's."""
    seen: list[tuple[int, str]] = []

    def call(number: int) -> int:
        seen.append((number, threading.current_thread().name))
        time.sleep(0.005)
        return number * 2

    async def story() -> list[int]:
        worker = Worker("library")
        try:
            return await asyncio.gather(*(worker.run(call, number) for number in range(5)))
        finally:
            worker.close()

    assert asyncio.run(story()) == [0, 2, 4, 6, 8]
    assert [number for number, _ in seen] == [0, 1, 2, 3, 4]
    (name,) = {name for _, name in seen}
    assert name.startswith("library")


def test_arguments_and_errors_pass() -> None:
    """Keywords reach the call, and its error reaches the caller."""

    async def story() -> None:
        worker = Worker("w")
        assert await worker.run(sorted, [1, 3, 2], reverse=True) == [3, 2, 1]
        with pytest.raises(ZeroDivisionError):
            await worker.run(divmod, 1, 0)
        assert await worker.run(len, "after") == 5
        worker.close()

    asyncio.run(story())


def test_the_loop_stays_free_while_a_call_blocks() -> None:
    """What blocks holds up nobody on the event loop."""

    async def story() -> int:
        worker, release, turns = Worker("w"), threading.Event(), 0
        blocked = asyncio.ensure_future(worker.run(release.wait, 5))
        for _ in range(10):
            await asyncio.sleep(0)
            turns += 1
        assert not blocked.done()
        release.set()
        assert await blocked
        worker.close()
        return turns

    assert asyncio.run(story()) == 10


def test_a_cancelled_call_leaves_the_queue() -> None:
    """A call that has not begun never runs once its caller has gone."""
    ran: list[str] = []

    async def story() -> None:
        worker, release = Worker("w"), threading.Event()
        first = asyncio.ensure_future(worker.run(release.wait, 5))
        second = asyncio.ensure_future(worker.run(ran.append, "second"))
        third = asyncio.ensure_future(worker.run(ran.append, "third"))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
        release.set()
        await asyncio.gather(first, third)
        worker.close()

    asyncio.run(story())
    assert ran == ["third"]


def test_a_call_that_has_begun_ends_although_its_caller_has_gone() -> None:
    """Nothing is torn in the middle; the next call waits for it."""
    ran: list[str] = []

    async def story() -> None:
        worker, begun, release = Worker("w"), threading.Event(), threading.Event()

        def call() -> None:
            begun.set()
            release.wait(5)
            ran.append("first")

        first = asyncio.ensure_future(worker.run(call))
        await asyncio.to_thread(begun.wait, 5)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        release.set()
        await worker.run(ran.append, "second")
        worker.close()

    asyncio.run(story())
    assert ran == ["first", "second"]


def test_closing_waits_for_the_call_that_runs() -> None:
    """No thread outlives its worker."""

    async def story() -> None:
        worker = Worker("closing")
        running = asyncio.ensure_future(worker.run(time.sleep, 0.02))
        await asyncio.sleep(0)
        worker.close()
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("closing")]
        await running

    asyncio.run(story())


def test_items_are_made_in_the_thread() -> None:
    """Outside of an event loop items come one by one, each made in the worker's thread; errors come through."""
    worker = Worker("maker")

    def items() -> Iterator[str]:
        for _ in range(3):
            yield threading.current_thread().name
        raise OSError("unplugged")

    made = worker.each(items())
    assert [next(made).partition("_")[0] for _ in range(3)] == ["maker"] * 3
    with pytest.raises(OSError, match="unplugged"):
        next(made)
    worker.close()


def test_a_call_apart_holds_up_nobody() -> None:
    """Its result and its error come back; one whose caller has gone ends unheard, and nothing waits for its thread."""

    async def story() -> None:
        assert await run_apart(sorted, [2, 1], reverse=True) == [2, 1]
        with pytest.raises(ZeroDivisionError):
            await run_apart(divmod, 1, 0)
        begun, release = threading.Event(), threading.Event()

        def call() -> None:
            begun.set()
            release.wait(5)

        waiting = asyncio.ensure_future(run_apart(call))
        await asyncio.to_thread(begun.wait, 5)
        (thread,) = (one for one in threading.enumerate() if one.name == "apart")
        assert thread.daemon
        waiting.cancel()
        assert isinstance((await asyncio.gather(waiting, return_exceptions=True))[0], asyncio.CancelledError)
        release.set()
        await asyncio.to_thread(thread.join, 5)
        assert not thread.is_alive()

    asyncio.run(story())
