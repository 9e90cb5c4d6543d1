"""Feeds and sitemaps that name addresses on this machine: nothing ever connects to them."""

import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest

from index.documents import Documents
from index.fetching import FakeResolver, Fetcher, Policy
from index.sources import Missed, Web

FORMS = (
    "127.0.0.1",
    "2130706433",
    "0x7f.1",
    "localhost",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "0",
    "inward.test",
    "１２７.0.0.1",
)


class Canary:
    """Listens on the loopback address at the port that is fetched from, and must never be connected to."""

    def __init__(self, port: int) -> None:
        self.listeners = [socket.create_server(("127.0.0.1", port), reuse_port=True)]
        with suppress(OSError):
            self.listeners.append(socket.create_server(("::1", port), family=socket.AF_INET6, reuse_port=True))
        for listener in self.listeners:
            listener.setblocking(False)

    def count(self) -> int:
        """Return how many connections wait."""
        accepted = 0
        for listener in self.listeners:
            with suppress(BlockingIOError):
                while True:
                    listener.accept()[0].close()
                    accepted += 1
        return accepted


@pytest.fixture
def canary() -> Iterator[Canary]:
    """Return a canary at the port of the site, on other addresses."""
    made = Canary(8080)
    yield made
    for listener in made.listeners:
        listener.close()


@pytest.fixture
def web(site: object) -> Iterator[Web]:
    """Return what may fetch from the site, known as good.test, and from no other private address."""
    resolver = FakeResolver({"good.test": [[site.host]]}, otherwise=["127.0.0.1"])  # type: ignore[attr-defined]
    policy = Policy(allow_private=("good.test",), host_delay=0)
    with Documents(Fetcher(policy, resolver=resolver)) as documents:
        yield Web(documents, max_bytes=100_000, max_entries=1_000)


@pytest.mark.parametrize("hops", [0, 1, 2, 3])
@pytest.mark.parametrize("kind", ["feed", "sitemap", "index", "itself"])
def test_no_connection_reaches_this_machine(site: object, web: Web, canary: Canary, kind: str, hops: int) -> None:
    """Named by a feed, a sitemap or an index, or redirected to from one of their pages, each is a failure."""
    bad = [f"http://{form}:8080/x{number}" for number, form in enumerate(FORMS)]
    links = [_lead(site, target, hops, f"/r{number}") for number, target in enumerate(bad)]
    named = {
        "feed": "".join(f"<item><link>{link}</link></item>" for link in links),
        "sitemap": "".join(f"<url><loc>{link}</loc></url>" for link in links),
        "index": "".join(f"<sitemap><loc>{link}</loc></sitemap>" for link in links),
        "itself": "",
    }[kind]
    root = {"feed": "rss", "sitemap": "urlset", "index": "sitemapindex", "itself": "rss"}[kind]
    site.put("/list", f"<{root}>{named}</{root}>", "text/xml")  # type: ignore[attr-defined]
    begins = links if kind == "itself" else ["http://good.test:8080/list"]
    events = [event for begin in begins for event in web.read(begin)]
    assert len([event for event in events if isinstance(event, Missed)]) >= len(FORMS) - 1  # two may be one address
    assert canary.count() == 0


@pytest.mark.usefixtures("site")
def test_the_canary_hears(canary: Canary) -> None:
    """It counts what connects: that it counts nothing elsewhere means something."""
    with socket.create_connection(("127.0.0.1", 8080), 1):
        assert canary.count() == 1


def _lead(site: object, target: str, hops: int, path: str) -> str:
    """Let the site redirect over so many hops to a target, and return where that begins."""
    begin = target
    for hop in range(hops):
        site.put(f"{path}-{hop}", "", status=302, headers={"Location": begin.encode().decode("latin-1")})  # type: ignore[attr-defined]
        begin = f"http://good.test:8080{path}-{hop}"
    return begin
