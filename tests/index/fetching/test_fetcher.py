import gzip
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import pytest

from index.fetching import FakeClock, FakeResolver, Fetched, Fetcher, FetchError, Policy
from index.fetching.errors import (
    AddressRefusedError,
    ConnectionFailedError,
    ContentEncodingError,
    ContentTypeError,
    MalformedResponseError,
    RedirectRefusedError,
    StatusError,
    TimedOutError,
    TooLargeError,
    UnresolvedError,
    UrlRefusedError,
)
from index.fetching.fetcher import user_agent
from index.fetching.resolving import SystemResolver
from index.fetching.timing import SystemClock

BODY = b"<p>The ferry sails.</p>"


def moved(target: str, status: int = 302, *headers: str) -> bytes:
    """Return a redirect as it goes over the wire."""
    lines = [f"HTTP/1.1 {status} Moved", "Content-Length: 0", f"Location: {target}", *headers, "", ""]
    return "\r\n".join(lines).encode()


def headers(head: str) -> dict[str, str]:
    """Return the headers of a request, by lower-case name."""
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in head.split("\r\n")[1:] if line)}


def test_a_page_is_fetched(server: object, make_fetcher: Callable, make_page: Callable) -> None:
    """A result says what was fetched from where and when, as what, and how to ask for changes."""
    modified = "Mon, 13 Jun 2022 08:30:00 GMT"
    server.replies["/a"] = make_page(
        BODY, 'ETag: "v1"', f"Last-Modified: {modified}", content_type="Text/HTML; charset=ISO-8859-1"
    )
    assert make_fetcher(server).fetch(server.url("/a#part")) == Fetched(
        url=server.url("/a"),
        redirects=(),
        fetched_at="2026-01-01T12:00:01+00:00",
        not_modified=False,
        body=BODY,
        content_type="text/html",
        charset="iso8859-1",
        etag='"v1"',
        last_modified=modified,
    )


def test_what_is_sent_is_little(
    server: object, make_fetcher: Callable, make_page: Callable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No cookie, no credentials of netrc, no proxy of the environment; the host's own name and who asks."""
    (tmp_path / "netrc").write_text("machine good.test login user password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.replies.update({"/a": moved("/b", 302, "Set-Cookie: a=b"), "/b": make_page()})
    make_fetcher(server, contact="https://pullquote.test/bot").fetch(server.url("/a"))
    assert server.paths == ["/robots.txt", "/a", "/b"]
    for head in server.requests:
        sent = headers(head)
        assert sent.keys() <= {"host", "user-agent", "accept", "accept-encoding", "connection"}
        assert sent["host"] == f"good.test:{server.port}"
        assert sent["user-agent"] == f"Pullquote/{version('pullquote')} (+https://pullquote.test/bot)"
        assert sent["accept-encoding"] == "gzip, deflate"


def test_the_agent_names_itself() -> None:
    """Without a contact there is none, and a contact is a URL that cannot end the header."""
    assert user_agent() == f"Pullquote/{version('pullquote')}"
    for contact in ("me", "https://a.test/)", "https://a.test/\r\nX: y", "ftp://a.test"):
        with pytest.raises(ValueError, match="contact"):
            user_agent(contact)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_recorded(
    status: int, server: object, make_fetcher: Callable, make_page: Callable
) -> None:
    """Each URL on the way is told in order, relative targets too."""
    server.replies.update({"/a": moved("b?c", status), "/b?c": moved(server.url("/d"), status), "/d": make_page()})
    found = make_fetcher(server).fetch(server.url("/a"))
    assert (found.url, found.body) == (server.url("/d"), BODY)
    assert found.redirects == (server.url("/a"), server.url("/b?c"))


def test_five_redirects_are_followed_not_six(server: object, make_fetcher: Callable, make_page: Callable) -> None:
    """A chain of five ends in a page, a longer one or a circle in an error."""
    for number in range(6):
        server.replies[f"/{number}"] = moved(f"/{number + 1}")
    server.replies["/6"] = make_page()
    fetcher = make_fetcher(server)
    assert len(fetcher.fetch(server.url("/1")).redirects) == 5
    with pytest.raises(RedirectRefusedError, match="at most 5"):
        fetcher.fetch(server.url("/0"))
    server.replies["/1"] = moved("/1")
    with pytest.raises(RedirectRefusedError):
        fetcher.fetch(server.url("/1"))
    with pytest.raises(RedirectRefusedError, match="at most 0"):
        make_fetcher(server, max_redirects=0).fetch(server.url("/1"))


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (b"HTTP/1.1 302 F\r\nContent-Length: 0\r\n\r\n", RedirectRefusedError),
        (moved(""), RedirectRefusedError),
        (moved("/x", 302, "Location: /y"), RedirectRefusedError),
        (moved("ftp://good.test/"), UrlRefusedError),
        (moved("file:///etc/passwd"), UrlRefusedError),
        (moved("http://user:secret@good.test/"), UrlRefusedError),
        (moved("http://good.test:22/"), UrlRefusedError),
        (moved("//10.0.0.1:8/"), UrlRefusedError),
        (moved("http://nowhere.test/"), UrlRefusedError),
    ],
)
def test_a_redirect_is_judged_like_a_url(
    reply: bytes, error: type[FetchError], server: object, make_fetcher: Callable
) -> None:
    """A redirect without one target, or to what is not fetched, is refused, and no secret in it is told."""
    server.replies["/"] = reply
    with pytest.raises(error) as caught:
        make_fetcher(server).fetch(server.url("/"))
    assert "secret" not in str(caught.value)


