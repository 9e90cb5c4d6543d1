"""Connections to checked addresses: httpcore asks for a host by name, and gets the route that was found for it.

Every read and write has the time that is left of the whole fetch, not a time of its own: a server that sends a byte now
and then is cut like one that sends none. What arrives is counted, so that headers, interim answers and the framing of
chunks have a bound too.
"""

import socket
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import httpcore

from index.fetching.resolving import Route
from index.fetching.timing import Deadline
from index.fetching.urls import Address

__all__ = ["CheckedBackend"]


class CheckedBackend(httpcore.NetworkBackend):
    """Connect to the addresses of one route, and to nothing else."""

    def __init__(self, route: Route, deadline: Deadline, max_bytes: int) -> None:
        self._route = route
        self._deadline = deadline
        self._max_bytes = max_bytes

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers; each gets its share of the time that is left."""
        del timeout, local_address, socket_options
        if (host, port) != (self._route.url.host, self._route.url.port):
            raise httpcore.ConnectError("the connection is for another host than the one that was checked")
        addresses = self._route.addresses
        for number, address in enumerate(addresses, 1):
            share = _time_left(self._deadline, httpcore.ConnectTimeout) / (len(addresses) - number + 1)
            try:
                return _Stream(_connect(address, port, share), self._deadline, self._max_bytes)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses):
                    raise
        raise httpcore.ConnectError("the route has no address")

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Refuse: there is no URL for it."""
        del timeout, socket_options
        raise httpcore.ConnectError(f"{path}: sockets of this machine are not connected to")


class _Stream(httpcore.NetworkStream):
    """A socket whose every operation has the time left until a deadline; `max_bytes` may be read in all."""

    def __init__(self, sock: socket.socket, deadline: Deadline, max_bytes: int) -> None:
        self._sock = sock
        self._deadline = deadline
        self._left = max_bytes

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there; timeouts of single operations are ignored."""
        del timeout
        if self._left <= 0:
            raise httpcore.RemoteProtocolError("the server sends more than its answer can need")
        with _translated(httpcore.ReadTimeout, httpcore.ReadError):
            self._sock.settimeout(_time_left(self._deadline, httpcore.ReadTimeout))
            data = self._sock.recv(min(max_bytes, self._left))
        self._left -= len(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of `buffer`."""
        del timeout
        rest = memoryview(buffer)
        while rest:
            with _translated(httpcore.WriteTimeout, httpcore.WriteError):
                self._sock.settimeout(_time_left(self._deadline, httpcore.WriteTimeout))
                rest = rest[self._sock.send(rest) :]

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Shake hands; the certificate must be for `server_hostname`. Raises ssl.SSLCertVerificationError."""
        del timeout
        try:
            with _translated(httpcore.ConnectTimeout, httpcore.ConnectError):
                self._sock.settimeout(_time_left(self._deadline, httpcore.ConnectTimeout))
                wrapped = ssl_context.wrap_socket(self._sock, server_hostname=server_hostname)
        except BaseException:
            self.close()
            raise
        return _Stream(wrapped, self._deadline, self._left)

    def get_extra_info(self, info: str) -> object:
        """Return None: nothing about the socket is told."""
        del info
        return None


def _connect(address: Address, port: int, timeout: float) -> socket.socket:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6  # noqa: PLR2004
    with _translated(httpcore.ConnectTimeout, httpcore.ConnectError):
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(timeout)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.connect((str(address), port))
        except BaseException:
            sock.close()
            raise
    return sock


def _time_left(deadline: Deadline, error: type[Exception]) -> float:
    """Return the seconds left; raises `error` when there are none (0 would make a socket non-blocking)."""
    left = deadline.remaining()
    if left <= 0:
        raise error("the time for the whole fetch is over")
    return left


@contextmanager
def _translated(timeout: type[Exception], failure: type[Exception]) -> Iterator[None]:
    """Raise httpcore's errors for those of a socket; what is wrong with a certificate stays as it is."""
    try:
        yield
    except ssl.SSLCertVerificationError:
        raise
    except TimeoutError as exc:
        raise timeout(str(exc)) from exc
    except OSError as exc:
        raise failure(str(exc)) from exc
