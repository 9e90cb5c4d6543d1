"""The page as a reader sees it: a real server on loopback, and the system's Chromium in front of it."""

import contextlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx
import pytest

from service.contract import Answer, Citation, Statement
from service.http.app import create_app
from service.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

RunApp = Callable[[object, int], contextlib.AbstractContextManager[None]]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-gpu"]
SIZES = {"phone": (390, 844), "desktop": (1280, 800)}
ARTICLES: Mapping[str, Mapping[str, str]] = {
    "visit": {
        "title": "Visit ends",
        "text": "𝔗he 🛬 army chief flew home on Sunday.\n\nGeneral Zhang Youxia led the Chinese side of the talks. "
        "Both sides praised it.",
        "url": "https://apex.example/visit",
        "author": "A. Writer",
        "outlet": "Apex",
        "published_at": "2022-06-13",
    },
    "ferry": {
        "title": "Ferry sails again",
        "text": "The ferry to Port Ellis sails again.\n"
        + "Nothing happened at the quay.\n" * 60
        + "The ferry had been "
        "laid up in the harbour since March.",
        "url": "https://courier.example/ferry",
        "outlet": "The Harbour Courier",
        "published_at": "2024-05-02T08:30:00+02:00",
    },
    "bridge": {
        "title": "Gannet Bridge opens",
        "text": "Gannet Bridge opened to traffic on Friday. The bridge cost 401 million dollars.",
        "outlet": "Ledger",
        "published_at": "2023-11",
    },
}


@dataclass(frozen=True)
class Site:
    """A real server at an address of loopback."""

    url: str

    def api(self, method: str, path: str, body: object = None, token: str | None = None) -> httpx.Response:
        """Ask the interface directly."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.request(method, f"{self.url}/api{path}", json=body, headers=headers, trust_env=False, timeout=30)

    def put(self, articles: Mapping[str, Mapping[str, object]], token: str | None = None) -> None:
        """Store articles by their ids."""
        for article_id, fields in articles.items():
            reply = self.api("PUT", f"/articles/{article_id}", {"language": "en", **fields}, token)
            assert reply.is_success, reply.text


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, run_app: RunApp, pick_port: Callable[[], int]) -> Iterator[Site]:
    """Return a server with a few articles, which the tests of a file share."""
    folder = tmp_path_factory.mktemp("site")
    settings = Settings(data_dir=folder / "data", encoder="fake", chat_model="fake:extract", rate_limit="none")
    port = pick_port()
    with run_app(create_app(settings), port):
        served = Site(f"http://127.0.0.1:{port}")
        served.put(ARTICLES)
        yield served


@pytest.fixture
def serve(settings: Settings, run_app: RunApp, pick_port: Callable[[], int]) -> Iterator[Callable[..., Site]]:
    """Return what serves an application of its own, or another; it ends with the test."""
    with contextlib.ExitStack() as stack:

        def serving(app: object = None, **changes: object) -> Site:
            port = pick_port()
            changed = settings.model_copy(update={"bind": f"127.0.0.1:{port}", "rate_limit": "none", **changes})
            stack.enter_context(run_app(app or create_app(changed), port))
            return Site(f"http://127.0.0.1:{port}")

        yield serving


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Return the system's Chromium; its sandbox needs a user that is not root."""
    playwright = pytest.importorskip("playwright.sync_api", reason="the page's tests need playwright")
    if CHROMIUM is None:
        pytest.skip("the page's tests need Chromium, by the name chromium, chromium-browser or google-chrome")
    playwright.expect.set_options(timeout=10_000)
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *root])
        yield opened
        opened.close()