def test_a_condition_is_sent_and_304_believed(server: object, make_fetcher: Callable) -> None:
    """With what an earlier fetch gave, an unchanged page comes back as not modified, with the same validators."""
    server.replies.update({"/a": moved("/b"), "/b": b'HTTP/1.1 304 Not Modified\r\nETag: "v2"\r\n\r\n'})
    modified = "Mon, 13 Jun 2022 08:30:00 GMT"
    found = make_fetcher(server).fetch(server.url("/a"), etag='W/"v1"', last_modified=modified)
    assert (found.not_modified, found.body, found.content_type) == (True, b"", None)
    assert (found.etag, found.last_modified) == ('"v2"', modified)
    assert found.redirects == (server.url("/a"),)
    sent = headers(server.requests[-1])
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('W/"v1"', modified)
    assert "if-none-match" not in headers(server.requests[0])


def test_a_304_that_nobody_asked_for_is_an_error(server: object, make_fetcher: Callable) -> None:
    """Without a condition there is nothing that could be unchanged."""
    server.replies["/"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    with pytest.raises(StatusError, match="304"):
        make_fetcher(server).fetch(server.url("/"))


@pytest.mark.parametrize("value", ["", " x", "a\r\nX: y", "ü", "x" * 2_000])
@pytest.mark.parametrize("name", ["etag", "last_modified"])
def test_a_condition_cannot_bring_a_header(name: str, value: str, server: object, make_fetcher: Callable) -> None:
    """What no server can have given is not sent."""
    with pytest.raises(ValueError, match="earlier fetch"):
        make_fetcher(server).fetch(server.url("/"), **{name: value})
    assert server.requests == []


@pytest.mark.parametrize(
    "status", [201, 202, 203, 204, 206, 300, 305, 400, 401, 403, 404, 407, 410, 429, 451, 500, 503, 999]
)
def test_other_statuses_are_errors(status: int, server: object, make_fetcher: Callable, make_page: Callable) -> None:
    """Only 200 brings an article; the error says what came, and nothing of the body."""
    server.replies["/"] = make_page(b"" if status == 204 else b"secret", status=f"{status} secret")
    with pytest.raises(StatusError, match=str(status)) as caught:
        make_fetcher(server).fetch(server.url("/"))
    assert caught.value.status == status
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [("gzip", gzip.compress(BODY, mtime=0)), ("deflate", zlib.compress(BODY)), ("identity", BODY)],
)
def test_packed_pages_are_unpacked(
    encoding: str, packed: bytes, server: object, make_fetcher: Callable, make_page: Callable
) -> None:
    """One packing is undone."""
    server.replies["/"] = make_page(packed, f"Content-Encoding: {encoding}")
    assert make_fetcher(server).fetch(server.url("/")).body == BODY


