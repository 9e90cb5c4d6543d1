import sqlite3
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import JobNotFoundError, JobsFullError, JobTooLargeError
from index.jobs import Failure, JobStore, Limits, NewItem, Steps
from index.jobs.records import Fetch
from index.ledger import Database
from index.library import Library


def text(name: str, body: bytes = b"Rain fell.") -> NewItem:
    """Return a file to be added."""
    return NewItem("file", name, body)


@pytest.mark.parametrize(
    ("limits", "first", "more", "words"),
    [
        (Limits(jobs=1), 1, 1, "1 jobs wait to be done, and at most 1 may (PULLQUOTE_MAX_JOBS)"),
        (Limits(items=3), 2, 2, "2 items wait to be done, and at most 3 may (PULLQUOTE_MAX_JOB_ITEMS)"),
        (Limits(spool_bytes=25), 2, 1, "20 bytes wait to be done, and at most 25 may (PULLQUOTE_MAX_SPOOL_BYTES)"),
    ],
)
def test_what_waits_is_bounded(
    *, store: JobStore, steps: Steps, library: Library, limits: Limits, first: int, more: int, words: str
) -> None:
    """Beyond a limit a job is refused by its name, without a trace; once some is done there is room again."""
    store.limits = limits
    store.submit([text(f"{n}.txt") for n in range(first)])
    waiting = [text(f"more{n}.txt") for n in range(more)]
    with pytest.raises(JobsFullError) as caught:
        store.submit(waiting)
    assert str(caught.value) == f"{words}; send it again once some are done"
    assert len(store.jobs(10)) == 1
    while steps.read_next() or steps.add_some(library.add_all):
        pass
    store.submit(waiting)


@pytest.mark.parametrize("limits", [Limits(items=1), Limits(spool_bytes=19)])
def test_what_never_fits_is_told_so(store: JobStore, limits: Limits, tmp_path: Path) -> None:
    """A job that is larger than all that may wait is refused for good, and leaves nothing in the spool."""
    store.limits = limits
    with pytest.raises(JobTooLargeError, match=r"send it in parts, or raise PULLQUOTE_MAX_"):
        store.submit([text("a.txt"), text("b.txt")])
    assert not list((tmp_path / "data").glob("spool/*"))


def test_a_job_is_cancelled(store: JobStore, steps: Steps, library: Library, tmp_path: Path) -> None:
    """What is done stays, the rest is given up with its bytes; a job that has ended stays as it is."""
    job_id = store.submit([text("a.txt"), text("b.txt"), NewItem("page", "https://news.example/a")])
    steps.read_next()
    steps.add_some(library.add_all)
    job = store.cancel(job_id)
    assert (job.cancelled, job.states) == (True, {"live": 1, "cancelled": 2})
    assert job.ended_at
    assert not list((tmp_path / "data" / "spool").iterdir())
    assert store.cancel(job_id) == job
    assert not steps.read_next()
    assert steps.next_page([]) is None
    with pytest.raises(JobNotFoundError, match=r"there is no job 'job_x'; jobs that ended are remembered for 7 days"):
        store.cancel("job_x")


def test_what_was_cancelled_while_it_was_read_stays_so(store: JobStore, tmp_path: Path) -> None:
    """A step that began before the job was cancelled changes nothing any more, and leaves no bytes."""
    job_id = store.submit([NewItem("page", "https://news.example/a")])
    (item,) = store.items(job_id)
    store.cancel(job_id)
    store.progress.fetched(item, Fetch("https://news.example/a", "2024-01-01", "text/html", None), b"<p>")
    store.progress.extracted(item, [("a", Failure("x", "y"), ())])
    store.progress.failed(item.key, Failure("x", "y"))
    assert [one.state for one in store.items(job_id)] == ["cancelled"]
    assert not list((tmp_path / "data").glob("spool/*"))


def test_the_spool_is_private(store: JobStore, tmp_path: Path) -> None:
    """Its owner alone can read what was sent, and names are made here."""
    store.submit([text("../../evil.txt"), text("/etc/evil.txt")])
    folder = tmp_path / "data" / "spool"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = list(folder.iterdir())
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600, 0o600]
    assert all(len(file.name) == 32 for file in files)
    assert not list(tmp_path.rglob("evil*"))


def test_what_a_crash_left_is_swept(store: JobStore, tmp_path: Path) -> None:
    """Bytes that no item names go, those of items stay, and so does what is not the spool's."""
    store.submit([text("a.txt", b"kept")])
    folder = tmp_path / "data" / "spool"
    (folder / ("0" * 32)).write_bytes(b"left")
    (folder / "other").write_bytes(b"of somebody")
    store.sweep()
    assert sorted(file.read_bytes() for file in folder.iterdir()) == [b"kept", b"of somebody"]


def test_old_jobs_are_forgotten(store: JobStore, steps: Steps) -> None:
    """Those that ended go after some days, or when many came after them; those that wait stay."""
    waiting = store.submit([NewItem("page", "https://news.example/a")])
    ended = [store.cancel(store.submit([text("a.txt")])).id for _ in range(3)]
    store.limits = replace(store.limits, remembered=2)
    store.sweep()
    assert [job.id for job in store.jobs(9)] == [ended[2], ended[1], waiting]
    store.limits = replace(store.limits, days=-1)
    store.sweep()
    assert [job.id for job in store.jobs(9)] == [waiting]
    with pytest.raises(JobNotFoundError):
        store.job(ended[0])
    assert steps.next_page([])


def test_pages_wait_for_those_that_were_fetched(store: JobStore, steps: Steps) -> None:
    """Where reading is behind, no more pages are fetched, so that the spool stays small."""
    job_id = store.submit([NewItem("page", f"https://news.example/{n}") for n in range(9)])
    for item in store.items(job_id)[:8]:
        assert steps.next_page([])
        store.progress.fetched(item, Fetch(item.name, "2024-01-01", "text/html", None), b"<p>")
    assert steps.next_page([]) is None
    steps.read_next()
    assert steps.next_page([])


def test_a_ledger_without_jobs_gets_them(open_library: Callable[..., Library], tmp_path: Path) -> None:
    """A ledger of the schema before jobs is brought up to date, and keeps its articles."""
    open_library().close()
    path = tmp_path / "data" / "ledger.db"
    connection = sqlite3.connect(path)
    with connection:
        for table in ("job_articles", "job_removals", "job_items", "jobs"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("ALTER TABLE versions DROP COLUMN pages")
        connection.execute("UPDATE meta SET value = '3' WHERE name = 'schema'")
    connection.close()
    Database(path).close()
    assert open_library().jobs.submit([text("a.txt")])
