import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from structlog.testing import capture_logs

from service.http.guard import allowed_hosts
from service.settings import Settings
from service.tokens import TokenStore

OpenClient = Callable[..., TestClient]
FOREIGN_HOSTS = [
    "evil.example",
    "evil.example:8000",
    "127.0.0.1.evil.example",
    "localhost.",
    "127.0.0.1@evil.example",
    "evil.example@127.0.0.1",
    "127.0.0.1:8000@evil.example",
    "127.0.0.1, evil.example",
    "127.0.0.1 evil.example",
    "127.0.0.1/evil",
    "127.0.0.1#evil",
    "127.0.0.1:8000:8000",
    "127.0.0.1:",
    "127.0.0.1:999999",
    "[::1",
    "[::1]evil",
    "[::ffff:127.0.0.1]",
    "::1",
    "2130706433",
    "127.1",
    "0.0.0.0",  # noqa: S104
    "",
    " ",
    "*",
]
FOREIGN_ORIGINS = [
    "null",
    "https://evil.example",
    "http://127.0.0.1:9999",
    "http://127.0.0.1",
    "http://localhost:8000",
    "http://127.0.0.1:8000.evil.example",
    "http://evil.example/http://127.0.0.1:8000",
    "http://127.0.0.1:8000@evil.example",
    "ftp://127.0.0.1:8000",
    "chrome-extension://127.0.0.1:8000",
    "127.0.0.1:8000",
    "http://[::1",
    "http://[evil]:8000",
    "http://",
    "x",
]


def code(reply: object) -> str:
    """Return the code of an error, in either of its shapes."""
    error = reply.json()["error"]  # type: ignore[attr-defined]
    return str(error["code"] if isinstance(error, dict) else error)


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_another_host_is_refused_on_every_route(shared: TestClient, operations: list[object], host: str) -> None:
    """A name that is not ours, however it is dressed, reaches no route, known or unknown."""
    tried = [(each.method, each.path) for each in operations]  # type: ignore[attr-defined]
    for method, path in [*tried, ("GET", "/openapi.json"), ("GET", "/nothing"), ("OPTIONS", "/api/ask")]:
        reply = shared.request(method, path, headers={"Host": host})
        assert (reply.status_code, code(reply)) == (421, "host_not_allowed")
        assert reply.headers["X-Request-ID"]
    assert len(tried) >= 8


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:1", "localhost:8000", "LOCALHOST", "[::1]", "[::1]:8000", "127.0.0.1:65535"]
)
def test_loopback_is_served_by_its_names(shared: TestClient, host: str) -> None:
    """Every name of loopback is ours, in any case and with any port."""
    assert shared.get("/healthz", headers={"Host": host}).status_code == 200


def test_hosts_are_those_of_the_settings() -> None:
    """Beside loopback the bind address is ours unless it is every address, and what the settings name."""
    loopback = {"127.0.0.1", "localhost", "::1"}
    assert allowed_hosts(Settings()) == loopback
    assert allowed_hosts(Settings(bind="0.0.0.0:80")) == loopback
    assert allowed_hosts(Settings(bind="[::]:80")) == loopback
    assert allowed_hosts(Settings(bind="192.168.1.5:80")) == {*loopback, "192.168.1.5"}
    assert allowed_hosts(Settings(bind="[2001:db8::1]:80")) == {*loopback, "2001:db8::1"}
    named = Settings(bind="News.example:80", allowed_hosts=("A.Example",))
    assert allowed_hosts(named) == {*loopback, "news.example", "a.example"}


def test_a_host_that_is_set_is_served(open_client: OpenClient) -> None:
    """A host of the settings passes, its subdomains do not."""
    client = open_client(allowed_hosts=("news.example",))
    assert client.get("/healthz", headers={"Host": "News.Example:443"}).status_code == 200
    assert client.get("/healthz", headers={"Host": "a.news.example"}).status_code == 421


def test_a_host_with_a_port_in_the_settings_is_served(open_client: OpenClient) -> None:
    """What the refusal says to add is what lets the request in, port or not."""
    named = Settings(allowed_hosts="a.example:91").allowed_hosts  # type: ignore[arg-type]
    client = open_client(allowed_hosts=named)
    assert client.get("/healthz", headers={"Host": "a.example:91"}).status_code == 200
    assert client.get("/healthz", headers={"Host": "b.example:91"}).status_code == 421


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
def test_writes_from_another_site_are_refused(shared: TestClient, operations: list[object], origin: str) -> None:
    """No page elsewhere may write, or ask, through a visitor's browser."""
    for each in operations:
        if each.writes:  # type: ignore[attr-defined]
            reply = shared.request(each.method, each.path, json=each.body, headers={"Origin": origin})  # type: ignore[attr-defined]
            assert (reply.status_code, code(reply)) == (403, "foreign_origin"), (origin, reply.text)
    assert shared.get("/api/articles/some").status_code == 404


def test_writes_from_the_same_site_pass(shared: TestClient) -> None:
    """A page that came from this server, under the name it was asked by, may ask."""
    for host in ("127.0.0.1:8000", "localhost:8000", "[::1]:8000"):
        for origin in (f"http://{host}", f"https://{host}"):
            headers = {"Host": host, "Origin": origin}
            assert shared.post("/api/ask", json={"question": "Who?"}, headers=headers).status_code == 200


def test_an_origin_that_is_set_may_write(open_client: OpenClient) -> None:
    """An origin of the settings passes, exactly as written."""
    client = open_client(allowed_origins=("https://news.example",))
    asked = {"question": "Who?"}
    for origin, status in (
        ("https://news.example", 200),
        ("http://news.example", 403),
        ("https://news.example:1", 403),
    ):
        assert client.post("/api/ask", json=asked, headers={"Origin": origin}).status_code == status


