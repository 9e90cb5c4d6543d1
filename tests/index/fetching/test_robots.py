import gzip
from collections.abc import Callable

import pytest

from index.fetching import FakeClock
from index.fetching.errors import RobotsRefusedError, RobotsUnreachableError, StatusError, TimedOutError


@pytest.fixture
def site(server: object, make_page: Callable[..., bytes]) -> object:
    """Return a server with a page at / and at /private."""
    server.replies.update({"/": make_page(), "/private": make_page()})
    return server


def robots(make_page: Callable[..., bytes], *lines: str, **page: object) -> bytes:
    """Return a robots.txt as it goes over the wire."""
    return make_page("\n".join(("User-agent: *", *lines)).encode(), **{"content_type": "text/plain", **page})


def test_robots_is_obeyed(site: object, make_fetcher: Callable, make_page: Callable) -> None:
    """What a robots.txt forbids is not asked for; the rest is, with one look at the file."""
    site.replies["/robots.txt"] = robots(make_page, "Allow: /", "Disallow: /private")
    fetcher = make_fetcher(site)
    assert fetcher.fetch(site.url("/")).body
    with pytest.raises(RobotsRefusedError, match="forbids"):
        fetcher.fetch(site.url("/private"))
    with pytest.raises(RobotsRefusedError):
        fetcher.fetch(site.url("/x/../%70rivate"))
    assert site.paths == ["/robots.txt", "/"]


def test_our_own_name_counts(site: object, make_fetcher: Callable, make_page: Callable) -> None:
    """Rules for Pullquote stand before those for all."""
    text = b"User-agent: *\nAllow: /\n\nUser-agent: pullquote\nDisallow: /"
    site.replies["/robots.txt"] = make_page(text, content_type="text/plain")
    with pytest.raises(RobotsRefusedError):
        make_fetcher(site).fetch(site.url("/"))


@pytest.mark.parametrize("status", ["400 Bad", "401 No", "403 No", "404 Not Found", "410 Gone", "429 Slow down"])
def test_no_robots_allows_everything(status: str, site: object, make_fetcher: Callable, make_page: Callable) -> None:
    """RFC 9309: a status of the client's errors means that there are no rules."""
    site.replies["/robots.txt"] = make_page(b"User-agent: *\nDisallow: /", status=status)
    assert make_fetcher(site).fetch(site.url("/private")).body


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 500 Error\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 204 Nothing\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: /robots.txt\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nContent-Length: 0\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"",
    ],
)
def test_robots_that_cannot_be_read_forbids_all_for_now(
    reply: bytes, site: object, make_fetcher: Callable, make_page: Callable, clock: FakeClock
) -> None:
    """RFC 9309: an error of the server's, or an answer that is none, forbids everything; later it is tried again."""
    site.replies["/robots.txt"] = reply
    fetcher = make_fetcher(site)
    for _ in range(2):
        with pytest.raises(RobotsUnreachableError, match="for now"):
            fetcher.fetch(site.url("/"))
    assert set(site.paths) == {"/robots.txt"}
    asked = len(site.paths)
    site.replies["/robots.txt"] = robots(make_page)
    clock.seconds += 301
    assert fetcher.fetch(site.url("/")).body
    assert len(site.paths) == asked + 2


def test_robots_is_remembered_for_an_hour(site: object, make_fetcher: Callable, clock: FakeClock) -> None:
    """Within an hour a site's robots.txt is asked for once, later again."""
    fetcher = make_fetcher(site)
    for seconds in (0, 3_500, 200):
        clock.seconds += seconds
        fetcher.fetch(site.url("/"))
    assert site.paths == ["/robots.txt", "/", "/", "/robots.txt", "/"]


def test_every_origin_has_its_own(
    site: object, run_server: Callable, make_fetcher: Callable, make_page: Callable
) -> None:
    """A redirect to another origin is judged by the rules there, which are asked for before the page."""
    other = run_server()
    site.replies["/"] = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + other.url("/").encode() + b"\r\n\r\n"
    other.replies["/robots.txt"] = robots(make_page, "Disallow: /")
    with pytest.raises(RobotsRefusedError, match=str(other.port)):
        make_fetcher(site, ports=(site.port, other.port)).fetch(site.url("/"))
    assert other.paths == ["/robots.txt"]


def test_robots_may_be_redirected_and_packed(site: object, make_fetcher: Callable, make_page: Callable) -> None:
    """The file may lie elsewhere, packed, and without a kind; it stands for the origin that was asked."""
    site.replies["/robots.txt"] = b"HTTP/1.1 301 Moved\r\nContent-Length: 0\r\nLocation: /r\r\n\r\n"
    packed = gzip.compress(b"User-agent: *\nDisallow: /private", mtime=0)
    site.replies["/r"] = make_page(packed, "Content-Encoding: gzip", content_type=None)
    fetcher = make_fetcher(site)
    assert fetcher.fetch(site.url("/")).body
    with pytest.raises(RobotsRefusedError):
        fetcher.fetch(site.url("/private"))


def test_robots_is_read_to_500_kib(site: object, make_fetcher: Callable, make_page: Callable) -> None:
    """Of a larger file the first 500 KiB count, to the last byte."""
    rule = "Disallow: /private\n"
    filling = "#" * (512_000 - len("User-agent: *\n") - len(rule) - 1)
    site.replies["/robots.txt"] = robots(make_page, filling, rule + "Disallow: /\n" + "#" * 1_000_000)
    fetcher = make_fetcher(site)
    assert fetcher.fetch(site.url("/")).body
    with pytest.raises(RobotsRefusedError):
        fetcher.fetch(site.url("/private"))


@pytest.mark.parametrize(("lines", "delay"), [((), 1.0), (("Crawl-delay: 7",), 7.0), (("Crawl-delay: 999",), 30.0)])
def test_requests_are_kept_apart(  # noqa: PLR0917
    lines: tuple[str, ...], delay: float, site: object, make_fetcher: Callable, make_page: Callable, clock: FakeClock
) -> None:
    """Requests to a host are a second apart, or what it asks for, up to half a minute."""
    site.replies["/robots.txt"] = robots(make_page, "Disallow:", *lines)
    fetcher = make_fetcher(site)
    fetcher.fetch(site.url("/"))
    fetcher.fetch(site.url("/"))
    assert clock.slept == [delay, delay]


def test_errors_keep_apart_too(site: object, make_fetcher: Callable, clock: FakeClock) -> None:
    """A page that is not there was a request as well."""
    fetcher = make_fetcher(site, host_delay=2.5)
    for _ in range(2):
        with pytest.raises(StatusError):
            fetcher.fetch(site.url("/missing"))
    assert clock.slept == [2.5, 2.5]


def test_time_over_is_not_remembered(site: object, make_fetcher: Callable, make_page: Callable) -> None:
    """If robots.txt was awaited until time was over, that is told, and the next fetch asks again."""
    site.replies["/robots.txt"] = lambda connection: connection.recv(1)
    fetcher = make_fetcher(site, max_seconds=0.2)
    with pytest.raises(TimedOutError):
        fetcher.fetch(site.url("/"))
    site.replies["/robots.txt"] = robots(make_page)
    assert fetcher.fetch(site.url("/")).body
