"""Jobs beside everything else: taking turns, ending at once, going on later, and waiting where the disk refuses."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import StorageFullError
from index.jobs import NewItem
from index.preparing import prepare
from service.contract import JobBody, SearchIn
from service.desk import Desk

pytestmark = pytest.mark.slow

AtDesk = Callable[..., object]


def articles(n: int, prefix: str = "a") -> list[NewItem]:
    """Return articles as they are sent."""
    fields = [
        {"id": f"{prefix}{i}", "text": f"Report {i} came by the {prefix} road.", "language": "en"} for i in range(n)
    ]
    return [NewItem("article", str(each["id"]), json.dumps(each).encode()) for each in fields]


async def until_done(desk: Desk, job_id: str) -> JobBody:
    """Wait for the end of a job."""
    async for event in desk.jobs.watch(job_id):
        if isinstance(event, JobBody):
            return event
    raise AssertionError("the events ended before the job")


async def until(holds: Callable[[], bool]) -> None:
    """Wait for something that happens in the background."""
    for _ in range(4_000):
        if holds():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never happened")


def test_searches_come_between_the_turns_of_a_job(at_desk: AtDesk) -> None:
    """Somebody who searches again and again has answers while a job is still going on, one a turn at least."""

    async def story(desk: Desk) -> list[int]:
        await desk.jobs.start()
        job = await desk.jobs.submit(articles(160))
        seen = []
        while not seen or seen[-1] < 160:
            await desk.search(SearchIn(question="report"))
            seen.append((await desk.jobs.show(job.id, limit=1)).done)
        return seen

    seen = at_desk(story)
    assert isinstance(seen, list)
    assert seen == sorted(seen)
    assert len({done for done in seen if 0 < done < 160}) >= 3


def test_a_stopped_service_goes_on_at_its_next_start(at_desk: AtDesk) -> None:
    """What was in hand is finished, the rest waits, and each article is added once."""

    async def first(desk: Desk) -> tuple[str, int]:
        await desk.jobs.start()
        job = await desk.jobs.submit(articles(160))
        await until(lambda: desk._library.reader.n_articles() > 0)
        return job.id, 0

    async def second(desk: Desk) -> tuple[JobBody, JobBody, int]:
        stopped = await desk.jobs.show(job_id)
        assert stopped.held_up == "jobs are worked off while the service runs"
        await desk.jobs.start()
        return stopped, await until_done(desk, job_id), desk._library.reader.n_articles()

    job_id, _ = at_desk(first)  # type: ignore[misc]
    stopped, done, n = at_desk(second)  # type: ignore[misc]
    assert stopped.state == "running"
    assert 0 < stopped.results.added < 160
    assert stopped.results.added == stopped.items_by_state.live
    assert (done.state, done.results.added, n) == ("done", 160, 160)


def test_a_full_disk_holds_jobs_up(at_desk: AtDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """While there is no room the job waits and says why; then it goes on, and nothing failed."""
    monkeypatch.setattr("service.jobs.line._PAUSE_S", 0.02)

    async def story(desk: Desk) -> JobBody:
        await desk.jobs.start()
        with monkeypatch.context() as fault:

            def full(*_: object) -> None:
                raise StorageFullError("the disk of data is full; free some space and run the same again")

            fault.setattr(desk._library, "_write", full)
            job = await desk.jobs.submit(articles(3))
            line = desk.jobs._line
            assert line
            await until(lambda: line.held_up is not None)
            held = await desk.jobs.show(job.id)
            assert held.held_up == "the disk of data is full; free some space and run the same again"
            assert held.state == "running"
        return await until_done(desk, job.id)

    done = at_desk(story)
    assert isinstance(done, JobBody)
    assert (done.results.added, done.results.failed, done.held_up) == (3, 0, None)


def test_an_article_that_nothing_foresaw_holds_up_nobody(at_desk: AtDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where adding breaks unexpectedly, the article that it broke on fails, and the others are added."""

    def break_on(article: object, encoder: object) -> object:
        if "odd" in article.id:  # type: ignore[attr-defined]
            raise ZeroDivisionError("its text, which nobody may see")
        return prepare(article, encoder)  # type: ignore[arg-type]

    monkeypatch.setattr("index.ingest.prepare", break_on)

    async def story(desk: Desk) -> JobBody:
        await desk.jobs.start()
        job = await desk.jobs.submit([*articles(3), *articles(1, "odd"), *articles(3, "b")])
        return await until_done(desk, job.id)

    done = at_desk(story)
    assert isinstance(done, JobBody)
    assert done.results.added == 6
    assert [(item.name, item.error) for item in done.failures] == [("odd0", "internal")]
    assert "nobody may see" not in str(done.failures)


def test_a_page_that_hangs_does_not_hold_up_the_end(at_desk: AtDesk, news_site: object, tmp_path: Path) -> None:
    """A service that stops does not wait for a page; the page is still queued then."""

    async def story(desk: Desk) -> None:
        await desk.jobs.start()
        await desk.jobs.submit([NewItem("page", news_site.url("one"))])  # type: ignore[attr-defined]
        await until(lambda: "/one" in news_site.asked)  # type: ignore[attr-defined]

    async def after(desk: Desk) -> int:
        (job,) = (await desk.jobs.list(5)).jobs
        return job.items_by_state.queued

    news_site.open.clear()  # type: ignore[attr-defined]
    at_desk(story, fetch_private_hosts=(news_site.host,))  # type: ignore[attr-defined]
    assert not news_site.open.is_set()  # type: ignore[attr-defined]
    assert at_desk(after) == 1
    assert not list((tmp_path / "data").glob("spool/*"))