def test_chunks_are_put_together(server: object, make_fetcher: Callable) -> None:
    """A page without a length arrives as well, in chunks or until the end of the connection."""
    begin = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
    server.replies["/a"] = begin + b"Transfer-Encoding: chunked\r\n\r\n3\r\nfer\r\n2;x=y\r\nry\r\n0\r\nX: y\r\n\r\n"
    server.replies["/b"] = begin + b"\r\nferry"
    fetcher = make_fetcher(server)
    assert [fetcher.fetch(server.url(path)).body for path in ("/a", "/b")] == [b"ferry", b"ferry"]


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "zstd", "gzip, identity"])
def test_nested_and_unknown_packing_is_refused(
    encoding: str, server: object, make_fetcher: Callable, make_page: Callable
) -> None:
    """Packing in packing is how small answers become large ones."""
    server.replies["/"] = make_page(gzip.compress(gzip.compress(BODY, mtime=0)), f"Content-Encoding: {encoding}")
    with pytest.raises(ContentEncodingError):
        make_fetcher(server).fetch(server.url("/"))


def test_broken_packing_is_refused(server: object, make_fetcher: Callable, make_page: Callable) -> None:
    """A packed page that is cut off is no page."""
    server.replies["/"] = make_page(gzip.compress(BODY, mtime=0)[:-9], "Content-Encoding: gzip")
    with pytest.raises(ContentEncodingError, match="broken"):
        make_fetcher(server).fetch(server.url("/"))


BEGIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = BEGIN + b"Transfer-Encoding: chunked\r\n"
EMPTY_BLOCKS = gzip.compress(b"", mtime=0)[:10] + b"\x00\x00\x00\xff\xff" * 2_000


@pytest.mark.parametrize(
    "reply",
    [
        BEGIN + b"Content-Length: 10001\r\n\r\n",
        BEGIN + b"\r\n" + b"x" * 10_001,
        CHUNKED + b"\r\n2711\r\n" + b"x" * 10_001 + b"\r\n0\r\n\r\n",
        BEGIN + b"Content-Encoding: gzip\r\n\r\n" + EMPTY_BLOCKS,
        CHUNKED
        + b"Content-Encoding: gzip\r\n\r\n%x\r\n" % len(bomb := gzip.compress(b"\0" * 10_001, mtime=0))
        + bomb
        + b"\r\n0\r\n\r\n",
        CHUNKED
        + b"Content-Encoding: deflate\r\n\r\n%x\r\n" % len(bomb := zlib.compress(b"\0" * 10**7))
        + bomb
        + b"\r\n0\r\n\r\n",
    ],
    ids=["announced", "plain", "chunked", "packed", "unpacked by one", "bomb"],
)
def test_size_is_capped_before_and_after_unpacking(reply: bytes, server: object, make_fetcher: Callable) -> None:
    """One byte more than allowed is refused, as sent or as unpacked."""
    server.replies["/"] = reply
    with pytest.raises(TooLargeError, match="10,000 bytes"):
        make_fetcher(server, max_bytes=10_000).fetch(server.url("/"))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_what_is_just_small_enough_is_read(
    pack: Callable[[bytes], bytes], server: object, make_fetcher: Callable, make_page: Callable
) -> None:
    """The bound itself is allowed."""
    encoding = "gzip" if pack is gzip.compress else "identity"
    server.replies["/"] = make_page(pack(b"\0" * 10_000), f"Content-Encoding: {encoding}")
    assert len(make_fetcher(server, max_bytes=10_000).fetch(server.url("/")).body) == 10_000


