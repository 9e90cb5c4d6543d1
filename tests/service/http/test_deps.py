"""Tokens at the door: who may do what, on every route."""

import stat
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from index import find_owner
from service.http.app import create_app
from service.settings import Settings
from service.tokens import TokenStore

pytestmark = pytest.mark.slow

OpenClient = Callable[..., TestClient]
SCOPES = {
    ("POST", "/api/ask"): "ask",
    ("POST", "/api/ask/stream"): "ask",
    ("POST", "/api/search"): "ask",
    ("POST", "/api/feedback"): "ask",
    ("GET", "/api/articles"): "ask",
    ("GET", "/api/articles/{article_id}"): "ask",
    ("POST", "/api/articles"): "admin",
    ("GET", "/api/jobs"): "admin",
    ("GET", "/api/jobs/{job_id}"): "admin",
    ("DELETE", "/api/jobs/{job_id}"): "admin",
    ("GET", "/api/jobs/{job_id}/events"): "admin",
    ("PUT", "/api/articles/{article_id}"): "admin",
    ("DELETE", "/api/articles/{article_id}"): "admin",
    ("GET", "/api/sources"): "admin",
    ("POST", "/api/sources"): "admin",
    ("DELETE", "/api/sources/{source_id}"): "admin",
    ("GET", "/api/sources/{source_id}/items"): "admin",
    ("POST", "/api/sources/{source_id}/items"): "admin",
    ("POST", "/v1/chat/completions"): "ask",
    ("GET", "/v1/models"): "ask",
    ("GET", "/v1/models/{model}"): "ask",
    ("GET", "/healthz"): None,
    ("GET", "/readyz"): None,
}


@pytest.fixture
def store(settings: Settings) -> TokenStore:
    """Return the tokens of the application."""
    return TokenStore(settings.tokens_path)


def bearer(secret: str) -> dict[str, str]:
    """Return the header that carries a token."""
    return {"Authorization": f"Bearer {secret}"}


def send(client: TestClient, operation: object, headers: dict[str, str]) -> int:
    """Send an operation with a body that it takes, and return the status."""
    reply = client.request(operation.method, operation.path, json=operation.body, headers=headers)  # type: ignore[attr-defined]
    openai = operation.path.startswith("/v1/")  # type: ignore[attr-defined]
    if reply.status_code in (401, 403):
        assert set(reply.json()) == ({"error"} if openai else {"error", "detail"})
        assert reply.headers["X-Request-ID"]
    if reply.status_code == 401:
        code = reply.json()["error"]["code"] if openai else reply.json()["error"]
        assert (reply.headers["WWW-Authenticate"], code) == ("Bearer", "invalid_api_key" if openai else "unauthorized")
    if reply.status_code == 403:
        assert reply.json()["error"] == "forbidden"
    return reply.status_code


def test_the_table_holds_every_route(operations: list[object]) -> None:
    """A new route is let in only once somebody said who may use it."""
    assert {(each.method, each.template) for each in operations} == set(SCOPES)  # type: ignore[attr-defined]


@pytest.mark.usefixtures("store")
def test_without_tokens_loopback_is_open(client: TestClient, operations: list[object]) -> None:
    """Where no token was ever made, everything is open to this machine, whatever is sent."""
    for operation in operations:
        for headers in ({}, bearer("pq_made-up")):
            assert send(client, operation, headers) in (200, 201, 202, 204, 404)


def test_each_route_asks_for_its_scope(open_client: OpenClient, store: TokenStore, operations: list[object]) -> None:
    """No token and a wrong one are 401; a token for asking is 403 where articles change; the right one passes."""
    ask, admin = store.create("reader", "ask"), store.create("editor", "admin")
    client = open_client()
    for operation in operations:
        scope = SCOPES[operation.method, operation.template]  # type: ignore[attr-defined]
        passed = (200, 201, 202, 204, 404)
        for headers in (
            {},
            bearer(""),
            bearer(ask + "x"),
            bearer(ask[:-1]),
            bearer("pq_é"),
            {"Authorization": f"Basic {ask}"},
            {"Authorization": ask},
            {"Authorization": "Bearer"},
            {"X-Token": admin},
            {"Cookie": f"token={admin}"},
        ):
            sent = {name: value.encode("latin-1") for name, value in headers.items()}
            assert (send(client, operation, sent) == 401) is (scope is not None), (operation, headers)  # type: ignore[arg-type]
        assert (send(client, operation, bearer(ask)) == 403) is (scope == "admin")
        assert send(client, operation, bearer(admin)) in passed
        assert send(client, operation, {"authorization": f"bearer {admin}"}) in passed


