from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.http.app import create_app
from service.http.pages import ASSETS, FIRST
from service.settings import Settings
from service.tokens import TokenStore

pytestmark = pytest.mark.slow

WEB = Path(__file__).parents[3] / "service" / "http" / "web"
PAGES = ("/", "/articles", "/articles/visit", "/articles/a%23b~c?start=1&end=2")
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
OUTSIDE = (
    "../pages.py", "..%2fpages.py", "%2e%2e/%2e%2e/app.py", "js/../../pages.py", "index.html", "js", "js/", "",
    "js/none.js", "/etc/passwd", "..\\pages.py", "js%5cmain.js", "js/main.js%00.css", "JS/MAIN.JS", "__pycache__",
)  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """Return a client of an application that wants tokens and was not started."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("pages") / "data", encoder="fake", chat_model="fake:extract")
    TokenStore(settings.tokens_path).create("reader", "ask")
    return TestClient(create_app(settings), base_url="http://127.0.0.1:8000", follow_redirects=False)


@pytest.mark.parametrize("path", PAGES)
def test_every_view_is_the_same_page(client: TestClient, path: str) -> None:
    """Each address of a view gives the page, without a token."""
    reply = client.get(path)
    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert reply.content == client.get("/").content
    assert b"<title>Pullquote</title>" in reply.content


@pytest.mark.parametrize("name", ASSETS)
def test_assets_are_what_they_are(client: TestClient, name: str) -> None:
    """Each asset comes as it lies in the package, with its type."""
    reply = client.get(f"/assets/{name}")
    assert reply.status_code == 200
    assert reply.headers["content-type"].partition(";")[0] == TYPES[Path(name).suffix]
    assert reply.content == (WEB / name).read_bytes()


@pytest.mark.parametrize("path", ["/", "/articles/visit", "/assets/js/main.js", "/assets/favicon.svg"])
def test_the_policy_is_strict(client: TestClient, path: str) -> None:
    """Nothing but our own files is loaded, nothing inline, framed, submitted or referred; text is never markup."""
    headers = client.get(path).headers
    rules = dict((*rule.strip().split(" ", 1), "")[:2] for rule in headers["content-security-policy"].split(";"))
    assert rules == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "connect-src": "'self'",
        "img-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    assert headers["referrer-policy"] == "no-referrer"
    assert headers.get_list("x-content-type-options") == ["nosniff"]


@pytest.mark.parametrize("path", ["/", "/articles/visit", "/assets/js/main.js", "/assets/base.css"])
def test_what_a_browser_has_is_not_sent_again(client: TestClient, path: str) -> None:
    """The ETag is asked about each time, and answered by 304 without a body; another one gets the file."""
    first = client.get(path)
    assert first.headers["cache-control"] == "no-cache"
    etag = first.headers["etag"]
    for sent in (etag, f'"x", {etag}', f"W/{etag}"):
        again = client.get(path, headers={"If-None-Match": sent})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
        assert again.headers["content-security-policy"] == first.headers["content-security-policy"]
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/articles", "/assets/js/main.js"])
def test_heads_have_no_body(client: TestClient, path: str) -> None:
    """HEAD gives the headers of GET."""
    head, got = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"] == str(len(got.content))


@pytest.mark.parametrize("name", OUTSIDE)
def test_nothing_else_is_served(client: TestClient, name: str) -> None:
    """Names outside the list are refused as any unknown route is, whatever lies there."""
    reply = client.get(f"/assets/{name}")
    assert reply.status_code in (404, 405)
    assert reply.json()["error"] in ("no_such_route", "method_not_allowed")


@pytest.mark.parametrize("path", ["/", "/assets/js/main.js"])
def test_the_page_is_only_read(client: TestClient, path: str) -> None:
    """Nothing can be posted to it."""
    assert client.post(path).status_code == 405


def test_the_page_is_no_part_of_the_interface(client: TestClient) -> None:
    """The description of the interface does not name it."""
    described = client.get("/openapi.json").json()["paths"]
    assert not [path for path in described if not path.startswith(("/api", "/v1", "/healthz", "/readyz"))]


def test_the_interface_still_wants_a_token(client: TestClient) -> None:
    """The page is open, the articles are not."""
    with client:
        assert client.get("/articles").status_code == 200
        assert client.get("/api/articles").status_code == 401


def test_the_list_is_whole() -> None:
    """Every file of the folder is served, and every script that is loaded first is there."""
    files = {file.relative_to(WEB).as_posix() for file in WEB.rglob("*") if file.is_file()}
    assert files == {*ASSETS, "index.html"}
    assert {f"js/{name}.js" for name in FIRST} <= files
