"""What is refused below /v1 has OpenAI's shape, wherever it is refused; elsewhere nothing changes."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse

from service.contract import Answer
from service.desk import Desk
from service.http.openai_shape.shaping import OpenAIErrors
from service.settings import Settings
from service.tokens import TokenStore

OpenClient = Callable[..., TestClient]
CHAT = "/v1/chat/completions"
BODY: dict[str, object] = {"model": "pullquote", "messages": [{"role": "user", "content": "Who led?"}]}


def told(reply: object) -> tuple[int, str, str, object]:
    """Return status, type, code and parameter of an error, and see that it is whole."""
    assert set(reply.json()) == {"error"}  # type: ignore[attr-defined]
    error = reply.json()["error"]  # type: ignore[attr-defined]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["message"]
    assert int(reply.headers["Content-Length"]) == len(reply.content)  # type: ignore[attr-defined]
    assert reply.headers["X-Request-ID"]  # type: ignore[attr-defined]
    return reply.status_code, error["type"], error["code"], error["param"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("method", "path", "headers", "expected"),
    [
        ("GET", "/v1/models", {"Host": "evil.example"}, (421, "host_not_allowed")),
        ("POST", CHAT, {"Origin": "https://evil.example"}, (403, "foreign_origin")),
        ("POST", CHAT, {"Content-Length": "99999999"}, (413, "body_too_large")),
        ("GET", CHAT, {}, (405, "method_not_allowed")),
        ("GET", "/v1", {}, (404, "no_such_route")),
        ("GET", "/v1/embeddings", {}, (404, "no_such_route")),
        ("GET", "/v1/models/gpt-x", {}, (404, "model_not_found")),
    ],
)
def test_guard_and_routing_are_in_shape(
    shared: TestClient, method: str, path: str, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    """Host, origin, size, path and method are refused with a body that the client can read."""
    status, kind, code, _ = told(shared.request(method, path, headers=headers))
    assert (status, code) == expected
    assert kind == "invalid_request_error"


@pytest.mark.parametrize(("path", "body"), [("/v1x", None), ("/api/ask", {}), ("/v1.0/models", None)])
def test_other_paths_keep_their_shape(shared: TestClient, path: str, body: object) -> None:
    """Only what is below /v1 is changed."""
    reply = shared.post(path, json=body)
    assert set(reply.json()) == {"error", "detail"}


def test_a_body_that_turns_out_too_large_is_in_shape(open_client: OpenClient) -> None:
    """A length that was not told is counted."""
    client = open_client(max_body_bytes=100)
    reply = client.post(CHAT, content=iter([b"x" * 60, b"x" * 60]), headers={"Content-Type": "application/json"})
    assert told(reply)[0] == 413


def test_tokens_and_rates_are_in_shape(open_client: OpenClient, settings: Settings) -> None:
    """401 names the scheme, 429 the time to wait; the right token passes."""
    secret = TokenStore(settings.tokens_path).create("reader", "ask")
    client = open_client(rate_limit="1/hour")
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        refused = client.post(CHAT, json=BODY, headers=headers)
        assert told(refused) == (401, "invalid_request_error", "invalid_api_key", None)
        assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert client.get("/v1/models").status_code == 401
    mine = {"Authorization": f"Bearer {secret}"}
    assert client.post(CHAT, json=BODY, headers=mine).status_code == 200
    limited = client.post(CHAT, json=BODY, headers=mine)
    assert told(limited) == (429, "rate_limit_error", "rate_limit_exceeded", None)
    assert int(limited.headers["Retry-After"]) > 0


@pytest.mark.parametrize("stream", [False, True])
def test_what_fails_in_searching_is_in_shape(open_client: OpenClient, stream: bool) -> None:
    """An encoder that is missing is 503 with its remedy and Retry-After, streamed or not."""
    reply = open_client(encoder="nowhere").post(CHAT, json={**BODY, "stream": stream})
    assert told(reply) == (503, "server_error", "encoder_unavailable", None)
    assert "PULLQUOTE_ENCODER" in reply.json()["error"]["message"]
    assert reply.headers["Retry-After"]


def test_an_unexpected_error_is_in_shape(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Status 500 says nothing of what happened."""

    async def fail(*_: object) -> Answer:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(Desk, "ask", fail)
    reply = client.post(CHAT, json=BODY)
    assert told(reply) == (500, "server_error", "internal", None)
    assert "secret" not in reply.text


def test_what_is_no_error_of_ours_passes_as_it_is() -> None:
    """Bodies that are not JSON, or other JSON, are not touched."""
    app = FastAPI()
    app.add_api_route("/v1/text", lambda: PlainTextResponse("no", 418))

    def fail() -> None:
        raise HTTPException(418, [1])

    app.add_api_route("/v1/json", fail)
    with TestClient(OpenAIErrors(app)) as client:
        assert (client.get("/v1/text").status_code, client.get("/v1/text").text) == (418, "no")
        assert client.get("/v1/json").json() == {"detail": [1]}
