"""What only a real socket can do: lie about lengths, leave half-way, send what no client would."""

import contextlib
import time
from collections.abc import Callable

import pytest

Serve = Callable[..., object]
BODY = b'{"question": "Who led the Chinese side?"}'
LARGE = b'{"question": "' + b"x" * 50_000 + b'"}'


def chunked(body: bytes, size: int) -> bytes:
    """Cut a body into chunks of HTTP."""
    parts = [body[i : i + size] for i in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def test_lengths_are_held_whatever_is_told(serve: Serve) -> None:
    """A large body is 413 told or untold, in chunks of any size; what follows a short length is no request of ours."""
    live = serve(max_body_bytes=1_000)
    post = live.post  # type: ignore[attr-defined]
    status, reply = post("/api/ask", LARGE, f"Content-Length: {len(LARGE)}")
    assert status == 413
    assert b'"error":"body_too_large"' in reply
    for size in (10_000, 100):
        status, reply = post("/api/ask", chunked(LARGE, size), "Transfer-Encoding: chunked")
        assert status == 413
        assert b'"error":"body_too_large"' in reply
    status, _ = post("/api/ask", chunked(BODY, 7), "Transfer-Encoding: chunked")
    assert status == 200
    status, reply = post("/api/ask", LARGE, "Content-Length: 14")
    assert status in (400, 422)
    assert reply.count(b"HTTP/1.1 ") <= 2
    assert post("/api/ask", BODY, f"Content-Length: {len(BODY)}")[0] == 200


def test_a_told_length_over_the_limit_is_refused_unread(serve: Serve) -> None:
    """The refusal comes before a byte of the body was sent."""
    live = serve(max_body_bytes=1_000)
    began = time.perf_counter()
    status, reply = live.post("/api/ask", b"", "Content-Length: 99999999")  # type: ignore[attr-defined]
    assert status == 413
    assert b"X-Request-ID" in reply or b"x-request-id" in reply
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize("length", ["-1", "abc", "1e3", "0x10", "5, 5", "+41"])
def test_lengths_that_are_none_reach_no_route(live: object, length: str) -> None:
    """The server refuses a length that is no number, and goes on."""
    status, reply = live.post("/api/ask", BODY, f"Content-Length: {length}")  # type: ignore[attr-defined]
    assert status in (0, 400, 422)
    assert b'"outcome"' not in reply
    assert live.post("/api/ask", BODY, f"Content-Length: {len(BODY)}")[0] == 200  # type: ignore[attr-defined]


def test_a_client_that_leaves_within_its_body_harms_nobody(serve: Serve) -> None:
    """Half a body and then nothing: the next request is answered."""
    live = serve(max_asks=1)
    for _ in range(3):
        with live.connect() as connection:  # type: ignore[attr-defined]
            connection.sendall(
                b"POST /api/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                b'Content-Length: 500\r\n\r\n{"question": "Who'
            )
    assert live.post("/api/ask", BODY, f"Content-Length: {len(BODY)}")[0] == 200  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "head",
    [
        b"GET /api/articles HTTP/1.1\r\nHost: evil.example\r\n",
        b"GET /api/articles HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n",
        b"GET /api/articles HTTP/1.1\r\nHost: evil.example\r\nHost: 127.0.0.1\r\n",
        b"GET /api/articles HTTP/1.1\r\nHost: 127.0.0.1:8000@evil.example\r\n",
        b"GET /api/articles HTTP/1.1\r\nHost: \r\n",
        b"GET /api/articles HTTP/1.1\r\nHost: 127.0.0.1\x00evil\r\n",
        b"GET /api/articles HTTP/1.1\r\nHost: 127.0.0.1\xa0\r\n",
        b"GET /api/articles HTTP/1.1\r\nX-Forwarded-Host: 127.0.0.1\r\nHost: evil.example\r\n",
        b"GET /api/articles HTTP/1.1\r\n",
        b"GET /api/articles HTTP/1.0\r\n",
    ],
)
def test_games_with_the_host_reach_no_route(live: object, head: bytes) -> None:
    """No host, two hosts, a dressed host: refused by us or by the server, never answered."""
    status, reply = live.send(head + b"Connection: close\r\n\r\n")  # type: ignore[attr-defined]
    assert status in (400, 421)
    assert b'"articles"' not in reply


def test_a_connection_is_kept_after_a_refusal(live: object) -> None:
    """Two requests on one connection are two requests: a refusal does not spoil the next."""
    good = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    status, reply = live.send(  # type: ignore[attr-defined]
        good.replace(b"127.0.0.1", b"evil") + b"\r\n" + good + b"Connection: close\r\n\r\n"
    )
    assert status == 421
    assert reply.count(b"HTTP/1.1 200") == 1


def test_every_reply_of_the_real_server_has_an_id(live: object) -> None:
    """The id stands in replies of every kind, and the server does not name itself."""
    for line, status in (
        (b"GET /healthz HTTP/1.1", 200),
        (b"GET /nothing HTTP/1.1", 404),
        (b"GET /%FF%00?%FF=%ED%A0%80 HTTP/1.1", 404),
        (b"PUT /healthz HTTP/1.1", 405),
    ):
        found, reply = live.send(line + b"\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")  # type: ignore[attr-defined]
        assert found == status
        assert b"x-request-id: " in reply.lower()
        assert b"\r\nserver:" not in reply.lower()


def test_a_client_that_leaves_frees_its_place(serve: Serve) -> None:
    """Where only one question may be in work, the next is taken soon after the first one's client went away."""
    live = serve(chat_model="fake:hang", max_asks=1, chat_timeout_s=60.0)
    put = b'{"text": "General Zhang led the Chinese side.", "language": "en"}'
    head = b"PUT /api/articles/a HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nConnection: close\r\n"
    assert live.send(head + b"Content-Length: %d\r\n\r\n" % len(put) + put)[0] == 201  # type: ignore[attr-defined]
    first = asking(live)
    assert refused_within(live, 5)
    first.close()  # type: ignore[attr-defined]
    began = time.perf_counter()
    assert not refused_within(live, 2, until=False)
    assert time.perf_counter() - began < 2


def asking(live: object) -> object:
    """Send a question, and return the connection that waits for its answer."""
    connection = live.connect()  # type: ignore[attr-defined]
    connection.sendall(
        b"POST /api/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
    )
    return connection


def refused_within(live: object, seconds: float, *, until: bool = True) -> bool:
    """Ask again and again until a question is refused (or is not); tell whether the last one was."""
    refused = not until
    end = time.perf_counter() + seconds
    while refused is not until and time.perf_counter() < end:
        with contextlib.closing(asking(live)) as connection:  # type: ignore[type-var]
            connection.settimeout(0.2)  # type: ignore[attr-defined]
            try:
                refused = connection.recv(100).startswith(b"HTTP/1.1 503")  # type: ignore[attr-defined]
            except TimeoutError:
                refused = False
    return refused
