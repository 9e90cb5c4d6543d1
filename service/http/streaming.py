"""An answer as a stream of events: what is done, what was found, and each statement once it cannot change."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.sse import ServerSentEvent

from index.errors import IndexingError
from service.answering.telling import Tell
from service.contract import Answer, AskIn, ErrorBody
from service.contract.events import (
    DroppedEvent,
    Event,
    SearchedEvent,
    SourcesEvent,
    StageEvent,
    StatementEvent,
)
from service.errors import ServiceError, status_of
from service.http.deps import CurrentDesk
from service.http.disconnect import while_connected

__all__ = ["NAMES", "Asked", "Stream", "named"]

NAMES: dict[type[object], str] = {
    SourcesEvent: "sources",
    SearchedEvent: "searched",
    StageEvent: "stage",
    StatementEvent: "statement",
    DroppedEvent: "dropped",
    Answer: "final",
    ErrorBody: "error",
}
"""The name that each event has in a stream."""


class Stream:
    """The events of one answer, which is made whether or not they are taken: a slow reader holds back nobody."""

    def __init__(self, ask: Callable[[Tell], Awaitable[Answer]]) -> None:
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._searched = asyncio.Event()
        self._task = asyncio.ensure_future(ask(self._hear))

    async def begin(self) -> None:
        """Wait until articles were searched. Raises what goes wrong until then."""
        searched = asyncio.ensure_future(self._searched.wait())
        await asyncio.wait({self._task, searched}, return_when=asyncio.FIRST_COMPLETED)
        searched.cancel()
        if not self._searched.is_set():
            await self._task

    async def events(self) -> AsyncIterator[Event | Answer | ErrorBody]:
        """Yield every event as it comes; the last is the answer, or the error that ended it."""
        while not (self._task.done() and self._events.empty()):
            coming = asyncio.ensure_future(self._events.get())
            try:
                await asyncio.wait({self._task, coming}, return_when=asyncio.FIRST_COMPLETED)
                if coming.done():
                    yield coming.result()
            finally:
                coming.cancel()
        yield self._last()

    async def end(self) -> None:
        """Stop the model where the answer is not wanted any more."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def _hear(self, event: Event) -> None:
        self._events.put_nowait(event)
        if isinstance(event, SourcesEvent):
            self._searched.set()

    def _last(self) -> Answer | ErrorBody:
        try:
            return self._task.result()
        except (ServiceError, IndexingError) as exc:
            return ErrorBody(error=status_of(exc)[1], detail=str(exc))
        except Exception:  # noqa: BLE001  (its words may hold what an article says)
            return ErrorBody(error="internal", detail="an unexpected error ended the answer; ask again")


async def _asked(request: Request, body: AskIn, desk: CurrentDesk) -> AsyncIterator[Stream]:
    """Begin an answer before the first byte is sent, so that what goes wrong until then has its status."""
    stream = Stream(lambda tell: desk.ask(body, tell))
    try:
        await while_connected(request, stream.begin())
        yield stream
    finally:
        await stream.end()


Asked = Annotated[Stream, Depends(_asked)]


def named(event: Event | Answer | ErrorBody) -> ServerSentEvent:
    """Return an event as it is sent: its name, and its body as JSON."""
    return ServerSentEvent(event=NAMES[type(event)], data=event)
