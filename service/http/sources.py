"""The routes of what is followed, by which `pullquote sync` works beside a server."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from service import projection
from service.contract import ItemList, ItemsIn, SourceBody, SourceIn, SourceList
from service.errors import ForbiddenError
from service.http.deps import Admin, ByOwner, CurrentDesk
from service.http.errors import refusal, responses
from service.http.intake_examples import ITEMS, SOURCE, SOURCES

__all__ = ["sources"]

sources = APIRouter(prefix="/api/sources", tags=["sources"], dependencies=[Admin])
SourceId = Annotated[int, Path(description="a source's number", examples=[1], ge=1, le=2**53)]
_NOT_FOUND: dict[int | str, dict[str, object]] = {
    404: refusal("source_not_found", "there is no source 7; `pullquote sources list` shows them")
}


@sources.get("", responses={**responses(422, 503), 200: SOURCES})
async def list_sources(desk: CurrentDesk) -> SourceList:
    """Return what is followed."""
    return SourceList(sources=[projection.source_body(source) for source in await desk.sources()])


@sources.post("", responses={**responses(422, 503, 507), 200: SOURCE})
async def follow_source(body: SourceIn, desk: CurrentDesk, by_owner: ByOwner) -> SourceBody:
    """Follow a feed or sitemap from the next look on; one that is followed already stays as it is.

    A folder is one of the server's machine, whose files this could lay open: commands on that machine alone follow it.
    """
    if body.kind == "folder" and not by_owner:
        raise ForbiddenError("folders are followed by commands on the server only; run `pullquote add --follow` there")
    return projection.source_body(await desk.follow(body.place, body.kind))


@sources.delete("/{source_id}", status_code=204, responses={**responses(422, 503, 507), **_NOT_FOUND})
async def unfollow_source(source_id: SourceId, desk: CurrentDesk) -> None:
    """Follow a source no longer; its articles stay."""
    await desk.unfollow(source_id)


@sources.get("/{source_id}/items", responses={**responses(422, 503), **_NOT_FOUND, 200: ITEMS})
async def list_items(
    source_id: SourceId,
    desk: CurrentDesk,
    offset: Annotated[int, Query(ge=0, le=2**53)] = 0,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 1_000,
) -> ItemList:
    """Return one page of what was seen of a source, by place."""
    items = await desk.source_items(source_id, offset=offset, limit=limit)
    return ItemList(items=[projection.item_body(item) for item in items], offset=offset, limit=limit)


@sources.post("/{source_id}/items", status_code=204, responses={**responses(422, 503, 507), **_NOT_FOUND})
async def note_items(source_id: SourceId, body: ItemsIn, desk: CurrentDesk) -> None:
    """Keep what was seen of a source, for the next look at it."""
    seen = [projection.item_of(item) for item in body.items]
    await desk.note(source_id, seen, body.dropped, synced=body.synced)