@pytest.mark.parametrize("kind", [None, "image/png", "application/octet-stream", "application/json", "text/htmlx", ""])
def test_other_kinds_are_refused_unread(
    kind: str | None, server: object, make_fetcher: Callable, make_page: Callable
) -> None:
    """The kind is believed, and nothing is guessed from what follows."""
    server.replies["/"] = make_page(BODY, content_type=kind)
    with pytest.raises(ContentTypeError):
        make_fetcher(server).fetch(server.url("/"))


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"secret\r\n\r\n",
        b"HTTP/1.1 secret OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nsecret\r\n\r\n",
        BEGIN + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        BEGIN + b"Content-Length: -1\r\n\r\n",
        BEGIN + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\n",
        BEGIN + b"Content-Length: 9\r\n\r\nsecret",
        CHUNKED + b"\r\nsecret\r\n",
        BEGIN + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        BEGIN + b"X: y\r\n" * 101 + b"\r\n",
        BEGIN + b"X: " + b"y" * 40_000 + b"\r\n\r\n",
        BEGIN + b"X: " + b"y" * 300_000,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 20_000,
        CHUNKED + b"\r\n" + b"1;" + b"x" * 200_000 + b"\r\n",
        CHUNKED + b"\r\n" + b"1;%s\r\nx\r\n" % (b"x" * 900) * 400,
    ],
)
def test_unsound_http_is_refused(reply: bytes, server: object, make_fetcher: Callable) -> None:
    """Broken, contradictory, endless and swollen answers end the fetch; nothing of them is told."""
    server.replies["/"] = reply
    with pytest.raises(MalformedResponseError) as caught:
        make_fetcher(server, max_bytes=10_000).fetch(server.url("/"))
    assert "secret" not in str(caught.value)


def drip(head: bytes, piece: bytes) -> Callable[..., None]:
    """Return what sends a head, then a piece now and then, until the other side hangs up."""

    def send(connection: object) -> None:
        connection.sendall(head)
        for _ in range(200):
            connection.sendall(piece)
            time.sleep(0.03)

    return send


