"""The line on which jobs are worked off: pages are fetched, items read, and articles added, at the same time.

Each stage does what there is to do and then waits for a change. Adding takes its turns in the library's own worker, one
small batch a turn, so that whatever was asked meanwhile comes before the next batch.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from index import Library
from index.documents import Documents
from index.errors import IndexingError
from index.jobs import Item, Steps
from service.errors import status_of
from service.worker import Worker, run_apart

__all__ = ["Changes", "Line"]

_FETCHERS = 4  # each at another host
_PAUSE_S = 5.0


class Changes:
    """Tell everybody who waits that something changed. For one event loop."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def tell(self) -> None:
        """Wake all who wait."""
        self._next.set()
        self._next = asyncio.Event()

    @property
    def next(self) -> asyncio.Event:
        """Return what is set by the next change."""
        return self._next


class Line:
    """Work off the jobs of `library` from `start` to `stop`. `held_up` says what keeps them waiting, if anything."""

    def __init__(
        self, library: Library, worker: Worker, documents: Documents, *, max_bytes: int, max_entries: int
    ) -> None:
        self._library = library
        self._worker = worker
        self._documents = documents
        self._steps = Steps(library.jobs, documents, max_bytes=max_bytes, max_entries=max_entries, code_of=_code_of)
        self._ledger = Worker("jobs")
        self._reader = Worker("extracting")
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._fetching: dict[int, tuple[Item, asyncio.Task[None]]] = {}
        self._held_up: dict[str, str] = {}
        self.changes = Changes()

    @property
    def held_up(self) -> str | None:
        """Return what keeps jobs waiting, or None."""
        return next(iter(self._held_up.values()), None)

    async def start(self) -> None:
        """Begin, or go on where an earlier process stopped."""
        try:
            await self._ledger.run(self._library.jobs.sweep)
        except IndexingError as exc:  # what is left over can wait for the next start
            structlog.get_logger("pullquote.jobs").error("not swept", reason=str(exc))
        stages = {"fetch": self._fetch, "read": self._read, "add": self._add}
        self._tasks = [asyncio.create_task(self._stage(name, work)) for name, work in stages.items()]

    async def stop(self) -> None:
        """Finish what is being read or added, give up what is being fetched, and leave the rest for the next start."""
        self._stopping.set()
        self.changes.tell()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        fetching = [task for _, task in self._fetching.values()]
        for task in fetching:
            task.cancel()
        await asyncio.gather(*fetching, return_exceptions=True)
        self._ledger.close()
        self._reader.close()
        self._documents.close()

    async def _stage(self, name: str, work: Callable[[], Awaitable[bool]]) -> None:
        """Work while there is something to do; what is wrong with the disk or the library is told and tried again."""
        while not self._stopping.is_set():
            change = self.changes.next
            if await self._tried(name, work):
                self.changes.tell()
            elif name not in self._held_up:
                await change.wait()

    async def _tried(self, name: str, work: Callable[[], Awaitable[bool]]) -> bool:
        try:
            worked = await work()
        except IndexingError as exc:
            await self._pause(name, str(exc))
        except Exception as exc:  # noqa: BLE001  (its words may hold what an article says)
            _log_unexpected(name, exc)
            await self._pause(name, f"an unexpected error ({type(exc).__name__}); the server's log names its kind")
        else:
            if self._held_up.pop(name, None):
                self.changes.tell()
            return worked
        return False

    async def _pause(self, name: str, reason: str) -> None:
        self._held_up[name] = reason
        self.changes.tell()
        try:
            await asyncio.wait_for(self._stopping.wait(), _PAUSE_S)
        except TimeoutError:
            return

    async def _fetch(self) -> bool:
        if len(self._fetching) >= _FETCHERS:
            return False
        item = await self._ledger.run(self._steps.next_page, [item for item, _ in self._fetching.values()])
        if item is None:
            return False
        self._fetching[item.key] = (item, asyncio.create_task(self._fetch_one(item)))
        return True

    async def _fetch_one(self, item: Item) -> None:
        async def work() -> bool:
            fetched = await run_apart(self._steps.fetch, item)
            await self._ledger.run(self._steps.fetched, item, fetched)
            return True

        try:
            await self._tried("keep pages", work)  # after a pause the page is taken anew
        finally:
            del self._fetching[item.key]
            self.changes.tell()

    async def _read(self) -> bool:
        return await self._reader.run(self._steps.read_next)

    async def _add(self) -> bool:
        try:
            return await self._worker.run(self._steps.add_some, self._library.add_all)
        except IndexingError:
            raise
        except Exception as exc:  # noqa: BLE001  (the article that it broke on must not hold up the others)
            _log_unexpected("add", exc)
            return await self._worker.run(self._steps.add_one, self._library.add_all)


def _code_of(error: Exception) -> str:
    return status_of(error)[1]


def _log_unexpected(stage: str, error: Exception) -> None:
    structlog.get_logger("pullquote.jobs").error("unexpected error", stage=stage, kind=type(error).__name__)
