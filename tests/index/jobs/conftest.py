"""A library with jobs, a reader of documents, and a web site on loopback."""

import http.server
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from index.documents import Documents
from index.fetching import Fetcher, Policy
from index.jobs import JobStore, Steps
from index.library import Library

PAGE = """<html lang="en"><head><title>{title}</title></head><body><article><h1>{title}</h1>
<p>{title}: the ferry to Port Ellis sails again after a long winter in the harbour, its owner said on Thursday.</p>
<p>It had been laid up since March, when a crack was found in its hull in a routine inspection of the vessel.</p>
</article></body></html>"""


@dataclass
class Site:
    """A web site: `asked` holds the paths that were asked for; a path in `broken` is answered with 500.

    `listings` holds feeds and sitemaps by path.
    """

    url: str = ""
    asked: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    listings: dict[str, str] = field(default_factory=dict)

    def feed(self, path: str, *paths: str, said: str = "") -> None:
        """Serve a feed of some pages, each with the elements that are `said` of it."""
        items = "".join(f"<item><link>{self.url}{each}</link>{said}</item>" for each in paths)
        self.listings[path] = f'<rss version="2.0"><channel><title>F</title>{items}</channel></rss>'

    def sitemap(self, path: str, *paths: str, index: bool = False, **lastmods: str) -> None:
        """Serve a sitemap of some pages, or an index of some sitemaps; those given by name have a lastmod."""
        root, element = ("sitemapindex", "sitemap") if index else ("urlset", "url")
        named = [*((each, "") for each in paths), *((f"/{name}", day) for name, day in lastmods.items())]
        held = "".join(f"<{element}><loc>{self.url}{p}</loc><lastmod>{d}</lastmod></{element}>" for p, d in named)
        self.listings[path] = f"<{root}>{held}</{root}>"


@pytest.fixture
def site() -> Iterator[Site]:
    """Return a web site on loopback, where every path but robots.txt is an article."""
    told = Site()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            status = 404 if self.path == "/robots.txt" else 500 if self.path in told.broken else 200
            self.send_response(status)
            listing = told.listings.get(self.path)
            self.send_header("Content-Type", "application/xml" if listing else "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(
                listing.encode() if listing else PAGE.replace("{title}", f"Ferry {self.path[1:]}").encode()
            )

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_port}"
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def documents(site: Site) -> Iterator[Documents]:
    """Return what may fetch from that site."""
    policy = Policy(allow_private=("127.0.0.1",), ports=(int(site.url.rpartition(":")[2]),), host_delay=0)
    with Documents(Fetcher(policy)) as opened:
        yield opened


@pytest.fixture
def store(library: Library) -> JobStore:
    """Return the jobs of the library."""
    return library.jobs


@pytest.fixture
def steps(store: JobStore, documents: Documents) -> Steps:
    """Return what does the steps of jobs."""
    return make_steps(store, documents)


@pytest.fixture
def fetch_all() -> Callable[[Steps], None]:
    """Return what fetches all pages that wait."""

    def fetch(steps: Steps) -> None:
        while item := steps.next_page([]):
            steps.fetched(item, steps.fetch(item))

    return fetch


@pytest.fixture
def finish(fetch_all: Callable[[Steps], None]) -> Callable[[Steps, Library], None]:
    """Return what does everything that waits."""

    def done(steps: Steps, library: Library) -> None:
        fetch_all(steps)
        while steps.read_next():
            fetch_all(steps)
        while steps.add_some(library.add_all):
            pass

    return done


def make_steps(store: JobStore, documents: Documents, max_entries: int = 100) -> Steps:
    """Return steps whose codes are the names of the errors."""

    def code_of(error: Exception) -> str:
        return type(error).__name__

    return Steps(store, documents, max_bytes=100_000, max_entries=max_entries, code_of=code_of)


@pytest.fixture(name="make_steps")
def make_steps_fixture() -> Callable[..., Steps]:
    """Return what makes steps."""
    return make_steps