def test_a_token_in_the_address_opens_nothing(open_client: OpenClient, store: TokenStore) -> None:
    """Tokens are read from the header alone, since addresses end up in logs."""
    secret = store.create("editor", "admin")
    client = open_client()
    assert client.get("/api/articles", params={"token": secret, "access_token": secret}).status_code == 401


def test_an_unknown_route_tells_nothing_of_tokens(open_client: OpenClient, store: TokenStore) -> None:
    """The description and unknown paths are the same for all."""
    store.create("editor", "admin")
    client = open_client()
    assert client.get("/openapi.json").status_code == 200
    assert client.get("/api/nothing").status_code == 404


def test_the_owners_key_opens_everything(
    open_client: OpenClient, settings: Settings, store: TokenStore, operations: list[object]
) -> None:
    """Commands of the user who serves come in by the key in the data folder, which only that user can read."""
    store.create("reader", "ask")
    client = open_client()
    owner = find_owner(settings.data_dir)
    assert owner
    assert stat.S_IMODE((settings.data_dir / "owner.json").stat().st_mode) == 0o600
    for operation in operations:
        assert send(client, operation, bearer(owner.key)) in (200, 201, 202, 204, 404)


def test_the_owners_key_is_new_every_time(settings: Settings, store: TokenStore) -> None:
    """The key of a server that has ended opens nothing."""
    store.create("reader", "ask")
    with TestClient(create_app(settings)):
        old = find_owner(settings.data_dir)
    assert old
    assert not (settings.data_dir / "owner.json").exists()
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        assert client.get("/api/articles", headers=bearer(old.key)).status_code == 401


def test_a_removed_token_is_refused_at_once(open_client: OpenClient, store: TokenStore) -> None:
    """Adding and removing a token counts from the next request on, without a restart."""
    kept, gone = store.create("kept", "ask"), store.create("gone", "ask")
    client = open_client()
    assert client.get("/api/articles", headers=bearer(gone)).status_code == 200
    TokenStore(store._path).remove("gone")
    assert client.get("/api/articles", headers=bearer(gone)).status_code == 401
    assert client.get("/api/articles", headers=bearer(kept)).status_code == 200
    added = TokenStore(store._path).create("added", "admin")
    assert client.delete("/api/articles/a", headers=bearer(added)).status_code == 404


def test_the_first_token_closes_a_server_that_was_open(client: TestClient, store: TokenStore) -> None:
    """From the first token on, loopback needs one too."""
    assert client.get("/api/articles").status_code == 200
    secret = store.create("reader", "ask")
    assert client.get("/api/articles").status_code == 401
    assert client.get("/api/articles", headers=bearer(secret)).status_code == 200


@pytest.mark.parametrize("ending", ["remove", "unlink", "empty"])
def test_a_server_that_others_reach_stays_closed_without_tokens(
    open_client: OpenClient, store: TokenStore, ending: str
) -> None:
    """Where others can reach the server, removing the last token closes it, and never opens it to all."""
    secret = store.create("only", "admin")
    client = open_client(bind="0.0.0.0:8000")
    assert client.get("/api/articles").status_code == 401
    if ending == "remove":
        store.remove("only")
    elif ending == "unlink":
        store._path.unlink()
    else:
        store._path.write_text("[]")
    for headers in ({}, bearer(secret)):
        assert client.get("/api/articles", headers=headers).status_code == 401
        assert client.put("/api/articles/a", json={"text": "Some."}, headers=headers).status_code == 401


def test_a_garbled_file_of_tokens_opens_nothing(open_client: OpenClient, store: TokenStore) -> None:
    """Tokens that cannot be read are an error of the server, and let nobody in."""
    secret = store.create("reader", "ask")
    client = open_client()
    store._path.write_text("{")
    reply = client.get("/api/articles", headers=bearer(secret))
    assert reply.status_code >= 500
    assert set(reply.json()) == {"error", "detail"}


def test_readiness_tells_strangers_no_details(open_client: OpenClient, store: TokenStore) -> None:
    """Where there are tokens, anyone may ask whether it is ready; what the parts say is for those who may ask."""
    reader = bearer(store.create("reader", "ask"))
    client = open_client(rate_limit="2/minute")
    for headers in ({}, bearer("pq_made-up")):
        reply = client.get("/readyz", headers=headers)
        assert (reply.status_code, reply.json()["ready"]) == (200, True)
        assert {part["detail"] for part in reply.json()["parts"].values()} == {""}
    for _ in range(2):
        assert client.get("/readyz", headers=reader).json()["parts"]["ledger"]["detail"] == "0 articles"
    tired = client.get("/readyz", headers=reader)
    assert (tired.status_code, tired.json()["parts"]["ledger"]) == (200, {"ok": True, "detail": ""})