@dataclass
class Seen:
    """What the pages of a test asked for, complained of, and said in dialogs."""

    requests: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    asked: list[dict[str, object]] = field(default_factory=list)

    def watch(self, page: "Page") -> None:
        """Note what a page does."""
        page.on("request", lambda request: self._request(request.url, request.post_data))
        page.on("requestfinished", lambda request: self.loaded.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (self.complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("console", lambda message: self._console(message.text))

    def _request(self, url: str, body: str | None) -> None:
        self.requests.append(url)
        if url.endswith("/api/ask/stream") and body:
            self.asked.append(json.loads(body))

    def _console(self, text: str) -> None:
        refused = "the server responded with a status of"  # a refusal that the page shows
        gone = "net::ERR_"
        if refused not in text and gone not in text:
            self.complaints.append(text)


@pytest.fixture
def seen() -> Seen:
    """Return what the pages of this test did."""
    return Seen()


@pytest.fixture(scope="module")
def contexts(browser: "Browser") -> Iterator[Callable[..., "BrowserContext"]]:
    """Return what makes a context of a size and a scheme, once for the tests of a file: making one takes a second."""
    made: dict[str, BrowserContext] = {}

    def context(size: str, scheme: str, **options: object) -> "BrowserContext":
        key = repr((size, scheme, options))
        if key not in made:
            width, height = SIZES[size]
            calm: dict[str, object] = {"reduced_motion": "reduce", **options}
            made[key] = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,  # type: ignore[arg-type]
                **calm,  # type: ignore[arg-type]
            )
            made[key].set_default_timeout(8_000)
        return made[key]

    yield context
    for one in made.values():
        one.close()


@pytest.fixture
def visit(contexts: Callable[..., "BrowserContext"], seen: Seen) -> Iterator[Callable[..., "Page"]]:
    """Return what opens an address at a size; afterwards nothing else was asked for, and nothing complained of."""
    pages: list[Page] = []
    origins: set[str] = set()

    def opened(url: str, size: str = "desktop", scheme: str = "light", **options: object) -> "Page":
        origins.add("/".join(url.split("/")[:3]))
        page = contexts(size, scheme, **options).new_page()
        pages.append(page)
        seen.watch(page)
        page.goto(url)
        return page

    yield opened
    for page in pages:
        page.evaluate("localStorage.clear()")
        page.close()
    assert {"/".join(url.split("/")[:3]) for url in seen.requests} <= origins
    assert seen.complaints == []


def ask(page: "Page", question: str) -> None:
    """Ask by keyboard, and wait until the answer is whole."""
    n = page.locator(".turn").count()
    page.fill("#question", question)
    page.press("#question", "Enter")
    page.locator(".turn").nth(n).locator(".actions").wait_for()


@pytest.fixture(name="ask")
def ask_fixture() -> Callable[["Page", str], None]:
    """Return what asks a question and waits for its answer."""
    return ask


QUOTE = "General Zhang Youxia led the Chinese side of the talks."
START = ARTICLES["visit"]["text"].index(QUOTE)
CITED: Mapping[str, object] = {
    "article_id": "visit", "version": "v" * 64, "url": "https://apex.example/visit", "title": "Visit ends",
    "author": "A. Writer", "outlet": "Apex", "published_at": "2022-06-13", "quote": QUOTE, "start": START,
    "end": START + len(QUOTE), "copies": [],
}  # fmt: skip


@pytest.fixture
def cited() -> dict[str, object]:
    """Return a sentence with the article that it stands in."""
    return dict(CITED)


@pytest.fixture
def statement() -> Callable[..., Statement]:
    """Return what makes a statement at a place of an answer."""

    def make(text: str, start: int = 0, **fields: object) -> Statement:
        given = {"citation_ids": ["c1"], "verdict": "supported", "score": 0.8, **fields}
        return Statement.model_validate({"text": text, "start": start, "end": start + len(text), **given})

    return make


@pytest.fixture
def answer(statement: Callable[..., Statement]) -> Callable[..., Answer]:
    """Return what makes an answer, as the contract has it."""

    def make(**fields: object) -> Answer:
        whole: dict[str, object] = {
            "id": "ans_1", "outcome": "answered", "reason": None, "answer": "Zhang Youxia[1]",
            "statements": [statement("Zhang Youxia")],
            "citations": [Citation.model_validate({**CITED, "id": "c1", "marker": 1})],
            "dropped": [], "nearest": [], "searched": ["Who led?"], "as_of": "2022-06-13", "degraded": [],
            "model": {"chat": "fake:extract"}, "prompts": {}, "usage": {}, "timings_ms": {"total": 3805},
        }  # fmt: skip
        return Answer.model_validate({**whole, **fields})

    return make


@pytest.fixture
def answered(site: Site, visit: Callable[..., "Page"]) -> Callable[..., "Page"]:
    """Return what opens a page and asks as many questions as there are answers to give."""

    def opened(*answers: Answer, size: str = "desktop", asked: int | None = None, **options: object) -> "Page":
        waiting = iter(answers)

        def reply(route: "Route") -> None:
            body = f"event: final\ndata: {next(waiting).model_dump_json()}\n\n"
            route.fulfill(status=200, content_type="text/event-stream", body=body)

        page = visit(site.url, size, **options)
        page.route("**/api/ask/stream", reply)
        for n in range(len(answers) if asked is None else asked):
            ask(page, f"Question {n}?")
        return page

    return opened
