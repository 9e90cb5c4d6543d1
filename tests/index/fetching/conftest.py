"""A server on loopback that sends what it is told byte by byte, a listener that counts, and fetchers that know both."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from index.fetching import FakeClock, FakeResolver, Fetcher, Policy

GOOD = "good.test"
Reply = bytes | Callable[[socket.socket], None]


def page(
    body: bytes = b"<p>The ferry sails.</p>",
    *headers: str,
    status: str = "200 OK",
    content_type: str | None = "text/html",
) -> bytes:
    """Return an answer as it goes over the wire; `headers` are further lines."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    if content_type is not None:
        lines.append(f"Content-Type: {content_type}")
    return "\r\n".join([*lines, "", ""]).encode() + body


class Server:
    """Answers requests one after another, by path; `requests` holds the heads that came, `names` the SNI of TLS."""

    def __init__(self, host: str = "127.0.0.1", context: ssl.SSLContext | None = None) -> None:
        self.listener = socket.create_server((host, 0), reuse_port=True)
        self.port: int = self.listener.getsockname()[1]
        self.replies: dict[str, Reply] = {}
        self.requests: list[str] = []
        self.names: list[str | None] = []
        self.context = context
        if context is not None:
            context.sni_callback = lambda _socket, name, _context: self.names.append(name)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    @property
    def paths(self) -> list[str]:
        """Return the paths that were asked for, in order."""
        return [head.split(" ")[1] for head in self.requests]

    def url(self, path: str = "/", host: str = GOOD) -> str:
        """Return a URL of this server."""
        return f"http{'s' if self.context else ''}://{host}:{self.port}{path}"

    def reset(self) -> None:
        """Forget replies and requests."""
        self.replies.clear()
        self.requests.clear()

    def close(self) -> None:
        """Stop, when the request in work has been answered."""
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):  # a client that hangs up is what half of the tests are about
                connection.settimeout(5)
                if self.context is None:
                    self._answer(connection)
                else:
                    with self.context.wrap_socket(connection, server_side=True) as wrapped:
                        self._answer(wrapped)

    def _answer(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            if not (data := connection.recv(65_536)):
                return
            head += data
            if not head.startswith(b"GET "):  # a TLS handshake, to a server that knows none
                return
        self.requests.append(head.decode("latin-1"))
        reply = self.replies.get(self.paths[-1], page(status="404 Not Found"))
        if callable(reply):
            reply(connection)
        else:
            connection.sendall(reply)


class Canary:
    """Listens on every address of this machine, at one port, and must never be connected to."""

    def __init__(self, port: int) -> None:
        self.listeners = [socket.create_server(("0.0.0.0", port), reuse_port=True)]  # noqa: S104  (it is the victim)
        with suppress(OSError):  # machines without IPv6
            self.listeners.append(socket.create_server(("::", port), family=socket.AF_INET6))
        self.accepted = 0
        for listener in self.listeners:
            listener.setblocking(False)

    def count(self) -> int:
        """Return how many connections came; the kernel has accepted them before a client knows of it."""
        for listener in self.listeners:
            with suppress(BlockingIOError):
                while True:
                    listener.accept()[0].close()
                    self.accepted += 1
        return self.accepted

    def close(self) -> None:
        """Stop."""
        for listener in self.listeners:
            listener.close()


@pytest.fixture(scope="session")
def make_page() -> Callable[..., bytes]:
    """Return what makes an answer as it goes over the wire."""
    return page


@pytest.fixture
def run_server() -> Iterator[Callable[..., Server]]:
    """Return what starts servers, to be stopped at the end."""
    servers: list[Server] = []

    def run(host: str = "127.0.0.1", context: ssl.SSLContext | None = None) -> Server:
        servers.append(Server(host, context))
        return servers[-1]

    yield run
    for server in servers:
        server.close()


@pytest.fixture
def server(run_server: Callable[..., Server]) -> Server:
    """Return a server of this test's own, known as good.test."""
    return run_server()


def set_trap() -> Iterator[tuple[Server, Canary]]:
    """Run a good server on 127.0.0.2, and a canary on all other addresses at the same port."""
    server = Server("127.0.0.2")
    canary = Canary(server.port)
    yield server, canary
    canary.close()
    server.close()


trap = pytest.fixture(scope="module")(set_trap)
own_trap = pytest.fixture(set_trap)


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock on which time passes by sleeping only."""
    return FakeClock()


@pytest.fixture
def make_fetcher(clock: FakeClock) -> Callable[..., Fetcher]:
    """Return what makes a fetcher that may fetch from a server of these tests, on a clock that does not run."""

    def make(
        server: Server,
        *,
        answers: dict[str, Sequence[Sequence[str]]] | None = None,
        contact: str | None = None,
        clock: object = clock,
        ssl_context: ssl.SSLContext | None = None,
        **policy: object,
    ) -> Fetcher:
        bounds = {"ports": (server.port,), "allow_private": (GOOD,), **policy}
        resolver = FakeResolver({GOOD: [["127.0.0.1"]], **(answers or {})})
        return Fetcher(Policy(**bounds), contact=contact, resolver=resolver, clock=clock, ssl_context=ssl_context)

    return make


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return the addresses that sockets were told to connect to, whether they exist or not."""
    addresses: list[object] = []
    connect = socket.socket.connect

    def noted(self: socket.socket, address: object) -> None:
        addresses.append(address)
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", noted)
    return addresses


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a self-signed certificate for good.test and 127.0.0.2, and return the file that holds it and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, GOOD)])
    names = x509.SubjectAlternativeName([x509.DNSName(GOOD), x509.IPAddress(ipaddress.ip_address("127.0.0.2"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=2))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = tmp_path_factory.mktemp("certificate") / "self_signed.pem"
    file.write_bytes(key.private_bytes(*form) + made.public_bytes(serialization.Encoding.PEM))
    return file
