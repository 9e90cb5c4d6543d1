import asyncio
from collections.abc import Callable
from importlib.metadata import version

import pytest
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from index import Ownership, find_owner
from index.errors import LibraryBusyError
from service.errors import SettingsError
from service.http.app import create_app
from service.settings import Settings
from service.tokens import TokenStore

REACHABLE = ["0.0.0.0:8000", "[::]:8000", "192.168.1.5:80", "[2001:db8::1]:80", "news.example:80"]


@pytest.mark.parametrize("bind", REACHABLE)
def test_an_address_that_others_reach_needs_a_token(settings: Settings, bind: str) -> None:
    """Without any token such a server is refused with both remedies; with one it is made."""
    public = settings.model_copy(update={"bind": bind})
    with pytest.raises(SettingsError, match=r"make one first with `pullquote tokens add .*, or bind 127\.0\.0\.1"):
        create_app(public)
    TokenStore(settings.tokens_path).create("a", "ask")
    assert create_app(public)


@pytest.mark.parametrize("bind", ["127.0.0.1:8000", "localhost:1", "[::1]:8000"])
def test_loopback_needs_no_token(settings: Settings, bind: str) -> None:
    """An address that only this machine reaches is served without a token."""
    assert create_app(settings.model_copy(update={"bind": bind}))


def test_making_an_application_touches_nothing(settings: Settings) -> None:
    """Nothing is opened, owned or written before the application starts."""
    create_app(settings)
    assert not settings.data_dir.exists()


@pytest.mark.parametrize(
    ("bind", "url"),
    [
        ("127.0.0.1:8123", "http://127.0.0.1:8123"),
        ("[::1]:8123", "http://[::1]:8123"),
        ("0.0.0.0:8123", "http://127.0.0.1:8123"),
        ("[::]:8123", "http://[::1]:8123"),
        ("news.example:8123", "http://news.example:8123"),
    ],
)
def test_commands_are_told_where_the_server_is(settings: Settings, bind: str, url: str) -> None:
    """While it runs the address stands in the data folder, as this machine reaches it; then it is gone."""
    TokenStore(settings.tokens_path).create("a", "ask")
    with TestClient(create_app(settings.model_copy(update={"bind": bind}))):
        owner = find_owner(settings.data_dir)
        assert owner
        assert owner.url == url
    assert find_owner(settings.data_dir) is None
    Ownership(settings.data_dir).release()


def test_a_second_server_is_refused(settings: Settings) -> None:
    """Two applications never share a data folder, and the first is not disturbed."""
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as first:
        busy = pytest.raises(LibraryBusyError, match=r"is served at http://127\.0\.0\.1:8000 by process")
        with busy, TestClient(create_app(settings)):
            pass
        assert first.get("/readyz").status_code == 200


def test_an_ownership_that_is_given_is_used_and_released(settings: Settings) -> None:
    """Who owns the folder already passes it on, and it is free once the application has ended."""

    async def run() -> None:
        app = create_app(settings, Ownership(settings.data_dir))
        async with app.router.lifespan_context(app):
            assert find_owner(settings.data_dir)

    asyncio.run(run())
    assert find_owner(settings.data_dir) is None
    Ownership(settings.data_dir).release()


def test_a_start_that_fails_leaves_the_folder_free(settings: Settings) -> None:
    """A wrong model name ends the start, and nothing stays owned."""
    with pytest.raises(SettingsError), TestClient(create_app(settings.model_copy(update={"chat_model": "x"}))):
        pass
    assert find_owner(settings.data_dir) is None
    Ownership(settings.data_dir).release()


@pytest.mark.parametrize(
    ("changes", "levels"),
    [
        ({}, {"ledger": "info", "index": "info", "model": "info", "journal": "info"}),
        ({"chat_model": "fake:down"}, {"ledger": "info", "index": "info", "model": "error", "journal": "info"}),
        ({"encoder": "nowhere"}, {"ledger": "info", "index": "error", "model": "info", "journal": "info"}),
    ],
)
def test_the_start_says_what_is_not_ready(
    open_client: Callable[..., TestClient], changes: dict[str, str], levels: dict[str, str]
) -> None:
    """Models are warmed at the start; what fails is logged as an error, and the server starts all the same."""
    with capture_logs() as logs:
        client = open_client(**changes)
        while not {entry["event"] for entry in logs} >= set(levels):
            client.get("/healthz")
    found = {entry["event"]: entry["log_level"] for entry in logs if entry["event"] in levels}
    assert found == levels


def test_a_model_that_hangs_holds_up_neither_start_nor_end(open_client: Callable[..., TestClient]) -> None:
    """Warming is given up when the server ends."""
    client = open_client(chat_model="fake:hang")
    assert client.get("/healthz").status_code == 200


def test_the_description_is_of_this_version(client: TestClient) -> None:
    """Title and version are ours; pages that load scripts from elsewhere are not served."""
    described = client.get("/openapi.json").json()
    assert (described["info"]["title"], described["info"]["version"]) == ("Pullquote", version("pullquote"))
    assert [client.get(path).status_code for path in ("/docs", "/redoc")] == [404, 404]
