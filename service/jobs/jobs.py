"""Jobs for every door: submitted, listed, watched and cancelled."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from index import Library
from index.jobs import ENDED, NewItem
from service.contract import JobBody, JobItem, JobList, JobSummary
from service.documents import make_documents
from service.jobs.bodies import item_out, job_body, job_summary
from service.jobs.line import Line
from service.settings import Settings
from service.worker import Worker

__all__ = ["Jobs"]

_FAILURES = 100
_PAGE = 100
_LOOK_S = 0.2  # between two looks at a job that is watched


class Jobs:
    """Keep the jobs of `library`; they are worked off once `start` was called, taking turns in `worker`.

    Every method may raise StorageError.
    """

    def __init__(self, settings: Settings, library: Library, worker: Worker) -> None:
        self._settings = settings
        self._library = library
        self._worker = worker
        self._store = library.jobs
        self._reader = Worker("job reader")
        self._line: Line | None = None

    async def start(self) -> None:
        """Begin to work jobs off, those of an earlier process first."""
        documents = make_documents(self._settings)
        bounds = {"max_bytes": self._settings.max_article_bytes, "max_entries": self._settings.max_entries}
        self._line = Line(self._library, self._worker, documents, **bounds)
        await self._line.start()

    async def close(self) -> None:
        """Finish what is in hand."""
        if self._line:
            await self._line.stop()
        self._reader.close()

    async def submit(self, items: Sequence[NewItem]) -> JobBody:
        """Begin a job. Raises JobTooLargeError and JobsFullError."""
        job_id = await self._reader.run(self._store.submit, items)
        self.told()
        return await self.show(job_id)

    async def list(self, limit: int) -> JobList:
        """Return the newest jobs."""
        jobs = await self._reader.run(self._store.jobs, limit)
        return JobList(jobs=[job_summary(job, self._held_up) for job in jobs])

    async def show(self, job_id: str, *, offset: int = 0, limit: int = _PAGE) -> JobBody:
        """Return a job. Raises JobNotFoundError."""
        summary = await self._summary(job_id)
        failures = await self._reader.run(self._store.items, job_id, states=["failed"], limit=_FAILURES)
        items = await self._reader.run(self._store.items, job_id, offset=offset, limit=limit)
        return job_body(summary, failures, items, offset, limit)

    async def cancel(self, job_id: str) -> JobBody:
        """Cancel what is not done yet. Raises JobNotFoundError."""
        await self._reader.run(self._store.cancel, job_id)
        self.told()
        return await self.show(job_id)

    async def watch(self, job_id: str) -> AsyncIterator[JobItem | JobSummary | JobBody]:
        """Yield each item once it has ended, the counts whenever they changed, and at the end of the job all of it.

        Raises JobNotFoundError, also for a job that was forgotten meanwhile.
        """
        told: set[int] = set()
        last: JobSummary | None = None
        while True:
            change = self._line.changes.next if self._line else None
            summary = await self._summary(job_id)
            for item in await self._reader.run(self._store.items, job_id, states=ENDED):
                if item.key not in told:
                    told.add(item.key)
                    yield item_out(item)
            if summary != last:
                last = summary
                yield summary
            if summary.state != "running" or change is None:
                yield await self.show(job_id)
                return
            await change.wait()
            await asyncio.sleep(_LOOK_S)

    def told(self) -> None:
        """Let those who wait for a change look again."""
        if self._line:
            self._line.changes.tell()

    @property
    def _held_up(self) -> str | None:
        return self._line.held_up if self._line else "jobs are worked off while the service runs"

    async def _summary(self, job_id: str) -> JobSummary:
        return job_summary(await self._reader.run(self._store.job, job_id), self._held_up)
