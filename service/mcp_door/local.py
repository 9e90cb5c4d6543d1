"""The articles of this machine, for a process that lives as long as an assistant does.

Such a process may run for days beside `pullquote serve`, other commands and other assistants. So every call looks anew
who owns the data folder, and where nobody serves it, this process does only for as long as it is asked something.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.owner import Ownership, find_owner
from service.contract import Answer, ArticleBody, ArticleList, AskIn, SearchBody, SearchIn
from service.mcp_door.remote import Remote
from service.mcp_door.source import Source, Tell
from service.settings import Settings

if TYPE_CHECKING:
    from service.desk import Desk

__all__ = ["LocalSource"]

_REST_S = 30
_BUSY_WAIT_S = 10


class LocalSource:
    """The server that owns the data folder, or this process where none does.

    A folder that this process owns is let go after `rest_s` seconds without a call. Every method may raise
    LibraryBusyError where another command owns it for more than ten seconds.
    """

    def __init__(self, settings: Settings, rest_s: float = _REST_S) -> None:
        self._settings = settings
        self._rest_s = rest_s
        self._changing = asyncio.Lock()
        self._desk: asyncio.Task[_OwnDesk] | None = None
        self._users = 0
        self._timer: asyncio.TimerHandle | None = None
        self._resting: asyncio.Task[None] | None = None

    async def ask(self, request: AskIn, tell: Tell) -> Answer:
        """Answer a question; `tell` hears the stages."""
        async with self._source() as source:
            return await source.ask(request, tell)

    async def search(self, request: SearchIn) -> SearchBody:
        """Search for passages and evidence."""
        async with self._source() as source:
            return await source.search(request)

    async def article(self, article_id: str) -> ArticleBody:
        """Return an article. Raises ArticleNotFoundError for an unknown id."""
        async with self._source() as source:
            return await source.article(article_id)

    async def articles(self, *, offset: int, limit: int) -> ArticleList:
        """Return one page of articles by id."""
        async with self._source() as source:
            return await source.articles(offset=offset, limit=limit)

    async def close(self) -> None:
        """Let the folder go."""
        if self._timer:
            self._timer.cancel()
        async with self._changing:
            await self._let_go()

    @contextlib.asynccontextmanager
    async def _source(self) -> AsyncIterator[Source]:
        owner = None if self._desk else await asyncio.to_thread(find_owner, self._settings.data_dir)
        if owner:
            async with Remote.reached(owner, self._settings.chat_timeout_s * 3) as server:
                yield server
            return
        self._users += 1
        try:
            yield await self._opened()
        finally:
            self._users -= 1
            if not self._users:
                self._rest_later()

    async def _opened(self) -> Source:
        async with self._changing:
            if self._desk is None:
                self._desk = asyncio.create_task(asyncio.to_thread(_open, self._settings))
            opening = self._desk
        try:
            # a call that is cancelled meanwhile must not leave an owned folder that nobody knows of
            return (await asyncio.shield(opening)).desk
        except Exception:
            if self._desk is opening:
                self._desk = None
            raise

    def _rest_later(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(self._rest_s, self._begin_rest)

    def _begin_rest(self) -> None:
        self._resting = asyncio.create_task(self._rest())

    async def _rest(self) -> None:
        async with self._changing:
            if not self._users:
                await self._let_go()

    async def _let_go(self) -> None:
        opening, self._desk = self._desk, None
        if opening is None:
            return
        await asyncio.wait({opening})
        if not opening.exception():
            await opening.result().close()


@dataclass(frozen=True)
class _OwnDesk:
    """A desk of this process, and its hold on the data folder."""

    desk: "Desk"
    ownership: Ownership

    async def close(self) -> None:
        """Close the desk, and let the folder go."""
        try:
            await self.desk.close()
        finally:
            self.ownership.release()


def _open(settings: Settings) -> _OwnDesk:
    from service.desk import Desk  # noqa: PLC0415  (1 s of LangChain, not needed through a server)

    ownership = Ownership(settings.data_dir, wait_s=_BUSY_WAIT_S)
    try:
        return _OwnDesk(Desk.open(settings), ownership)
    except BaseException:
        ownership.release()
        raise
