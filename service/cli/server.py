"""The server that owns the data folder, by its HTTP API."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from index import Refused
from index.articles import Article, is_id
from index.errors import ArticleNotFoundError
from index.ledger import Item, Live, Reading, Source, SourceKind
from index.owner import Address
from service import projection
from service.contract import (
    Answer,
    ArticleBody,
    ArticleIn,
    ArticleList,
    AskIn,
    ItemList,
    ItemsIn,
    PutBody,
    SearchBody,
    SearchIn,
    SourceBody,
    SourceIn,
    SourceList,
)
from service.errors import RemoteError
from service.intake.paging import PAGE, every_item

__all__ = ["Server"]

_OF_THE_ARTICLE = (400, 409, 413, 422)  # other refusals would be the same for every article
_NOT_FOUND = 404
_Body = TypeVar("_Body", bound=BaseModel)


class Server:
    """What commands ask for, of the server; see Backend, whose methods these are."""

    def __init__(self, client: httpx.Client, owner: Address) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {owner.key}"}
        self._url = owner.url

    def ask(self, request: AskIn) -> Answer:
        """Answer a question."""
        return self._call("POST", "/api/ask", Answer, request)

    def search(self, request: SearchIn) -> SearchBody:
        """Search."""
        return self._call("POST", "/api/search", SearchBody, request)

    def articles(self, offset: int, limit: int) -> ArticleList:
        """Return one page of articles."""
        return self._call("GET", f"/api/articles?offset={offset}&limit={limit}", ArticleList)

    def article(self, article_id: str) -> ArticleBody:
        """Return an article."""
        return self._call("GET", _article_path(article_id), ArticleBody)

    def add_all(self, articles: Iterable[Article]) -> Iterator[PutBody | Refused]:
        """Add or replace articles; yield what became of each, in their order."""
        for article in articles:
            body = ArticleIn(**{name: getattr(article, name) for name in ArticleIn.model_fields})
            try:
                yield self._call("PUT", _article_path(article.id), PutBody, body)
            except RemoteError as exc:
                if exc.status not in _OF_THE_ARTICLE:
                    raise
                yield Refused(article, exc)

    def remove(self, article_id: str) -> None:
        """Remove an article. Raises ArticleNotFoundError."""
        try:
            self._send("DELETE", _article_path(article_id), None)
        except RemoteError as exc:
            if exc.status == _NOT_FOUND:
                raise ArticleNotFoundError(str(exc)) from exc
            raise

    def live(self, article_id: str) -> Live | None:
        """Return what decides whether an article changes the one of that id; None where there is none."""
        try:
            body = self.article(article_id)
        except RemoteError as exc:
            if exc.status == _NOT_FOUND:
                return None
            raise
        return Live(body.version, body.meta_version, body.title, body.language, body.source, body.origins)

    def sources(self) -> list[Source]:
        """Return what is followed."""
        return [projection.source_of(body) for body in self._call("GET", "/api/sources", SourceList).sources]

    def items(self, key: int) -> list[Item]:
        """Return what was seen of a source."""

        def page(offset: int) -> list[Item]:
            path = f"/api/sources/{key}/items?offset={offset}&limit={PAGE}"
            return [projection.item_of(body) for body in self._call("GET", path, ItemList).items]

        return every_item(page)

    def follow(self, place: str, kind: SourceKind) -> Source:
        """Follow a source."""
        return projection.source_of(self._call("POST", "/api/sources", SourceBody, SourceIn(place=place, kind=kind)))

    def unfollow(self, key: int) -> None:
        """Follow a source no longer."""
        self._send("DELETE", f"/api/sources/{key}", None)

    def reading(self, place: str) -> Reading | None:
        """Return None: the server is asked of every article."""
        del place
        return None

    def keep_readings(self, readings: Sequence[Reading]) -> None:
        """Keep none."""

    def note(self, key: int, seen: Sequence[Item], dropped: Sequence[str], *, synced: bool) -> None:
        """Keep what was seen of a source."""
        for begin in range(0, max(len(seen), len(dropped), 1), PAGE):
            end = begin + PAGE
            items = [projection.item_body(item) for item in seen[begin:end]]
            last = end >= max(len(seen), len(dropped))
            body = {"items": items, "dropped": list(dropped[begin:end]), "synced": synced and last}
            self._send("POST", f"/api/sources/{key}/items", ItemsIn.model_validate(body))

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