@pytest.mark.parametrize(
    "reply",
    [
        drip(b"", b"H"),
        drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        drip(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        drip(BEGIN + b"Content-Length: 900\r\n\r\n", b"x"),
        drip(CHUNKED + b"\r\n", b"1\r\nx\r\n"),
        drip(CHUNKED + b"\r\n0\r\n", b"X: y\r\n"),
    ],
    ids=["status", "headers", "interim", "body", "chunks", "trailers"],
)
def test_a_slow_drip_is_cut(reply: object, server: object, make_fetcher: Callable) -> None:
    """A server that always sends a little more is cut when the time for the whole is over."""
    server.replies["/"] = reply
    begun = time.monotonic()
    with pytest.raises(TimedOutError, match="too long"):
        make_fetcher(server, clock=SystemClock(), host_delay=0, max_seconds=0.3).fetch(server.url("/"))
    assert time.monotonic() - begun < 3


def test_all_hops_share_one_time(server: object, make_fetcher: Callable) -> None:
    """Redirects do not begin the time anew."""

    def late(connection: object) -> None:
        time.sleep(0.15)
        connection.sendall(moved("/"))

    server.replies["/"] = late
    begun = time.monotonic()
    with pytest.raises(TimedOutError):
        make_fetcher(server, clock=SystemClock(), host_delay=0, max_seconds=0.4).fetch(server.url("/"))
    assert time.monotonic() - begun < 3


def test_a_slow_resolver_is_cut() -> None:
    """Looking a name up is part of the time for the whole."""
    slow = SystemResolver(lambda _host: time.sleep(1) or ["1.1.1.1"])
    with pytest.raises(TimedOutError, match="host"):
        Fetcher(Policy(max_seconds=0.1), resolver=slow).fetch("http://good.test/")


def test_waiting_for_a_turn_does_not_count(server: object, make_fetcher: Callable, make_page: Callable) -> None:
    """A host that wants half a minute between requests is waited for, though a fetch may take less."""
    server.replies["/robots.txt"] = make_page(b"User-agent: *\nCrawl-delay: 30", content_type="text/plain")
    server.replies["/"] = make_page()
    assert make_fetcher(server, max_seconds=5).fetch(server.url("/")).body == BODY


def test_unreachable_hosts_are_told(server: object, make_fetcher: Callable, free_port: int) -> None:
    """A closed port and a name without an address are told apart, with the URL and what to do."""
    fetcher = make_fetcher(server, ports=(free_port,))
    with pytest.raises(ConnectionFailedError, match=f"good.test:{free_port}.*try again"):
        fetcher.fetch(f"http://good.test:{free_port}/")
    with pytest.raises(UnresolvedError, match="spelling"):
        fetcher.fetch(f"http://nowhere.test:{free_port}/")


@pytest.mark.parametrize("allowed", ["127.0.0.1", "127.0.0.0/8", "good.test"])
def test_what_is_allowed_is_fetched(allowed: str, server: object, make_fetcher: Callable, make_page: Callable) -> None:
    """A private host is fetched from by name, address or network, where the policy names it, and only there."""
    server.replies["/"] = make_page()
    assert make_fetcher(server, allow_private=(allowed,)).fetch(server.url("/")).body == BODY
    with pytest.raises(AddressRefusedError, match="PULLQUOTE_FETCH_PRIVATE_HOSTS"):
        make_fetcher(server, allow_private=()).fetch(server.url("/"))
    assert len(server.requests) == 2


@pytest.mark.parametrize("address", ["169.254.169.254", "fd00:ec2::254", "::ffff:169.254.169.254"])
def test_an_allowed_name_does_not_open_metadata(address: str, clock: FakeClock, dialled: list[object]) -> None:
    """A host that the policy names is still not followed to where a cloud tells secrets."""
    policy = Policy(allow_private=("good.test", "169.254.0.0/16", "fd00::/8"))
    with pytest.raises(AddressRefusedError):
        Fetcher(policy, resolver=FakeResolver({"good.test": [[address]]}), clock=clock).fetch("http://good.test/")
    assert dialled == []


@pytest.mark.parametrize(
    "url", ["http://user:secret@good.test/", "http://good.test:1/\x1b[31m", "http://10.0.0.1/", "ftp://good.test/"]
)
def test_messages_name_the_url_safely(url: str, clock: FakeClock) -> None:
    """What is refused is named, without credentials and without what a terminal obeys."""
    with pytest.raises(FetchError) as caught:
        Fetcher(clock=clock, resolver=FakeResolver({})).fetch(url)
    message = str(caught.value)
    assert message.isprintable()
    assert "secret" not in message
    assert url.rpartition("@")[2].rpartition("//")[2][:8] in message


def test_an_answer_of_a_private_address_is_not_told(clock: FakeClock) -> None:
    """Whether a name is private, loopback or metadata is not told, so that nobody maps a network by fetching."""
    messages = set()
    for address in ("10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "fc00::1"):
        with pytest.raises(AddressRefusedError) as caught:
            Fetcher(clock=clock, resolver=FakeResolver({"a.test": [[address]]})).fetch("http://a.test/")
        messages.add(str(caught.value))
    assert len(messages) == 1


def test_several_threads_may_fetch(server: object, make_fetcher: Callable, make_page: Callable) -> None:
    """One fetcher serves several threads, and keeps their requests apart."""
    server.replies["/"] = make_page()
    fetcher = make_fetcher(server, clock=SystemClock(), host_delay=0.02)
    begun = time.monotonic()
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(fetcher.fetch, [server.url("/")] * 16))
    assert {one.body for one in found} == {BODY}
    assert time.monotonic() - begun > 16 * 0.02
