"""A desk over a real library in the test's own folder, with the fake encoder and a fake chat model."""

import asyncio
import contextlib
import http.server
import secrets
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import pytest
import uvicorn
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from prompts import Messages
from service.chat.base import Reading, Reply, Support, Written
from service.chat.langchain_chat import Kind, LangChainChat
from service.contract import Answer, ArticleBody, ArticleIn, AskIn
from service.desk import Desk
from service.settings import Settings

T = TypeVar("T")
Story = Callable[[Desk], Awaitable[T]]


@pytest.fixture
def at_desk(settings: Settings) -> Callable[..., object]:
    """Return what opens a desk with changed settings, tells it a story, and closes it."""

    def run(story: Story[T], **changes: object) -> T:
        async def told() -> T:
            desk = Desk.open(settings.model_copy(update=changes))
            try:
                return await story(desk)
            finally:
                await desk.close()

        return asyncio.run(told())

    return run


@pytest.fixture
def put(at_desk: Callable[..., ArticleBody]) -> Callable[..., ArticleBody]:
    """Return what stores an article and gives it back as stored."""

    def add(article_id: str, text: str, **fields: str) -> ArticleBody:
        async def story(desk: Desk) -> ArticleBody:
            await desk.put(article_id, ArticleIn.model_validate({"text": text, "language": "en", **fields}))
            return await desk.article(article_id)

        return at_desk(story)

    return add


@pytest.fixture
def ask(at_desk: Callable[..., Answer]) -> Callable[..., Answer]:
    """Return what asks a question of a chat model, with other fields of the request by name."""

    def asked(question: str, chat_model: str = "fake:extract", *, changes: object = None, **fields: object) -> Answer:
        request = AskIn.model_validate({"question": question, **fields})
        settings = changes if isinstance(changes, dict) else {}
        return at_desk(lambda desk: desk.ask(request), chat_model=chat_model, **settings)

    return asked


class _ScriptedModels:
    """Give one LangChain model, or raise what it is to fail with."""

    name = "scripted"

    def __init__(self, model: BaseChatModel | BaseException) -> None:
        self._model = model
        self.warmed = 0

    @asynccontextmanager
    async def use(self, kind: Kind) -> AsyncIterator[BaseChatModel]:  # noqa: ARG002
        if isinstance(self._model, BaseException):
            raise self._model
        yield self._model

    async def check(self) -> str:
        async with self.use("answer"):
            return "scripted answers"

    async def warm(self) -> None:
        async with self.use("answer"):
            self.warmed += 1

    async def close(self) -> None:
        """Do nothing."""


class HearingChat(LangChainChat):
    """Remember every prompt on its way to the model."""

    def __init__(self, models: _ScriptedModels, timeout_s: float) -> None:
        super().__init__(models, timeout_s=timeout_s)
        self.heard: list[Messages] = []

    async def answer(self, messages: Messages) -> Reply:
        """Ask for an answer."""
        self.heard.append(messages)
        return await super().answer(messages)

    async def support(self, messages: Messages) -> Support:
        """Ask for yes or no."""
        self.heard.append(messages)
        return await super().support(messages)

    async def reread(self, messages: Messages) -> Reading:
        """Ask for a short answer."""
        self.heard.append(messages)
        return await super().reread(messages)

    async def write(self, messages: Messages) -> Written:
        """Ask for a short text."""
        self.heard.append(messages)
        return await super().write(messages)


@pytest.fixture
def scripted() -> Callable[..., HearingChat]:
    """Return what makes a chat that gives these replies in turn, or asks this model, or fails with this error."""

    def make(*replies: str | AIMessage | BaseChatModel | BaseException, timeout_s: float = 5) -> HearingChat:
        first = replies[0]
        if isinstance(first, BaseChatModel | BaseException):
            return HearingChat(_ScriptedModels(first), timeout_s)
        return HearingChat(_ScriptedModels(GenericFakeChatModel(messages=iter(replies))), timeout_s)

    return make


@pytest.fixture(scope="session")
def run_app() -> Callable[[object, int], AbstractContextManager[None]]:
    """Return what serves an application in a thread, at a port of loopback, while a block lasts."""
    return _running


@contextmanager
def _running(app: object, port: int) -> Iterator[None]:
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        host="127.0.0.1",
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.005)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=10)
    assert not thread.is_alive()


PAGE = """<html lang="en"><head><title>{title}</title></head><body><article><h1>{title}</h1>
<p>{title}: the ferry to Port Ellis sails again after a long winter in the harbour, its owner said on Thursday.</p>
<p>It had been laid up since March, when a crack was found in its hull in a routine inspection of the vessel.</p>
</article></body></html>"""


@dataclass
class NewsSite:
    """A web site of one host: `asked` holds the paths that were asked for; no page is sent while `open` is not set."""

    host: str
    asked: list[str] = field(default_factory=list)
    open: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str) -> str:
        """Return the address of a page."""
        return f"http://{self.host}:8080/{path}"


@pytest.fixture
def news_site() -> Iterator[NewsSite]:
    """Return a web site on an address of loopback of its own, at a port that pages are fetched from."""
    told = NewsSite("")
    told.open.set()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            robots = self.path == "/robots.txt"
            if not robots:
                told.open.wait(30)
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.send_response(404 if robots or self.path.startswith("/gone") else 200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(PAGE.replace("{title}", f"Ferry {self.path[1:]}").encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = _bound_somewhere(Handler)
    told.host = str(server.server_address[0])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield told
    told.open.set()
    server.shutdown()
    thread.join()
    server.server_close()


def _bound_somewhere(handler: type[http.server.BaseHTTPRequestHandler]) -> http.server.ThreadingHTTPServer:
    for _ in range(20):
        host = ".".join(["127", *(str(1 + secrets.randbelow(250)) for _ in range(3))])
        with contextlib.suppress(OSError):
            return http.server.ThreadingHTTPServer((host, 8080), handler)
    pytest.skip("there is no address of loopback whose port 8080 is free")
