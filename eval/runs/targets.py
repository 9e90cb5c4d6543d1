"""What a run is put to: the service's own answerer in this process, or a running server."""

import hashlib
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from typing import Protocol

import httpx

from eval.bench.libraries import index_all, temporary_folder
from eval.metrics.quote_validity import Stored
from eval.recording import Recorder
from eval.runs.errors import RunError
from index import Article
from service.answering import Search, Style
from service.contract import Answer, ArticleBody, AskIn, SearchBody, SearchIn
from service.desk import Desk
from service.settings import Settings
from service.shelf import open_library
from service.verifiers import make_verifier

__all__ = ["InProcess", "OverHttp", "Target", "in_process", "over_http"]

SEARCHED = {"limit": 16, "budget_tokens": 600}
"""How much a search returns that retrieval is measured by."""


class Target(Protocol):
    """Something that answers; `articles` are the stored ones that it answers from, by id."""

    @property
    def articles(self) -> Mapping[str, Stored]:
        """Return them."""
        ...

    async def ask(self, request: AskIn) -> Answer:
        """Answer a question."""
        ...

    async def search(self, request: SearchIn) -> SearchBody:
        """Search."""
        ...

    def lacks(self) -> int:
        """Return how many calls of the model were wanted so far that are not recorded."""
        ...

    def seconds(self) -> float:
        """Return a clock that goes on while a model is at work, and jumps by what a recorded call took."""
        ...


@dataclass
class InProcess:
    """A desk over the articles of a set, in a folder that is gone afterwards; its prompts are alike every time."""

    desk: Desk
    articles: Mapping[str, Article]
    recorder: Recorder
    replayed: bool = False
    manifest: Mapping[str, str | int | float | None] = field(default_factory=dict)

    async def ask(self, request: AskIn) -> Answer:
        """Answer a question."""
        return await self.desk.ask(request)

    async def search(self, request: SearchIn) -> SearchBody:
        """Search; this is always live."""
        return await self.desk.search(request)

    def lacks(self) -> int:
        """Return how many calls were not recorded, where none can be made."""
        return self.recorder.missed if self.replayed else 0

    def seconds(self) -> float:
        """Return the time, with what recorded calls took."""
        return time.perf_counter() + self.recorder.saved


@asynccontextmanager
async def in_process(
    settings: Settings,
    articles: Sequence[Article],
    recorder: Recorder,
    through: Callable[[Search], Search],
    *,
    replayed: bool = False,
) -> AsyncIterator[InProcess]:
    """Yield a desk over `articles`; `through` may wrap its search, `replayed` says that no model can be asked."""
    with temporary_folder() as folder:
        own = settings.model_copy(
            update={"data_dir": folder, "models_dir": settings.models_folder, "keep_answers_days": 0}
        )
        library = open_library(own)
        index_all(library, articles)
        style = Style(own.evidence_tokens, mark=_mark)
        desk = Desk(own, library, recorder, make_verifier(own, recorder), style, through=through)
        try:
            manifest = asdict(library.manifest)
            by_id = {article.id: article for article in articles}
            yield InProcess(desk, by_id, recorder, replayed, manifest)
        finally:
            await desk.close()


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:8]


@dataclass
class OverHttp:
    """A running server, with the articles that it holds."""

    client: httpx.AsyncClient
    articles: Mapping[str, ArticleBody]

    async def ask(self, request: AskIn) -> Answer:
        """Answer a question. Raises RunError naming what the server said."""
        return Answer.model_validate(await self._post("/api/ask", request.model_dump(mode="json")))

    async def search(self, request: SearchIn) -> SearchBody:
        """Search. Raises RunError naming what the server said."""
        return SearchBody.model_validate(await self._post("/api/search", request.model_dump(mode="json")))

    def lacks(self) -> int:
        """Return none: a server has its own model."""
        return 0

    def seconds(self) -> float:
        """Return the time."""
        return time.perf_counter()

    async def _post(self, path: str, body: dict[str, object]) -> object:
        reply = await self.client.post(path, json=body)
        if not reply.is_success:
            raise RunError(f"{self.client.base_url}{path} said {reply.status_code}: {reply.text[:200]}")
        return reply.json()


@asynccontextmanager
async def over_http(
    url: str, article_ids: Sequence[str], token: str | None, timeout_s: float
) -> AsyncIterator[OverHttp]:
    """Yield the server at `url`. Raises RunError where it is not there, or lacks articles of the set."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=timeout_s, trust_env=False) as client:
        articles, missing = {}, []
        for article_id in article_ids:
            try:
                reply = await client.get(f"/api/articles/{article_id}")
            except httpx.HTTPError as exc:
                raise RunError(
                    f"nobody answers at {url} ({type(exc).__name__}); start `pullquote serve` there"
                ) from exc
            if reply.is_success:
                articles[article_id] = ArticleBody.model_validate(reply.json())
            else:
                missing.append(f"{article_id} ({reply.status_code})")
        if missing:
            raise RunError(
                f"the server at {url} gave {len(missing)} articles of the set not: {', '.join(missing[:3])}; "
                "add the set's articles with `pullquote add`, or give --token"
            )
        yield OverHttp(client, articles)
