import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx
import pytest
from mcp import Client

from service.http.app import create_app
from service.settings import Settings
from service.tokens import TokenStore

if TYPE_CHECKING:
    from tests.service.mcp_door.conftest import Live

pytestmark = pytest.mark.slow

BOTH = pytest.mark.parametrize("mode", ["auto", "legacy"])
JSON = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
}


def post(live: "Live", path: str = "/mcp", *, body: object = INITIALIZE, **headers: str) -> httpx.Response:
    """Post a message."""
    with live.http() as client:
        return client.post(path, json=body, headers={**JSON, **headers})


async def names(client: Client) -> list[str]:
    """Return the names of the tools."""
    return [tool.name for tool in (await client.list_tools()).tools]


def test_the_path_is_exact(live: "Live") -> None:
    """`/mcp` answers at once without a redirect, and no session is begun."""
    reply = post(live)
    assert reply.status_code == 200
    assert "mcp-session-id" not in reply.headers
    assert json.loads(reply.text.partition("data: ")[2])["result"]["serverInfo"]["name"] == "pullquote"
    assert post(live, "/mcp/mcp").status_code == 404


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "HEAD", "OPTIONS"])
def test_there_is_no_stream_and_no_session(live: "Live", method: str) -> None:
    """Every other method is refused at once, with the one that is taken."""
    for version in ({}, {"MCP-Protocol-Version": "2026-07-28"}):
        with live.http() as client:
            reply = client.request(method, "/mcp", headers={"Accept": "text/event-stream", **version})
        assert (reply.status_code, reply.headers["Allow"]) == (405, "POST")


def test_it_is_no_part_of_the_description(live: "Live") -> None:
    """The description of the HTTP API does not tell of it."""
    with live.http() as client:
        assert "/mcp" not in client.get("/openapi.json").json()["paths"]


@pytest.mark.parametrize(
    ("body", "status"),
    [([INITIALIZE, INITIALIZE], 400), ("x", 400), ({"jsonrpc": "2.0", "method": 3}, 400), ({}, 400)],
)
def test_what_is_no_message(live: "Live", body: object, status: int) -> None:
    """It is refused without a traceback."""
    reply = post(live, body=body)
    assert reply.status_code == status
    assert "Traceback" not in reply.text


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Host": "evil.example"}, 421, "host_not_allowed"),
        ({"Host": "127.0.0.1.evil.example"}, 421, "host_not_allowed"),
        ({"Origin": "http://evil.example"}, 403, "foreign_origin"),
        ({"Origin": "null"}, 403, "foreign_origin"),
    ],
)
def test_other_hosts_and_other_web_sites(live: "Live", headers: dict[str, str], status: int, code: str) -> None:
    """They are refused, as on every other path."""
    reply = post(live, **headers)
    assert (reply.status_code, reply.json()["error"]) == (status, code)


def test_hosts_and_origins_of_the_settings(serve: Callable[..., "Live"]) -> None:
    """Those that the settings allow pass both checks, with and without a port; their own site may write."""
    served = serve(allowed_hosts=("News.example",), allowed_origins=("https://chat.example",))
    allowed: list[dict[str, str]] = [
        {"Host": "news.example"},
        {"Host": "news.example:8443"},
        {"Host": f"localhost:{served.port}"},
        {"Host": "[::1]:8000"},
        {"Origin": "https://chat.example"},
        {"Origin": served.url},
        {"Host": "news.example", "Origin": "https://news.example"},
        {"Host": "news.example:81", "Origin": "http://news.example:81"},
    ]
    assert [post(served, **headers).status_code for headers in allowed] == [200] * len(allowed)
    assert post(served, Origin="https://chat.example.evil.example").status_code == 403
    assert post(served, Host="chat.example").status_code == 421


@BOTH
def test_tokens(serve: Callable[..., "Live"], settings: Settings, mode: str) -> None:
    """Where there are tokens every request needs one, of either scope; without it 401 says how to send it."""
    store = TokenStore(settings.tokens_path)
    secrets = [store.create("reader", "ask"), store.create("keeper", "admin")]
    served = serve()
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {secrets[0]}"}):
        reply = post(served, **headers)
        assert (reply.status_code, reply.json()["error"]) == (401, "unauthorized")
        assert reply.headers["WWW-Authenticate"] == "Bearer"
    for secret in secrets:
        assert served.tell(names, mode, Authorization=f"Bearer {secret}") == ["search", "fetch", "ask"]
    with served.http() as client:
        assert client.get("/mcp").status_code == 401


def test_a_message_that_is_too_large(serve: Callable[..., "Live"]) -> None:
    """It is refused by the one limit of the settings, told of or not."""
    served = serve(max_body_bytes=1_000)
    assert post(served, body={**INITIALIZE, "x": "y" * 2_000}).json()["error"] == "body_too_large"
    with served.http() as client:
        reply = client.post("/mcp", content=iter([b"[", b" " * 2_000, b"]"]), headers=JSON)
    assert (reply.status_code, reply.json()["error"]) == (413, "body_too_large")


def test_a_restart_is_not_noticed(serve: Callable[..., "Live"]) -> None:
    """A client that was greeted by another process goes on: nothing that it was told is asked back."""
    served = serve()
    for version in ("2025-03-26", "2025-06-18", "2025-11-25"):
        later = {"jsonrpc": "2.0", "id": 2, "method": "tools/list", "params": {}}
        reply = post(served, body=later, **{"MCP-Protocol-Version": version, "Mcp-Session-Id": "of another process"})
        assert reply.status_code == 200
        assert '"name":"fetch"' in reply.text


def test_requests_beside_each_other(live: "Live") -> None:
    """Fifty clients that ask at once are all answered, each its own."""

    async def story(client: Client) -> list[str]:
        asked = [client.call_tool("fetch", {"id": ("visit", "dam")[i % 2]}) for i in range(50)]
        return [result.structured_content["id"] for result in await asyncio.gather(*asked)]

    assert live.tell(story) == ["visit", "dam"] * 25


def test_an_application_can_be_started_again(settings: Settings) -> None:
    """What the SDK allows once per manager is made anew for every start."""
    app = create_app(settings)

    async def run() -> None:
        for _ in range(2):
            async with app.router.lifespan_context(app):
                pass

    asyncio.run(run())
