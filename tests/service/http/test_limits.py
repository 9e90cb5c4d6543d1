"""What is too large, too many or too full: told with a status of its own, and over again when there is room."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from index import Library
from service.http.app import create_app
from service.settings import Settings

pytestmark = pytest.mark.slow

OpenClient = Callable[..., TestClient]
QUESTION = {"question": "Who led the Chinese side?"}
LONG = " ".join(f"The council of town {i} met on day {i * 7}." for i in range(400))


@contextmanager
def full_disk(library: Library, spare_pages: int) -> Iterator[None]:
    """Let the ledger grow by no more than some pages."""
    limits: dict[str, int] = {}

    def limit(connection: sqlite3.Connection, *_: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={limits.setdefault('pages', pages + spare_pages)}")

    engine = library._database._engine
    event.listen(engine, "checkout", limit)
    yield
    limits["pages"] = 1_000_000  # each connection hears of it when it is used next


@pytest.mark.parametrize("spare_pages", [0, 8])
def test_a_full_disk_is_told_and_loses_nothing(
    client: TestClient, article: dict[str, object], spare_pages: int
) -> None:
    """507 with the remedy; what was there is still answered from, and once there is room the same succeeds."""
    client.put("/api/articles/visit", json=article)
    with full_disk(client.app_state["desk"]._library, spare_pages):
        reply = client.put("/api/articles/long", json={"text": LONG, "language": "en"})
        assert (reply.status_code, reply.json()["error"]) == (507, "storage_full")
        assert reply.json()["detail"].endswith("is full; free some space and run the same again")
        assert client.get("/api/articles/long").status_code == 404
        assert client.post("/api/ask", json=QUESTION).json()["outcome"] == "answered"
    assert client.put("/api/articles/long", json={"text": LONG, "language": "en"}).status_code == 201
    assert client.get("/readyz").status_code == 200


def test_a_broken_ledger_is_told(client: TestClient, settings: Settings) -> None:
    """503 where the disk refuses, for reads and writes, and the service is not ready."""
    with sqlite3.connect(settings.data_dir / "ledger.db") as ledger:
        ledger.execute("DROP TABLE contents")
        ledger.execute("DROP TABLE articles")
    ledger.close()
    for reply in (
        client.get("/api/articles"),
        client.get("/api/articles/a"),
        client.put("/api/articles/a", json={"text": "Some."}),
        client.delete("/api/articles/a"),
        client.post("/api/ask", json=QUESTION),
        client.post("/api/search", json=QUESTION),
    ):
        assert (reply.status_code, reply.json()["error"]) == (503, "storage")
        assert reply.headers["Retry-After"]
    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize(
    ("encoder", "code", "remedy"),
    [
        ("nowhere", "encoder_unavailable", "PULLQUOTE_ENCODER"),
        ("sentence-transformers/all-MiniLM-L6-v2", "model_files", "run `pullquote models pull`"),
    ],
)
def test_a_missing_encoder_is_told(open_client: OpenClient, encoder: str, code: str, remedy: str) -> None:
    """503 with the remedy for all that needs the encoder; what needs none works."""
    client = open_client(encoder=encoder)
    for reply in (client.put("/api/articles/a", json={"text": "Some."}), client.post("/api/ask", json=QUESTION)):
        assert (reply.status_code, reply.json()["error"]) == (503, code)
        assert remedy in reply.json()["detail"]
    assert client.get("/api/articles").status_code == 200


def test_an_index_of_another_encoder_is_told(settings: Settings, article: dict[str, object]) -> None:
    """503 with the command that mends it, for searching and for adding."""
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        client.put("/api/articles/visit", json=article)
    with sqlite3.connect(settings.data_dir / "ledger.db") as ledger:
        ledger.execute("""UPDATE generations SET manifest = replace(manifest, '"fake"', '"other"')""")
    ledger.close()
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        for reply in (
            client.post("/api/ask", json=QUESTION),
            client.put("/api/articles/new", json={"text": "Some."}),
        ):
            assert (reply.status_code, reply.json()["error"]) == (503, "index_mismatch")
            assert "`pullquote reindex`" in reply.json()["detail"]


def test_too_many_questions_are_turned_away(open_client: OpenClient, article: dict[str, object]) -> None:
    """Beyond the limit 503 with Retry-After at once, and a place again as soon as one has ended."""
    client = open_client(chat_model="fake:hang", max_asks=2, chat_timeout_s=0.6)
    client.put("/api/articles/visit", json=article)
    outcomes: list[object] = []

    def ask() -> None:
        outcomes.append(client.post("/api/ask", json=QUESTION).json()["reason"])

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    until_taken(client, 2)
    refused = client.post("/api/ask", json=QUESTION)
    assert (refused.status_code, refused.json()["error"]) == (503, "overloaded")
    assert "2 questions are in work, which is the limit" in refused.json()["detail"]
    assert int(refused.headers["Retry-After"]) > 0
    assert client.post("/api/search", json=QUESTION).status_code == 200
    for thread in threads:
        thread.join()
    assert outcomes == ["model_timeout", "model_timeout"]
    assert client.post("/api/ask", json=QUESTION).status_code == 200


def until_taken(client: TestClient, places: int) -> None:
    """Wait until so many questions are in work."""
    for _ in range(200):
        if len(client.app_state["desk"]._in_work) == places:
            return
        time.sleep(0.005)
    raise AssertionError("the places were never taken")


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/api/ask"), ("POST", "/api/search"), ("PUT", "/api/articles/a")]
)
def test_a_body_over_the_limit_is_refused(open_client: OpenClient, method: str, path: str) -> None:
    """413, by the length that is told and by what really comes."""
    client = open_client(max_body_bytes=1_000)
    body = b'{"question": "' + b"x" * 2_000 + b'"}'
    headers = {"Content-Type": "application/json"}
    replies = [
        client.request(method, path, content=body, headers=headers),
        client.request(method, path, content=iter([body[:600], body[600:]]), headers=headers),
        client.request(method, path, content=iter([body]), headers={**headers, "Content-Length": "10"}),
        client.request(method, path, content=b"{}", headers={**headers, "Content-Length": "9" * 30}),
    ]
    for reply in replies:
        assert (reply.status_code, reply.json()["error"]) == (413, "body_too_large")
        assert "larger than 1000 bytes; send less, or raise PULLQUOTE_MAX_BODY_BYTES" in reply.json()["detail"]
        assert reply.headers["X-Request-ID"]


def test_a_body_of_just_the_limit_passes(open_client: OpenClient) -> None:
    """The limit itself is allowed."""
    client = open_client(max_body_bytes=1_000)
    body = b'{"question": "' + b"x" * 984 + b'"}'
    headers = {"Content-Type": "application/json"}
    assert len(body) == 1_000
    assert client.post("/api/search", content=body, headers=headers).status_code == 200
    assert client.post("/api/search", content=iter([body[:500], body[500:]]), headers=headers).status_code == 200
    assert client.post("/api/search", content=body + b" ", headers=headers).status_code == 413
