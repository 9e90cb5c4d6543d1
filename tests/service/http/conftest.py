"""The application as a client sees it: in this process, and behind a real server on a real socket."""

import contextlib
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest
from fastapi.testclient import TestClient

from service.http.app import create_app
from service.settings import Settings

RunApp = Callable[[object, int], contextlib.AbstractContextManager[None]]
TEXT = "The army chief flew home on Sunday. General Zhang Youxia led the Chinese side.\n\nBoth sides praised it."
ARTICLE = {
    "text": TEXT,
    "url": "https://apex.example/visit",
    "title": "Visit ends",
    "author": "A. Writer",
    "outlet": "Apex",
    "language": "en",
    "published_at": "2022-06-13",
}


EXAMPLE_BODIES: Mapping[tuple[str, str], dict[str, object]] = {
    ("POST", "/api/ask"): {"question": "Who led?"},
    ("POST", "/api/ask/stream"): {"question": "Who led?"},
    ("POST", "/api/search"): {"question": "Who led?"},
    ("POST", "/v1/chat/completions"): {"model": "pullquote", "messages": [{"role": "user", "content": "Who led?"}]},
    ("POST", "/api/feedback"): {"answer_id": "ans_0", "rating": "up"},
    ("POST", "/api/articles"): {"articles": [{"id": "some", "text": "Some text."}]},
    ("PUT", "/api/articles/{article_id}"): {"text": "Some text."},
    ("POST", "/api/sources"): {"place": "https://news.example/feed.xml", "kind": "feed"},
    ("POST", "/api/sources/{source_id}/items"): {"items": []},
}


@dataclass(frozen=True)
class Operation:
    """One method of one path, as the description of the API has it, with a body that it takes."""

    method: str
    template: str

    @property
    def path(self) -> str:
        """Return the path of the article `some`, of the first source, or of a job that there is not."""
        return self.template.replace("{article_id}", "some").replace("{source_id}", "1").replace("{job_id}", "job_0")

    @property
    def body(self) -> dict[str, object] | None:
        """Return a body that is taken, or None where there is none."""
        return EXAMPLE_BODIES.get((self.method, self.template))

    @property
    def writes(self) -> bool:
        """Tell whether a browser may not send it from anywhere."""
        return self.method not in ("GET", "HEAD", "OPTIONS")


@pytest.fixture
def operations(shared: TestClient) -> list[Operation]:
    """Return every operation of the API."""
    paths = shared.get("/openapi.json").json()["paths"]
    return [Operation(method.upper(), path) for path, methods in paths.items() for method in methods]


@pytest.fixture
def article() -> dict[str, object]:
    """Return the body of an article."""
    return dict(ARTICLE)


@pytest.fixture
def open_client(settings: Settings) -> Iterator[Callable[..., TestClient]]:
    """Return what opens the application with changed settings; all are closed at the end."""
    with contextlib.ExitStack() as stack:

        def opened(**changes: object) -> TestClient:
            app = create_app(settings.model_copy(update=changes))
            client = TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)
            return stack.enter_context(client)

        yield opened


@pytest.fixture
def client(open_client: Callable[..., TestClient]) -> TestClient:
    """Return a client of the application, with no article."""
    return open_client()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Return a client that the tests of a file share, for those that need no library of their own."""
    folder = tmp_path_factory.mktemp("shared")
    settings = Settings(data_dir=folder / "data", encoder="fake", chat_model="fake:extract")
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8000", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def stored(client: TestClient, article: dict[str, object]) -> dict[str, object]:
    """Store the article as `visit`, and return it as stored."""
    assert client.put("/api/articles/visit", json=article).status_code == 201
    body: dict[str, object] = client.get("/api/articles/visit").json()
    return body


@dataclass(frozen=True)
class Live:
    """A real server at a port of loopback."""

    port: int

    def connect(self, timeout_s: float = 5) -> socket.socket:
        """Open a connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout_s)

    def send(self, raw: bytes) -> tuple[int, bytes]:
        """Send bytes as they are, and return the status and all that came until the server closed."""
        with self.connect() as connection:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(raw)
            reply = b""
            with contextlib.suppress(ConnectionResetError):
                while part := connection.recv(65_536):
                    reply += part
        return (int(reply.split(b" ", 2)[1]) if reply else 0), reply

    def post(self, path: str, body: bytes, *headers: str, host: str = "127.0.0.1") -> tuple[int, bytes]:
        """Post JSON with these headers, and close after it."""
        lines = [f"POST {path} HTTP/1.1", f"Host: {host}", "Content-Type: application/json", "Connection: close"]
        return self.send("\r\n".join([*lines, *headers, "", ""]).encode() + body)


@pytest.fixture(scope="module")
def live_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return the settings of the server that the tests of a file share."""
    data_dir = tmp_path_factory.mktemp("live") / "data"
    return Settings(data_dir=data_dir, encoder="fake", chat_model="fake:extract", rate_limit="none")


@pytest.fixture(scope="module")
def live(live_settings: Settings, run_app: RunApp, pick_port: Callable[[], int]) -> Iterator[Live]:
    """Return a real server that the tests of a file share."""
    port = pick_port()
    with run_app(create_app(live_settings), port):
        yield Live(port)


@pytest.fixture
def serve(settings: Settings, free_port: int, run_app: RunApp) -> Iterator[Callable[..., Live]]:
    """Return what serves the application, or another, in a thread; it ends with the test."""
    with contextlib.ExitStack() as stack:

        def serving(app: object = None, **changes: object) -> Live:
            changed = settings.model_copy(update={"bind": f"127.0.0.1:{free_port}", **changes})
            stack.enter_context(run_app(app or create_app(changed), free_port))
            return Live(free_port)

        yield serving
