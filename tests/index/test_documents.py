import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.documents import Documents, kind_of
from index.fetching import Fetcher, Policy
from index.reading import Failed, Read, read_articles, read_page

pytestmark = pytest.mark.slow

PAGE = """<!doctype html><html lang="en"><head><title>Ferry sails again | The Courier</title>
<link rel="canonical" href="/2024/ferry?utm_source=x">
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "Ferry sails again", "datePublished": "2024-05-02", "author": {"@type": "Person", "name": "A. Writer"}}
</script></head><body><nav><a href="/">Home</a> <a href="/more">More</a></nav><article><h1>Ferry sails again</h1>
<p>The ferry to Port Ellis sails again after a long winter in the harbour, its owner said on Thursday morning.</p>
<p>It had been laid up since March, when a crack was found in its hull in a routine inspection of the vessel.</p>
</article><footer>All rights reserved</footer></body></html>"""


class Handler(http.server.BaseHTTPRequestHandler):
    """Give the page as HTML, `/latin` in a charset that its header alone tells, `/feed` as a type that is none."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(404 if self.path == "/robots.txt" else 200)
        charset = "iso-8859-2" if self.path == "/latin" else "utf-8"
        kind = "application/rss+xml" if self.path == "/feed" else f"text/html; charset={charset}"
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(PAGE.replace("its owner", "Łukasz Żak").encode(charset))

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    """Return the address of a web site on loopback."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def documents(site: str) -> Iterator[Documents]:
    """Return what may fetch from that site."""
    policy = Policy(allow_private=("127.0.0.1",), ports=(int(site.rpartition(":")[2]),), host_delay=0)
    with Documents(Fetcher(policy)) as opened:
        yield opened


def read(path: Path) -> list[Read]:
    """Return what is read, of which nothing fails."""
    found = list(read_articles(path, max_bytes=1_000_000))
    assert all(isinstance(one, Read) for one in found), found
    return [one for one in found if isinstance(one, Read)]


def test_a_page_in_a_file(tmp_path: Path) -> None:
    """Its article is read without what stands around it, with where its date came from; its file names it."""
    (tmp_path / "ferry.html").write_text(PAGE)
    (found,) = read(tmp_path)
    article = found.article
    assert article.text.startswith("The ferry to Port Ellis sails again after")
    assert "All rights reserved" not in article.text
    assert (article.title, article.author, article.published_at) == ("Ferry sails again", "A. Writer", "2024-05-02")
    assert article.origins["published_at"] == "json-ld"
    assert article.source == str(tmp_path / "ferry.html")


def test_a_page_of_the_web(site: str, documents: Documents) -> None:
    """It is known by its canonical address, and says when it was fetched, which is no date of publication."""
    found = read_page(f"{site}/ferry.html?id=1", max_bytes=1_000_000, documents=documents)
    assert isinstance(found, Read), found
    assert found.article.url == f"{site}/2024/ferry"
    assert found.article.published_at == "2024-05-02"
    assert found.article.fetched_at is not None
    assert found.article.origins["fetched_at"] == "fetch"


def test_the_charset_that_the_server_tells(site: str, documents: Documents) -> None:
    """A page that does not name its charset is read in that of its header."""
    found = read_page(f"{site}/latin", max_bytes=1_000_000, documents=documents)
    assert isinstance(found, Read), found
    assert "Łukasz Żak said on Thursday" in found.article.text


def test_what_is_no_article(site: str, documents: Documents) -> None:
    """A feed, a private address and a text that is too long are told by their address."""
    for address, limit, reason in (
        (f"{site}/feed", 1_000_000, "is application/rss"),
        (f"http://127.0.0.2:{site.rpartition(chr(58))[2]}/", 1_000_000, "PULLQUOTE_FETCH_PRIVATE_HOSTS"),
        (site, 50, "PULLQUOTE_MAX_ARTICLE_BYTES"),
    ):
        found = read_page(address, max_bytes=limit, documents=documents)
        assert isinstance(found, Failed)
        assert found.reason.startswith(address)
        assert reason in found.reason


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.html", "html"), ("A.HTM", "html"), ("a.html.gz", "html.gz"), ("a.pdf", "pdf"), ("a.docx", "docx")],
)
def test_kinds_of_files(name: str, kind: str) -> None:
    """The ending tells what a document is."""
    assert kind_of(Path(name)) == kind
    assert kind_of(Path("a.txt")) is None
    assert kind_of(Path("a.gz")) is None
