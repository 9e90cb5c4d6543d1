"""A question in work: its stages go to the client as progress, and it ends with the client's interest."""

import asyncio

import anyio
from mcp.server.session import ServerSession

from service.contract import Answer, AskIn
from service.contract.events import Event, StageEvent
from service.mcp_door.source import Source
from service.mcp_door.texts import stage_text

__all__ = ["ask"]


async def ask(source: Source, request: AskIn, session: ServerSession) -> Answer:
    """Answer a question; a client that sent a progress token hears the stages, and a slow one holds up nobody.

    Cancelling this, which the SDK does when the client cancels or goes away, stops the model.
    """
    told: asyncio.Queue[Event | None] = asyncio.Queue()
    asked = asyncio.ensure_future(source.ask(request, told.put_nowait))
    asked.add_done_callback(lambda _: told.put_nowait(None))
    stages = 0
    try:
        while (event := await told.get()) is not None:
            if isinstance(event, StageEvent):
                stages += 1
                await session.report_progress(stages, message=stage_text(event))
        return asked.result()
    finally:
        asked.cancel()
        # anyio cancels every await in a cancelled scope, those of the model's own ending too
        with anyio.CancelScope(shield=True):
            await asyncio.wait({asked})