def preflight(client: TestClient, origin: str, method: str = "POST", headers: str = "content-type") -> Response:
    """Ask as a browser does before it sends JSON from another site."""
    asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    return client.options("/api/ask", headers={"Origin": origin, **asked})


def invited(reply: Response) -> dict[str, str]:
    """Return the headers that let pages of other sites in."""
    return {name: text for name, text in reply.headers.items() if name.startswith("access-control")}


def test_a_page_of_an_origin_that_is_set_may_send_json(open_client: OpenClient, settings: Settings) -> None:
    """A browser is told so beforehand, and the page sees replies and errors; a cookie is never asked for."""
    secret = TokenStore(settings.tokens_path).create("a", "admin")
    client = open_client(allowed_origins=("https://news.example",))
    for method, names in (("POST", "authorization,content-type,x-stainless-lang"), ("PUT", "content-type")):
        before = invited(preflight(client, "https://news.example", method, names))
        assert before["access-control-allow-origin"] == "https://news.example"
        assert method in before["access-control-allow-methods"].split(", ")
        assert before["access-control-allow-headers"] == names
        assert "access-control-allow-credentials" not in before
    headers = {"Origin": "https://news.example", "Authorization": f"Bearer {secret}"}
    for reply, status in (
        (client.post("/api/ask", json={"question": "Who?"}, headers=headers), 200),
        (client.post("/api/ask", json={}, headers=headers), 422),
        (client.post("/api/ask", json={}, headers={"Origin": "https://news.example"}), 401),
        (client.get("/api/articles", headers=headers), 200),
        (client.post("/v1/chat/completions", json={}, headers=headers), 400),
    ):
        assert reply.status_code == status
        assert invited(reply)["access-control-allow-origin"] == "https://news.example"
        assert "Origin" in reply.headers["Vary"]
        assert "access-control-allow-credentials" not in invited(reply)


@pytest.mark.parametrize("origin", ["https://evil.example", "http://news.example", "null"])
def test_a_page_of_another_origin_gets_nothing(open_client: OpenClient, origin: str) -> None:
    """Beside an origin that is set, all others are as if none were; nor does a foreign host get past the guard."""
    client = open_client(allowed_origins=("https://news.example",))
    headers = {"Origin": origin}
    for reply, status in (
        (preflight(client, origin), 405),
        (client.post("/api/ask", json={"question": "Who?"}, headers=headers), 403),
        (client.get("/api/articles", headers=headers), 200),
    ):
        assert (reply.status_code, invited(reply)) == (status, {})
    own = {"Origin": "https://news.example", "Access-Control-Request-Method": "POST", "Host": "evil.example"}
    foreign = client.options("/api/ask", headers=own)
    assert (foreign.status_code, invited(foreign)) == (421, {})


def test_no_reply_invites_other_sites(shared: TestClient) -> None:
    """Reads from elsewhere are answered without any header that lets a page see them; nor is a preflight."""
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    replies = [
        shared.get("/api/articles", headers=headers),
        shared.options("/api/ask", headers=headers),
        shared.post("/api/ask", json={"question": "Who?"}, headers=headers),
        shared.get("/nothing", headers=headers),
    ]
    assert [reply.status_code for reply in replies] == [200, 405, 403, 404]
    assert not [name for reply in replies for name in reply.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/healthz", {}, 200),
        ("GET", "/nothing", {}, 404),
        ("DELETE", "/healthz", {}, 405),
        ("GET", "/healthz", {"Host": "evil"}, 421),
        ("POST", "/api/ask", {}, 422),
        ("POST", "/api/ask", {"Origin": "null"}, 403),
        ("POST", "/api/ask", {"Content-Length": "99999999"}, 413),
        ("GET", "/openapi.json", {}, 200),
    ],
)
def test_every_request_is_one_line_with_its_id(
    shared: TestClient, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    """One log line tells id, method, path, status and time; the reply carries the id, and is never sniffed."""
    with capture_logs() as logs:
        reply = shared.request(method, path, headers=headers)
    (line,) = [entry for entry in logs if entry["event"] == "request"]
    took = line.pop("ms")
    assert isinstance(took, int)
    assert took >= 0
    assert reply.status_code == status
    assert line == {
        "event": "request",
        "log_level": "info",
        "id": reply.headers["X-Request-ID"],
        "method": method,
        "path": path,
        "status": status,
    }
    assert re.fullmatch(r"[0-9a-f]{16}", line["id"])
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


def test_ids_are_the_servers_own(shared: TestClient) -> None:
    """Two requests have two ids, and a client cannot choose one."""
    replies = [shared.get("/healthz", headers={"X-Request-ID": "mine"}) for _ in range(2)]
    assert len({reply.headers["X-Request-ID"] for reply in replies} | {"mine"}) == 3


def test_a_long_path_is_cut_in_the_log(shared: TestClient) -> None:
    """A path of any length takes no more than a line."""
    with capture_logs() as logs:
        shared.get("/" + "x" * 5_000)
    assert [len(entry["path"]) for entry in logs] == [200]


def test_a_refusal_comes_before_any_token_is_read(open_client: OpenClient, settings: Settings) -> None:
    """Host and origin are judged first, so that a foreign page learns nothing of tokens."""
    TokenStore(settings.tokens_path).create("a", "admin")
    client = open_client()
    assert client.get("/api/articles", headers={"Host": "evil"}).status_code == 421
    assert client.post("/api/ask", headers={"Origin": "null"}).status_code == 403
    assert client.get("/api/articles").status_code == 401
