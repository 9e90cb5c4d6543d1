import contextlib
import ipaddress
import socket
import time

import httpcore
import pytest

from index.fetching import FakeClock
from index.fetching.connecting import CheckedBackend
from index.fetching.resolving import Route
from index.fetching.timing import Deadline, SystemClock
from index.fetching.urls import Url


@pytest.fixture
def listener() -> socket.socket:
    """Return a socket that listens on loopback and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def backend(port: int, *addresses: str, seconds: float = 5, max_bytes: int = 1_000) -> CheckedBackend:
    """Return a backend with a route for good.test."""
    route = Route(Url("http", "good.test", port, "/"), tuple(map(ipaddress.ip_address, addresses)))
    return CheckedBackend(route, Deadline(SystemClock(), seconds), max_bytes)


def test_the_checked_address_is_connected_to(listener: socket.socket, dialled: list[object]) -> None:
    """A host is reached by the address of the route, without a look-up."""
    port = listener.getsockname()[1]
    with contextlib.closing(backend(port, "127.0.0.1").connect_tcp("good.test", port)):
        assert dialled == [("127.0.0.1", port)]


@pytest.mark.parametrize("host", ["127.0.0.1", "other.test", "good.test."])
def test_another_host_is_not_connected_to(host: str, listener: socket.socket, dialled: list[object]) -> None:
    """Whoever asks for what was not checked gets no connection."""
    port = listener.getsockname()[1]
    with pytest.raises(httpcore.ConnectError):
        backend(port, "127.0.0.1").connect_tcp(host, port)
    with pytest.raises(httpcore.ConnectError):
        backend(port, "127.0.0.1").connect_tcp("good.test", port + 1)
    with pytest.raises(httpcore.ConnectError):
        backend(port, "127.0.0.1").connect_unix_socket("/run/x")
    assert dialled == []


def test_the_next_address_is_tried(listener: socket.socket, dialled: list[object]) -> None:
    """Addresses that do not answer are passed over; when none answers, that is the error."""
    port = listener.getsockname()[1]
    backend(port, "127.0.0.9", "127.0.0.1").connect_tcp("good.test", port).close()
    assert dialled == [("127.0.0.9", port), ("127.0.0.1", port)]
    for addresses in (("127.0.0.9", "127.0.0.8"), ()):
        with pytest.raises(httpcore.ConnectError):
            backend(port, *addresses).connect_tcp("good.test", port)


def test_reading_ends_with_the_time_of_the_whole(listener: socket.socket) -> None:
    """A timeout of the operation's own does not lengthen the fetch, and none is begun when time is over."""
    port = listener.getsockname()[1]
    stream = backend(port, "127.0.0.1", seconds=0.1).connect_tcp("good.test", port)
    begun = time.monotonic()
    with contextlib.closing(stream):
        for _ in range(2):
            with pytest.raises(httpcore.ReadTimeout):
                stream.read(100, timeout=60)
        with pytest.raises(httpcore.WriteTimeout):
            stream.write(b"x", timeout=60)
    assert time.monotonic() - begun < 3


def test_connecting_ends_with_the_time_of_the_whole(dialled: list[object]) -> None:
    """When time is over before a connection is begun, none is."""
    route = Route(Url("http", "good.test", 80, "/"), (ipaddress.ip_address("127.0.0.1"),))
    with pytest.raises(httpcore.ConnectTimeout):
        CheckedBackend(route, Deadline(FakeClock(), 0), 1).connect_tcp("good.test", 80)
    assert dialled == []


def test_what_arrives_is_counted(listener: socket.socket) -> None:
    """No more bytes are read than the answer can need, whatever they are."""
    port = listener.getsockname()[1]
    stream = backend(port, "127.0.0.1", max_bytes=150).connect_tcp("good.test", port)
    with contextlib.closing(stream), listener.accept()[0] as peer:
        peer.sendall(b"x" * 1_000)
        assert len(stream.read(100)) + len(stream.read(100)) == 150
        with pytest.raises(httpcore.RemoteProtocolError):
            stream.read(100)
        assert stream.get_extra_info("socket") is None


def test_a_broken_connection_is_told(listener: socket.socket) -> None:
    """Errors of the socket are httpcore's to those who use it."""
    port = listener.getsockname()[1]
    stream = backend(port, "127.0.0.1").connect_tcp("good.test", port)
    stream.close()
    with pytest.raises(httpcore.ReadError):
        stream.read(1)
    with pytest.raises(httpcore.WriteError):
        stream.write(b"x")
