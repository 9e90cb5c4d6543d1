"""Chunks on their way: server-sent events without names, the last of which is `[DONE]` or an error."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping

from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event

from service.contract import Answer, ErrorBody
from service.contract.events import StatementEvent
from service.http.openai_shape.completions import Chunks
from service.http.openai_shape.errors import error_body, failed
from service.http.streaming import Stream

__all__ = ["lines", "respond"]

_PING_S = 15.0
_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


def respond(stream: Stream, chunks: Chunks) -> EventSourceResponse:
    """Return the response that streams an answer."""
    return EventSourceResponse(_kept_alive(lines(stream, chunks), _PING_S), headers=_HEADERS)


async def lines(stream: Stream, chunks: Chunks) -> AsyncGenerator[bytes]:
    """Yield the events of an answer: a chunk for each statement, then what ends it."""
    yield _line(chunks.first())
    async for event in stream.events():
        match event:
            case StatementEvent():
                yield _line(chunks.said(event))
            case Answer(outcome="failed"):
                yield _line(failed(event).body.model_dump())
            case Answer():
                for chunk in chunks.last(event):
                    yield _line(chunk)
                yield format_sse_event(data_str="[DONE]")
            case ErrorBody():
                yield _line(error_body(500, event.error, event.detail).model_dump())
            case _:
                pass  # what is done meanwhile has no place in a completion


async def _kept_alive(items: AsyncGenerator[bytes], ping_s: float) -> AsyncIterator[bytes]:
    """Yield the items, and a comment whenever none came for so long, so that no proxy gives up."""
    coming = asyncio.ensure_future(anext(items, None))
    try:
        while True:
            await asyncio.wait({coming}, timeout=ping_s)
            if not coming.done():
                yield KEEPALIVE_COMMENT
                continue
            item = coming.result()
            if item is None:
                return
            yield item
            coming = asyncio.ensure_future(anext(items, None))
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        await items.aclose()


def _line(body: Mapping[str, object]) -> bytes:
    return format_sse_event(data_str=json.dumps(body, ensure_ascii=False, separators=(",", ":")))
