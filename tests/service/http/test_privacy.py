"""What people ask, what is answered, and what articles say stays out of the log."""

import logging
import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from service.http.app import create_app
from service.settings import Settings

CANARIES = ["xylophone", "zeppelin", "quokka", "sk-canary", "marzipan"]
TEXT = "The zeppelin landed on Sunday. The pilot had seen the harbour."
ARTICLE = {"text": TEXT, "title": "A quokka", "language": "en"}


def shown(logs: list[object], caplog: pytest.LogCaptureFixture) -> str:
    """Return all that was logged above debug level, by our log and by those of libraries."""
    ours = [entry for entry in logs if isinstance(entry, dict) and entry["log_level"] != "debug"]
    theirs = [record for record in caplog.records if record.levelno > logging.DEBUG]
    formatter = logging.Formatter()
    return str(ours) + "\n".join(formatter.format(record) for record in theirs)


@pytest.mark.parametrize("model", ["fake:extract", "fake:plain", "fake:invent", "fake:down", "fake:nonsense"])
def test_no_log_line_holds_what_was_asked_or_said(
    open_client: Callable[..., TestClient], caplog: pytest.LogCaptureFixture, model: str
) -> None:
    """Whatever becomes of them, question, answer and article text stand in no line at info level or above."""
    caplog.set_level(logging.INFO)
    with capture_logs() as logs:
        client = open_client(chat_model=model)
        client.put("/api/articles/a", json=ARTICLE)
        for question in ("Which zeppelin landed with a xylophone?", "Who had seen the marzipan harbour?"):
            client.post("/api/ask", json={"question": question})
            client.post("/api/search", json={"question": question})
            client.post("/api/ask", json={"question": question, "xylophone": "marzipan"})
            client.post("/api/ask", content=f'{{"question": "{question}')
        client.put("/api/articles/b", json={**ARTICLE, "published_at": "xylophone"})
        client.put("/api/articles/b", json={**ARTICLE, "text": "zeppelin \x00"})
        client.get("/readyz")
        client.delete("/api/articles/a")
    lines = shown(logs, caplog)
    assert lines.count("'event': 'request'") == 13
    assert not re.findall("|".join(CANARIES), lines)


def boom() -> None:
    """Fail as nobody expected, with something secret in the message."""
    raise RuntimeError("sk-canary")


def broken_app(settings: Settings) -> FastAPI:
    """Make the application with one more route, which fails."""
    app = create_app(settings)
    app.add_api_route("/boom", boom)
    return app


def test_an_unexpected_error_is_told_by_its_kind(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    """The client learns nothing of it, the log its kind, and the reply has its id like every other."""
    caplog.set_level(logging.INFO)
    with (
        capture_logs() as logs,
        TestClient(broken_app(settings), base_url="http://127.0.0.1", raise_server_exceptions=False) as client,
    ):
        reply = client.get("/boom")
    assert reply.status_code == 500
    assert reply.json() == {"error": "internal", "detail": "an unexpected error; the server's log names its kind"}
    assert [entry["kind"] for entry in logs if entry["event"] == "unexpected error"] == ["RuntimeError"]
    assert "sk-canary" not in shown(logs, caplog)
    (line,) = [entry for entry in logs if entry["event"] == "request"]
    assert reply.headers.get("X-Request-ID") == line["id"]


def test_a_real_server_logs_no_traceback_with_secrets(
    settings: Settings, serve: Callable[..., object], caplog: pytest.LogCaptureFixture
) -> None:
    """Behind the real server an unexpected error's message, which may quote anything, is not logged either."""
    caplog.set_level(logging.INFO)
    with capture_logs() as logs:
        live = serve(broken_app(settings))
        status, reply = live.send(b"GET /boom HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")  # type: ignore[attr-defined]
    assert status == 500
    assert b"sk-canary" not in reply
    assert "sk-canary" not in shown(logs, caplog)
