"""The record of jobs: the ledger's tables and the spool. Each public method is safe for any thread.

Bytes are in the spool before a row names them, and a row forgets them before they are deleted: what a crash leaves
between the two is bytes that nobody names, which `sweep` deletes.
"""

import secrets
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select, update

from index.errors import JobNotFoundError, JobsFullError, JobTooLargeError
from index.jobs.progress import Progress
from index.jobs.records import FETCHED, Item, ItemState, Job, Limits, NewItem
from index.jobs.rows import OPEN, end_items, item_of, jobs_of, new_row, now, unfinished
from index.jobs.spool import Spool
from index.ledger.database import Database
from index.ledger.job_tables import job_items, job_removals, jobs

__all__ = ["JobStore"]


class JobStore:
    """Keep jobs in a ledger, and their bytes in `folder`, within `limits`. Every method may raise StorageError."""

    def __init__(self, database: Database, folder: Path, limits: Limits | None = None) -> None:
        self._database = database
        self._spool = Spool(folder)
        self.limits = limits or Limits()
        self.progress = Progress(database, self._spool)

    def submit(self, items: Sequence[NewItem]) -> str:
        """Begin a job, and return its id.

        Raises JobTooLargeError for what would not fit were nothing else waiting, and JobsFullError while it does not.
        """
        size = sum(len(item.data) for item in items)
        with self._database.begin() as connection:  # refused before anything is written
            self._check(connection, len(items), size)
        spooled = [self._spool.put(item.data) if item.kind not in FETCHED else None for item in items]
        try:
            with self._database.write() as connection:
                self._check(connection, len(items), size)
                job_id = f"job_{secrets.token_hex(12)}"
                begun = {"id": job_id, "created_at": now(), "cancelled": 0}
                number = connection.execute(insert(jobs).values(begun).returning(jobs.c.number)).scalar_one()
                rows = [new_row(number, item, name) for item, name in zip(items, spooled, strict=True)]
                connection.execute(insert(job_items), rows)
                self._forget_old(connection)
        except BaseException:
            self._spool.drop([name for name in spooled if name])
            raise
        return job_id

    def jobs(self, limit: int) -> list[Job]:
        """Return the newest jobs, the newest first."""
        with self._database.begin() as connection:
            rows = connection.execute(select(jobs).order_by(jobs.c.number.desc()).limit(limit)).all()
            return jobs_of(connection, rows)

    def job(self, job_id: str) -> Job:
        """Return a job. Raises JobNotFoundError."""
        with self._database.begin() as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == job_id)).one_or_none()
            if row is None:
                raise JobNotFoundError(
                    f"there is no job {job_id[:70]!r}; jobs that ended are remembered for {self.limits.days} days "
                    f"(PULLQUOTE_KEEP_JOBS_DAYS), the last {self.limits.remembered} of them"
                )
            return jobs_of(connection, [row])[0]

    def items(
        self, job_id: str, *, states: Collection[ItemState] = (), offset: int = 0, limit: int | None = None
    ) -> list[Item]:
        """Return items of a job (in these states), in their order."""
        some = select(job_items).join(jobs, jobs.c.number == job_items.c.job).where(jobs.c.id == job_id)
        some = some.where(job_items.c.state.in_(states)) if states else some
        with self._database.begin() as connection:
            rows = connection.execute(some.order_by(job_items.c.key).offset(offset).limit(limit)).mappings()
            return [item_of(row) for row in rows]

    def cancel(self, job_id: str) -> Job:
        """Cancel what of a job is not done yet, and return it. Raises JobNotFoundError."""
        self.job(job_id)
        with self._database.write() as connection:
            number = select(jobs.c.number).where(jobs.c.id == job_id).scalar_subquery()
            keys = connection.execute(select(job_items.c.key).where(job_items.c.job == number, OPEN)).scalars().all()
            if keys:
                connection.execute(update(jobs).where(jobs.c.id == job_id).values(cancelled=1))
            dropped = end_items(connection, keys, "cancelled")
        self._spool.drop(dropped)
        return self.job(job_id)

    def forget(self, article_ids: Collection[str]) -> bool:
        """Forget what waits to become an article that is being removed, and tell whether anything did.

        All ids that lead to it are given: jobs that go on will not bring it back, be it only later that they learn one.
        """
        with self._database.write() as connection:
            going = list(connection.execute(select(jobs.c.number).where(jobs.c.ended_at.is_(None))).scalars())
            if not going:
                return False
            connection.execute(delete(job_removals).where(job_removals.c.article_id.in_(article_ids)))
            removals = [{"job": number, "article_id": each} for number, each in product(going, article_ids)]
            connection.execute(insert(job_removals), removals)
            waits = select(job_items.c.key).where(job_items.c.article_id.in_(article_ids), OPEN)
            keys = connection.execute(waits).scalars().all()
            dropped = end_items(connection, keys, "deleted")
        self._spool.drop(dropped)
        return bool(keys)

    def sweep(self) -> None:
        """Delete what a crash left, and jobs that ended long ago. Only while nothing else writes to the spool."""
        with self._database.write() as connection:
            self._forget_old(connection)
            kept = set(connection.execute(select(job_items.c.spool).where(job_items.c.spool.is_not(None))).scalars())
        self._spool.sweep(kept)

    def _check(self, connection: Connection, n_items: int, n_bytes: int) -> None:
        limits = self.limits
        jobs_now, items_now, bytes_now = unfinished(connection)
        bounds = (
            (1, jobs_now, limits.jobs, "jobs", "MAX_JOBS"),
            (n_items, items_now, limits.items, "items", "MAX_JOB_ITEMS"),
            (n_bytes, bytes_now, limits.spool_bytes, "bytes", "MAX_SPOOL_BYTES"),
        )
        for new, _, most, what, setting in bounds:
            if new > most:
                raise JobTooLargeError(
                    f"the job has {new:,} {what}, and at most {most:,} may wait; "
                    f"send it in parts, or raise PULLQUOTE_{setting}"
                )
        for new, waiting, most, what, setting in bounds:
            if waiting + new > most:
                raise JobsFullError(
                    f"{waiting:,} {what} wait to be done, and at most {most:,} may (PULLQUOTE_{setting}); "
                    "send it again once some are done"
                )

    def _forget_old(self, connection: Connection) -> None:
        before = (datetime.now(UTC) - timedelta(days=self.limits.days)).isoformat(timespec="seconds")
        ended = select(jobs.c.number).where(jobs.c.ended_at.is_not(None))
        recent = ended.order_by(jobs.c.number.desc()).limit(self.limits.remembered)
        old = ended.where((jobs.c.ended_at < before) | jobs.c.number.not_in(recent))
        numbers = connection.execute(old).scalars().all()
        for number in numbers:
            connection.execute(delete(job_items).where(job_items.c.job == number))
            connection.execute(delete(jobs).where(jobs.c.number == number))
