import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from index.fetching.errors import CertificateError, ConnectionFailedError, RedirectRefusedError, TimedOutError


@pytest.fixture
def secure(run_server: Callable, certificate: Path, make_page: Callable) -> object:
    """Return an https server with a certificate for good.test that nobody signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = run_server(context=context)
    server.replies["/"] = make_page()
    return server


@pytest.fixture
def trusting(certificate: Path) -> ssl.SSLContext:
    """Return a context that trusts that certificate."""
    return ssl.create_default_context(cafile=str(certificate))


def test_a_self_signed_certificate_is_refused(secure: object, make_fetcher: Callable) -> None:
    """A certificate that no authority stands for ends the fetch before anything is asked for."""
    with pytest.raises(CertificateError, match="certificate"):
        make_fetcher(secure).fetch(secure.url("/"))
    assert secure.requests == []


def test_the_name_is_checked_and_sent(
    secure: object, make_fetcher: Callable, trusting: ssl.SSLContext, dialled: list[object]
) -> None:
    """The connection goes to the checked address; the server and the certificate are asked for the host's name."""
    assert make_fetcher(secure, ssl_context=trusting).fetch(secure.url("/")).url == secure.url("/")
    assert set(dialled) == {("127.0.0.1", secure.port)}
    assert set(secure.names) == {"good.test"}
    assert all(f"Host: good.test:{secure.port}" in head for head in secure.requests)


@pytest.mark.parametrize("host", ["other.test", "127.0.0.1"])
def test_a_certificate_for_another_name_is_refused(
    host: str, secure: object, make_fetcher: Callable, trusting: ssl.SSLContext
) -> None:
    """A trusted certificate must be for the host of the URL, be it a name or an address."""
    fetcher = make_fetcher(
        secure, ssl_context=trusting, answers={"other.test": [["127.0.0.1"]]}, allow_private=("127.0.0.1",)
    )
    with pytest.raises(CertificateError):
        fetcher.fetch(secure.url("/", host=host))
    assert secure.requests == []


def test_https_does_not_lead_to_http(
    secure: object, run_server: Callable, make_fetcher: Callable, trusting: ssl.SSLContext, dialled: list[object]
) -> None:
    """A redirect from https to http is refused before anything is sent there."""
    plain = run_server()
    secure.replies["/"] = f"HTTP/1.1 302 F\r\nContent-Length: 0\r\nLocation: {plain.url('/')}\r\n\r\n".encode()
    fetcher = make_fetcher(secure, ssl_context=trusting, ports=(secure.port, plain.port))
    with pytest.raises(RedirectRefusedError, match="https to http"):
        fetcher.fetch(secure.url("/"))
    assert set(dialled) == {("127.0.0.1", secure.port)}


def test_http_may_lead_to_https(
    secure: object, server: object, make_fetcher: Callable, trusting: ssl.SSLContext
) -> None:
    """The other way round is how most sites begin."""
    server.replies["/"] = f"HTTP/1.1 301 M\r\nContent-Length: 0\r\nLocation: {secure.url('/')}\r\n\r\n".encode()
    found = make_fetcher(secure, ssl_context=trusting, ports=(secure.port, server.port)).fetch(server.url("/"))
    assert (found.url, found.redirects) == (secure.url("/"), (server.url("/"),))


def test_a_server_without_tls_is_told(server: object, make_fetcher: Callable) -> None:
    """A port that speaks no TLS is a connection that failed."""
    with pytest.raises(ConnectionFailedError):
        make_fetcher(server).fetch(server.url("/").replace("http:", "https:"))


def test_a_handshake_has_no_time_of_its_own(server: object, make_fetcher: Callable) -> None:
    """A server that accepts and then never shakes hands is cut when the time for the whole is over."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server.port = silent.getsockname()[1]
        with pytest.raises(TimedOutError):
            make_fetcher(server, max_seconds=0.2).fetch(server.url("/").replace("http:", "https:"))


@pytest.mark.parametrize("weaken", ["check_hostname", "verify_mode"])
def test_a_context_that_does_not_check_is_refused(weaken: str, server: object, make_fetcher: Callable) -> None:
    """Nobody can switch the check of certificates or names off."""
    context = ssl.create_default_context()
    context.check_hostname = False
    if weaken == "verify_mode":
        context.verify_mode = ssl.CERT_NONE
    with pytest.raises(ValueError, match="must check"):
        make_fetcher(server, ssl_context=context)
