import socket
import threading
import time

import pytest

from index.fetching import FakeClock, FakeResolver
from index.fetching.addresses import Allowance
from index.fetching.errors import AddressRefusedError, TimedOutError, UnresolvedError
from index.fetching.resolving import Resolver, SystemResolver, _text, find_route
from index.fetching.timing import Deadline
from index.fetching.urls import parse_url

URL = parse_url("http://a.test/", (80,))
GOOD, BAD = "93.184.216.34", "10.0.0.1"


def route(resolver: Resolver, allowance: Allowance | None = None, url: object = URL) -> list[str]:
    """Return the addresses that are connected to."""
    found = find_route(url, resolver, allowance or Allowance(), Deadline(FakeClock(), 1))
    return [str(address) for address in found.addresses]


def test_a_name_is_asked_once() -> None:
    """All addresses of one answer are handed on, each once, in their order."""
    resolver = FakeResolver({"a.test": [[GOOD, "2606:4700::1111", GOOD], [BAD]]})
    assert route(resolver) == [GOOD, "2606:4700::1111"]
    assert resolver.asked == ["a.test"]


def test_an_address_is_not_asked_for() -> None:
    """A host that is an address needs no resolver."""
    resolver = FakeResolver({})
    assert route(resolver, url=parse_url("http://93.184.216.34/", (80,))) == [GOOD]
    assert resolver.asked == []


@pytest.mark.parametrize(
    "bad", [BAD, "127.0.0.1", "fe80::1%eth0", "2606:4700::1111%2", "127.1", "0x7f.1", "", "localhost", "1.1.1.1 "]
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_bad_address_refuses_all(bad: str, place: int) -> None:
    """An answer is refused wherever in it the bad address stands, and what is no plain address is one."""
    answer = [GOOD, "1.1.1.1"]
    answer.insert(place, bad)
    with pytest.raises(AddressRefusedError) as caught:
        route(FakeResolver({"a.test": [answer]}))
    assert bad.strip() == "" or bad.strip() not in str(caught.value).replace("http://a.test/", "")


def test_a_name_without_an_address_is_unresolved() -> None:
    """No answer is an error that says so, and so is an empty one."""

    class Empty:
        def addresses(self, host: str, timeout: float) -> list[str]:
            del host, timeout
            return []

    for resolver in (FakeResolver({}), Empty()):
        with pytest.raises(UnresolvedError, match="DNS"):
            route(resolver)


def test_an_allowed_name_may_be_private() -> None:
    """Public and allowed private addresses may stand in one answer."""
    assert route(FakeResolver({"a.test": [[GOOD, BAD]]}), Allowance.of(["a.test"])) == [GOOD, BAD]


def test_the_system_knows_localhost() -> None:
    """The resolver of this machine gives plain addresses."""
    assert set(SystemResolver().addresses("localhost", 5)) <= {"127.0.0.1", "::1"}


def test_a_slow_lookup_is_left_behind() -> None:
    """A look-up that hangs costs the time that is left, and a few of them do not stop others for good."""
    hang = threading.Event()
    resolver = SystemResolver(lambda _host: [GOOD] if hang.wait(10) else [], at_once=2)
    begun = time.monotonic()
    for _ in range(3):  # the third finds no free place
        with pytest.raises(TimeoutError):
            resolver.addresses("a.test", 0.05)
    assert time.monotonic() - begun < 2
    hang.set()
    assert resolver.addresses("a.test", 5) == [GOOD]


@pytest.mark.parametrize("error", [socket.gaierror(-2, "no"), UnicodeError("no")])
def test_what_a_lookup_raises_is_passed_on(error: Exception) -> None:
    """Errors of the thread are raised where the answer is awaited."""

    def look_up(_host: str) -> list[str]:
        raise error

    with pytest.raises(OSError, match="no"):
        SystemResolver(look_up).addresses("a.test", 5)


def test_time_over_is_told() -> None:
    """A look-up without an answer in time is told as that."""

    class Slow:
        def addresses(self, host: str, timeout: float) -> list[str]:
            raise TimeoutError(host, timeout)

    with pytest.raises(TimedOutError, match="try again"):
        route(Slow())


@pytest.mark.parametrize(
    ("sockaddr", "text"),
    [(("127.0.0.1", 0), "127.0.0.1"), (("::1", 0, 0, 0), "::1"), (("fe80::1", 0, 0, 2), "fe80::1%2")],
)
def test_a_zone_is_kept_to_be_refused(sockaddr: tuple[object, ...], text: str) -> None:
    """The zone of a scoped address, which the system gives apart, is not lost."""
    assert _text(sockaddr) == text
