"""The routes, each a thin projection of the desk."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from service.contract import (
    Answer,
    ArticleBody,
    ArticleIn,
    ArticleList,
    AskIn,
    HealthBody,
    PutBody,
    ReadyBody,
    SearchBody,
    SearchIn,
)
from service.contract.patterns import ARTICLE_ID
from service.http.deps import Admin, Asker, CurrentDesk, Readiness
from service.http.disconnect import while_connected
from service.http.errors import responses
from service.http.examples import ANSWER, ARTICLE, ARTICLES, HEALTH, PUT, READY, SEARCH, STREAM
from service.http.streaming import Asked, named

__all__ = ["health", "router"]

router = APIRouter(prefix="/api")
health = APIRouter(tags=["health"])
ArticleId = Annotated[
    str,
    Path(description="an article's id", examples=["ferry-sails-again"], json_schema_extra={"pattern": ARTICLE_ID}),
]


@router.post("/ask", tags=["ask"], dependencies=[Asker], responses={**responses(422, 503), 200: ANSWER})
async def ask(request: Request, body: AskIn, desk: CurrentDesk) -> Answer:
    """Answer a question from the articles, with the exact sentences that prove it.

    The status is 200 for every outcome: `answered`, `partial`, `not_found`, and `failed` (the model decided nothing).
    """
    return await while_connected(request, desk.ask(body))


@router.post(
    "/ask/stream",
    tags=["ask"],
    dependencies=[Asker],
    response_class=EventSourceResponse,
    responses={**responses(422, 503), 200: STREAM},
)
async def ask_stream(stream: Asked) -> AsyncIterator[ServerSentEvent]:
    """Answer a question as named server-sent events.

    `stage`, `searched` and `sources` come first, then each `statement` once its gates have passed (none is ever taken
    back), `dropped`, and `final`, the body of the plain call, as the last; or `error`. Articles are searched before
    the first byte, so that what goes wrong until then has its status.
    """
    async for event in stream.events():
        yield named(event)


@router.post("/search", tags=["ask"], dependencies=[Asker], responses={**responses(422, 503), 200: SEARCH})
async def search(body: SearchIn, desk: CurrentDesk) -> SearchBody:
    """Return the passages and the sentences that a question would be answered from."""
    return await desk.search(body)


@router.get("/articles", tags=["articles"], dependencies=[Asker], responses={**responses(422, 503), 200: ARTICLES})
async def list_articles(
    desk: CurrentDesk,
    offset: Annotated[int, Query(ge=0, le=2**53)] = 0,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> ArticleList:
    """Return one page of the articles, by id."""
    return await desk.articles(offset=offset, limit=limit)


@router.get(
    "/articles/{article_id}",
    tags=["articles"],
    dependencies=[Asker],
    responses={**responses(404, 410, 422, 503), 200: ARTICLE},
)
async def show_article(
    article_id: ArticleId,
    desk: CurrentDesk,
    version: Annotated[str | None, Query(description="the version that is wanted; 410 when it is gone")] = None,
) -> ArticleBody:
    """Return an article with its whole text; offsets of citations count code points of that text."""
    return await desk.article(article_id, version)


@router.put(
    "/articles/{article_id}",
    tags=["articles"],
    dependencies=[Admin],
    responses={**responses(409, 422, 503, 507), 200: PUT, 201: {**PUT, "model": PutBody}},
)
async def put_article(article_id: ArticleId, body: ArticleIn, desk: CurrentDesk, response: Response) -> PutBody:
    """Add an article (201), or replace the one of that id (200); the same again changes nothing."""
    put = await desk.put(article_id, body)
    response.status_code = 201 if put.change == "added" else 200
    return put


@router.delete(
    "/articles/{article_id}",
    tags=["articles"],
    dependencies=[Admin],
    status_code=204,
    responses=responses(404, 422, 503, 507),
)
async def delete_article(article_id: ArticleId, desk: CurrentDesk) -> None:
    """Remove an article, and what waits in jobs to become it."""
    await desk.remove(article_id)


@health.get("/healthz", responses={**responses(), 200: HEALTH})
async def healthz() -> HealthBody:
    """Say that the process answers."""
    return HealthBody()


@health.get("/readyz", responses={**responses(), 200: READY, 503: {**READY, "model": ReadyBody}})
async def readyz(ready: Readiness, response: Response) -> ReadyBody:
    """Say whether questions can be answered; ledger, index and model are really touched. 503 where one is not.

    Anyone may ask; details are for those who may ask questions. Others get what was seen within the last second.
    """
    response.status_code = 200 if ready.ready else 503
    return ready
