"""The running server as a source, by its HTTP API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from index.errors import ArticleNotFoundError
from index.owner import Address
from service.contract import Answer, ArticleBody, ArticleList, AskIn, ErrorBody, SearchBody, SearchIn
from service.contract.events import StageEvent
from service.errors import RemoteError
from service.mcp_door.source import Tell
from service.mcp_door.uris import article_path

__all__ = ["Remote"]

_NOT_FOUND = 404
_Body = TypeVar("_Body", bound=BaseModel)


class Remote:
    """The server that owns the data folder; a question that is cancelled here is cancelled there."""

    def __init__(self, client: httpx.AsyncClient, owner: Address) -> None:
        self._client = client
        self._url = owner.url

    @classmethod
    @asynccontextmanager
    async def reached(cls, owner: Address, timeout_s: float) -> AsyncIterator[Self]:
        """Yield the server at `owner`; each part of a reply may take `timeout_s` seconds."""
        async with httpx.AsyncClient(
            base_url=owner.url,
            headers={"Authorization": f"Bearer {owner.key}", "Content-Type": "application/json"},
            trust_env=False,
            timeout=timeout_s,
        ) as client:
            yield cls(client, owner)

    async def ask(self, request: AskIn, tell: Tell) -> Answer:
        """Answer a question; `tell` hears the stages."""
        async with self._sent("POST", "/api/ask/stream", request) as reply:
            async for name, data in _events(reply):
                if name == b"stage":
                    tell(self._read(StageEvent, data))
                elif name == b"error":
                    raise RemoteError(self._read(ErrorBody, data).detail)
                elif name == b"final":
                    return self._read(Answer, data)
        raise RemoteError(f"the server at {self._url} ended the answer; is it stopping?")

    async def search(self, request: SearchIn) -> SearchBody:
        """Search for passages and evidence."""
        return await self._call("POST", "/api/search", SearchBody, request)

    async def article(self, article_id: str) -> ArticleBody:
        """Return an article."""
        return await self._call("GET", "/api" + article_path(article_id), ArticleBody)

    async def articles(self, *, offset: int, limit: int) -> ArticleList:
        """Return one page of articles by id."""
        return await self._call("GET", f"/api/articles?offset={offset}&limit={limit}", ArticleList)

    async def _call(self, method: str, path: str, kind: type[_Body], body: BaseModel | None = None) -> _Body:
        async with self._sent(method, path, body) as reply:
            return self._read(kind, await reply.aread())

    @asynccontextmanager
    async def _sent(self, method: str, path: str, body: BaseModel | None) -> AsyncIterator[httpx.Response]:
        content = body.model_dump_json() if body else None
        try:
            async with self._client.stream(method, path, content=content) as reply:
                if not reply.is_success:
                    raise _refused(reply.status_code, await reply.aread())
                yield reply
        except httpx.HTTPError as exc:
            raise RemoteError(f"the server at {self._url} cannot be reached ({exc}); is it stopping?") from exc

    def _read(self, kind: type[_Body], data: bytes) -> _Body:
        try:
            return kind.model_validate_json(data)
        except ValidationError as exc:
            raise RemoteError(f"{self._url} gave a reply of another form; is it another version of Pullquote?") from exc


def _refused(status: int, body: bytes) -> RemoteError | ArticleNotFoundError:
    try:
        detail = ErrorBody.model_validate_json(body).detail
    except ValidationError:
        return RemoteError(f"the server answered {status}", status)
    return ArticleNotFoundError(detail) if status == _NOT_FOUND else RemoteError(detail, status)


async def _events(reply: httpx.Response) -> AsyncIterator[tuple[bytes, bytes]]:
    """Yield name and data of each event; httpx would split lines at characters that JSON does not escape."""
    kept = b""
    async for part in reply.aiter_bytes():
        *whole, kept = (kept + part).replace(b"\r\n", b"\n").split(b"\n\n")
        for event in whole:
            fields = dict(line.partition(b":")[::2] for line in event.split(b"\n"))
            if b"event" in fields:
                yield fields[b"event"].strip(), fields.get(b"data", b"")
