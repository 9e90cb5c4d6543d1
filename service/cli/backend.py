"""Who does the work of a command: the server that owns the data folder, or this process where none does."""

import asyncio
from collections.abc import Coroutine, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from index import Refused
from index.articles import Article, is_id
from index.errors import ArticleNotFoundError
from index.ledger import Database, Reader
from index.owner import Address, Ownership, find_owner
from index.restoring import is_pending
from service import projection
from service.contract import Answer, ArticleBody, ArticleIn, ArticleList, AskIn, PutBody, SearchBody, SearchIn
from service.errors import RemoteError
from service.settings import Settings

__all__ = ["Backend", "Catalogue", "open_backend", "open_catalogue"]

_OF_THE_ARTICLE = (400, 409, 413, 422)  # other refusals would be the same for every article
_BUSY_WAIT_S = 10
_CONNECT_RETRIES = 4
_T = TypeVar("_T")
_Body = TypeVar("_Body", bound=BaseModel)


class Catalogue(Protocol):
    """What lists and shows articles."""

    def articles(self, offset: int, limit: int) -> ArticleList:
        """Return one page of articles."""
        ...

    def article(self, article_id: str) -> ArticleBody:
        """Return an article."""
        ...


class Backend(Catalogue, Protocol):
    """What commands ask for; the bodies are those of the HTTP contract."""

    def ask(self, request: AskIn) -> Answer:
        """Answer a question."""
        ...

    def search(self, request: SearchIn) -> SearchBody:
        """Search."""
        ...

    def add_all(self, articles: Iterable[Article]) -> Iterator[PutBody | Refused]:
        """Add or replace articles; yield what became of each, in their order."""
        ...

    def remove(self, article_id: str) -> None:
        """Remove an article."""
        ...


@contextmanager
def open_backend(settings: Settings) -> Iterator[Backend]:
    """Yield the running server where there is one, else this process as the owner of the data folder.

    Raises LibraryBusyError where another command owns it for more than ten seconds.
    """
    owner = find_owner(settings.data_dir)
    if owner:
        # a server that is just starting is tried again for some seconds
        transport = httpx.HTTPTransport(retries=_CONNECT_RETRIES)
        timeout = settings.chat_timeout_s * 3
        with httpx.Client(base_url=owner.url, transport=transport, trust_env=False, timeout=timeout) as client:
            yield _Server(client, owner)
        return
    ownership = Ownership(settings.data_dir, wait_s=_BUSY_WAIT_S)
    try:
        with _InProcess.running(settings) as backend:
            yield backend
    finally:
        ownership.release()


@contextmanager
def open_catalogue(settings: Settings) -> Iterator[Catalogue]:
    """Yield what can list and show articles: the running server, or the ledger, which needs no ownership."""
    owner = find_owner(settings.data_dir)
    if owner:
        with open_backend(settings) as backend:
            yield backend
        return
    if is_pending(settings.data_dir):
        Ownership(settings.data_dir, wait_s=_BUSY_WAIT_S).release()
    database = Database(settings.data_dir / "ledger.db")
    try:
        yield _Ledger(Reader(database))
    finally:
        database.close()


class _Ledger:
    """The ledger alone, read without the index."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def articles(self, offset: int, limit: int) -> ArticleList:
        rows = self._reader.articles(offset=offset, limit=limit)
        return projection.article_list(rows, self._reader.n_articles(), offset, limit)

    def article(self, article_id: str) -> ArticleBody:
        return projection.article_body(self._reader.article(article_id))


class _InProcess:
    """The desk in this process, on an event loop of its own."""

    def __init__(self, settings: Settings, runner: asyncio.Runner) -> None:
        from service.desk import Desk  # noqa: PLC0415  (1 s of LangChain, not needed through a server)

        self._runner = runner
        self._desk = Desk.open(settings)

    @classmethod
    @contextmanager
    def running(cls, settings: Settings) -> Iterator[Backend]:
        with asyncio.Runner() as runner:
            backend = cls(settings, runner)
            try:
                yield backend
            finally:
                backend._run(backend._desk.close())

    def ask(self, request: AskIn) -> Answer:
        return self._run(self._desk.ask(request))

    def search(self, request: SearchIn) -> SearchBody:
        return self._run(self._desk.search(request))

    def articles(self, offset: int, limit: int) -> ArticleList:
        return self._run(self._desk.articles(offset=offset, limit=limit))

    def article(self, article_id: str) -> ArticleBody:
        return self._run(self._desk.article(article_id))

    def add_all(self, articles: Iterable[Article]) -> Iterator[PutBody | Refused]:
        return self._desk.add_all(articles)

    def remove(self, article_id: str) -> None:
        self._run(self._desk.remove(article_id))

    def _run(self, work: Coroutine[None, None, _T]) -> _T:
        return self._runner.run(work)


class _Server:
    """The server that owns the data folder, by its HTTP API."""

    def __init__(self, client: httpx.Client, owner: Address) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {owner.key}"}
        self._url = owner.url

    def ask(self, request: AskIn) -> Answer:
        return self._call("POST", "/api/ask", Answer, request)

    def search(self, request: SearchIn) -> SearchBody:
        return self._call("POST", "/api/search", SearchBody, request)

    def articles(self, offset: int, limit: int) -> ArticleList:
        return self._call("GET", f"/api/articles?offset={offset}&limit={limit}", ArticleList)

    def article(self, article_id: str) -> ArticleBody:
        return self._call("GET", _article_path(article_id), ArticleBody)

    def add_all(self, articles: Iterable[Article]) -> Iterator[PutBody | Refused]:
        for article in articles:
            body = ArticleIn(**{name: getattr(article, name) for name in ArticleIn.model_fields})
            try:
                yield self._call("PUT", _article_path(article.id), PutBody, body)
            except RemoteError as exc:
                if exc.status not in _OF_THE_ARTICLE:
                    raise
                yield Refused(article, exc)

    def remove(self, article_id: str) -> None:
        self._send("DELETE", _article_path(article_id), None)

    def _call(self, method: str, path: str, kind: type[_Body], body: BaseModel | None = None) -> _Body:
        reply = self._send(method, path, body)
        try:
            return kind.model_validate_json(reply.content)
        except ValidationError as exc:
            raise RemoteError(f"{self._url} gave a reply of another form; is it another version of Pullquote?") from exc

    def _send(self, method: str, path: str, body: BaseModel | None) -> httpx.Response:
        content = body.model_dump_json() if body else None
        headers = {**self._headers, "Content-Type": "application/json"} if body else self._headers
        try:
            reply = self._client.request(method, path, content=content, headers=headers)
        except httpx.HTTPError as exc:
            raise RemoteError(f"the server at {self._url} cannot be reached ({exc}); is it stopping?") from exc
        if reply.is_success:
            return reply
        raise RemoteError(_detail(reply), reply.status_code)


def _article_path(article_id: str) -> str:
    if not is_id(article_id):
        raise ArticleNotFoundError(f"there is no article {article_id[:140]!r}; `pullquote list` shows the ids")
    return f"/api/articles/{quote(article_id, safe='')}"


def _detail(reply: httpx.Response) -> str:
    try:
        return str(reply.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"the server answered {reply.status_code}"
