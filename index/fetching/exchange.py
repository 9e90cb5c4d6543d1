"""One request to one checked route, and its answer; httpcore's errors become ours here and nowhere else.

httpcore is used without a pool and without httpx: neither proxies and certificates of the environment, nor netrc, nor
cookies have a way in, and no connection outlives its request.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpcore

from index.fetching.connecting import CheckedBackend
from index.fetching.decoding import PackingError, encodings, unpacker
from index.fetching.errors import (
    CertificateError,
    ConnectionFailedError,
    ContentEncodingError,
    FetchError,
    MalformedResponseError,
    TimedOutError,
    TooLargeError,
    shown,
)
from index.fetching.headers import Headers, read_headers
from index.fetching.policy import Policy
from index.fetching.resolving import Route
from index.fetching.timing import Deadline
from index.fetching.tls import Trust
from index.fetching.urls import Url

__all__ = ["FOREIGN", "Answer", "Wanted", "request"]

_OK = 200
_FRAMING = 262_144

FOREIGN: tuple[tuple[type[Exception], type[FetchError], str], ...] = (
    (
        ssl.SSLCertVerificationError,
        CertificateError,
        "its server's certificate does not prove its name; tell its owner",
    ),
    (httpcore.TimeoutException, TimedOutError, "took too long; try again later, or raise max_seconds of the policy"),
    (httpcore.ProtocolError, MalformedResponseError, "the answer is not sound HTTP; try again later"),
    (httpcore.NetworkError, ConnectionFailedError, "its server cannot be reached or hung up; try again later"),
    (httpcore.ProxyError, ConnectionFailedError, "its server cannot be reached; try again later"),
    (httpcore.UnsupportedProtocol, ConnectionFailedError, "its server cannot be reached; give http or https"),
    (httpcore.ConnectionNotAvailable, ConnectionFailedError, "its server cannot be reached; try again later"),
    # h11 0.16 reads a Content-Length of more digits than Python makes a number of
    (ValueError, MalformedResponseError, "the answer is not sound HTTP; try again later"),
)
"""Errors of others, what they are to us, and what is said; the first row that fits counts."""


@dataclass(frozen=True)
class Wanted:
    """What the body of an answer may be: media types (None for any), and bytes as sent and as unpacked.

    With `cut`, what goes past the bound is left unread; otherwise it refuses the whole.
    """

    types: tuple[str, ...] | None
    max_bytes: int
    cut: bool = False


@dataclass(frozen=True)
class Answer:
    """The answer of a server; a body was read for status 200 only."""

    status: int
    headers: Headers
    body: bytes = b""


def request(
    route: Route,
    headers: dict[str, str],
    wanted: Wanted,
    *,
    policy: Policy,
    deadline: Deadline,
    trust: Trust,
) -> Answer:
    """GET a route's URL. Raises FetchError."""
    url = route.url
    sent = {"Host": url.netloc, **headers, "Accept-Encoding": ", ".join(encodings()), "Connection": "close"}
    asked = httpcore.Request(
        "GET",
        httpcore.URL(scheme=url.scheme, host=url.host, port=url.port, target=url.target),
        headers=list(sent.items()),
    )
    ssl_context = trust.context() if url.scheme == "https" else None
    backend = CheckedBackend(route, deadline, 2 * wanted.max_bytes + _FRAMING)
    with (
        _translated(url),
        httpcore.HTTPConnection(asked.url.origin, ssl_context=ssl_context, network_backend=backend) as connection,
    ):
        response = connection.handle_request(asked)
        found = read_headers(url, response.headers, policy)
        body = _body(response, found, wanted, deadline) if response.status == _OK else b""
        return Answer(response.status, found, body)


def _body(response: httpcore.Response, headers: Headers, wanted: Wanted, deadline: Deadline) -> bytes:
    """Read a body to its end, unpacking as it comes. Raises FetchError."""
    if wanted.types is not None:
        headers.content_type(wanted.types)
    unpacking = unpacker(headers.encoding())
    if not wanted.cut and (headers.length() or 0) > wanted.max_bytes:
        raise _too_large(headers.url, wanted)
    sent, body = 0, bytearray()
    try:
        for piece in response.iter_stream():
            if deadline.remaining() <= 0:  # many small chunks can be at hand without a further read
                raise httpcore.ReadTimeout("the time for the whole fetch is over")
            sent += len(piece)
            body += unpacking.feed(piece, wanted.max_bytes - len(body))
            if max(sent, len(body)) > wanted.max_bytes:
                if wanted.cut:
                    return bytes(body[: wanted.max_bytes])
                raise _too_large(headers.url, wanted)
        unpacking.finish()
    except PackingError as exc:
        raise ContentEncodingError(f"{shown(str(headers.url))}: its packing is broken; try again later") from exc
    return bytes(body)


def _too_large(url: Url, wanted: Wanted) -> TooLargeError:
    return TooLargeError(
        f"{shown(str(url))}: is larger than {wanted.max_bytes:,} bytes, as sent or unpacked; "
        "raise max_bytes of the policy, or add a smaller copy"
    )


@contextmanager
def _translated(url: Url) -> Iterator[None]:
    kinds = tuple(kind for kind, _, _ in FOREIGN)
    try:
        yield
    except kinds as exc:
        ours, text = next((ours, text) for kind, ours, text in FOREIGN if isinstance(exc, kind))
        raise ours(f"{shown(str(url))}: {text}") from exc
