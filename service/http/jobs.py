"""The routes of jobs: articles added many at a time, in the background."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from index.errors import IndexingError
from service.contract import ErrorBody, JobBody, JobItem, JobList, JobSummary
from service.errors import status_of
from service.http.deps import Admin, CurrentDesk
from service.http.errors import refusal, responses
from service.http.intake_examples import JOB, JOB_EVENTS, JOBS
from service.http.uploads import BODY, Sent

__all__ = ["jobs"]

_NAMES: dict[type[object], str] = {JobItem: "item", JobSummary: "progress", JobBody: "final", ErrorBody: "error"}
_NOT_FOUND = refusal(
    "job_not_found",
    "there is no job 'job_x'; jobs that ended are remembered for 7 days (PULLQUOTE_KEEP_JOBS_DAYS), the last 100 of "
    "them",
)
_FULL = refusal(
    "jobs_full",
    "16 jobs wait to be done, and at most 16 may (PULLQUOTE_MAX_JOBS); send it again once some are done",
)
JobId = Annotated[
    str,
    Path(description="a job's id", examples=["job_5f0c2b7d9e1a4c6b8d0f1e2a"], json_schema_extra={"pattern": "^job_"}),
]
jobs = APIRouter(prefix="/api", tags=["jobs"], dependencies=[Admin])


@jobs.post(
    "/articles",
    status_code=202,
    responses={**responses(422, 503, 507), 429: _FULL, 202: {**JOB, "model": JobBody}},
    openapi_extra={"requestBody": BODY},
)
async def add_articles(sent: Sent, desk: CurrentDesk, response: Response) -> JobBody:
    """Add pages, articles or files in the background: a job with an item for each, at the address in `Location`.

    The pages that a feed or sitemap names become items of the same job, the newest of them within the limits. An item
    that cannot be added fails alone and says why; what was there of it stays as it was.
    """
    job = await desk.jobs.submit(sent)
    response.headers["Location"] = f"/api/jobs/{job.id}"
    return job


@jobs.get("/jobs", responses={**responses(422, 503), 200: JOBS})
async def list_jobs(desk: CurrentDesk, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> JobList:
    """Return the newest jobs."""
    return await desk.jobs.list(limit)


@jobs.get("/jobs/{job_id}", responses={**responses(422, 503), 404: _NOT_FOUND, 200: JOB})
async def show_job(
    job_id: JobId,
    desk: CurrentDesk,
    offset: Annotated[int, Query(ge=0, le=2**53)] = 0,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> JobBody:
    """Return a job: its counts, its failed items, and one page of all items."""
    return await desk.jobs.show(job_id, offset=offset, limit=limit)


@jobs.delete("/jobs/{job_id}", responses={**responses(422, 503, 507), 404: _NOT_FOUND, 200: JOB})
async def cancel_job(job_id: JobId, desk: CurrentDesk) -> JobBody:
    """Cancel what of a job is not done yet; what is live stays."""
    return await desk.jobs.cancel(job_id)


async def _known(job_id: JobId, desk: CurrentDesk) -> str:
    """Return the id of a job that there is, so that another has its status before the first byte."""
    return (await desk.jobs.show(job_id, limit=1)).id


@jobs.get(
    "/jobs/{job_id}/events",
    response_class=EventSourceResponse,
    responses={**responses(422, 503), 404: _NOT_FOUND, 200: JOB_EVENTS},
)
async def watch_job(job_id: Annotated[str, Depends(_known)], desk: CurrentDesk) -> AsyncIterator[ServerSentEvent]:
    """Tell a job's progress as named server-sent events, from its beginning.

    `item` is an item that has ended, `progress` the counts, and `final` the body of the plain call, once nothing is
    left to do; or `error`. A comment comes every 15 seconds, so that the connection is not taken for dead.
    """
    try:
        async for event in desk.jobs.watch(job_id):
            yield ServerSentEvent(event=_NAMES[type(event)], data=event)
    except IndexingError as exc:
        yield ServerSentEvent(event="error", data=ErrorBody(error=status_of(exc)[1], detail=str(exc)))
