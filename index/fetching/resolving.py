"""Names to addresses: asked once, every address of the answer checked, and the checked ones handed on.

Whoever connects uses what stands in the Route; no name is looked up a second time, so that a DNS server which answers
differently the next time (rebinding) changes nothing.
"""

import ipaddress
import queue
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.fetching.addresses import Allowance, is_public
from index.fetching.errors import AddressRefusedError, TimedOutError, UnresolvedError, shown
from index.fetching.timing import Deadline
from index.fetching.urls import Address, Url

__all__ = ["FakeResolver", "Resolver", "Route", "SystemResolver", "find_route"]


class Resolver(Protocol):
    """Look up the addresses of a host name."""

    def addresses(self, host: str, timeout: float) -> Sequence[str]:
        """Return the addresses as text. Raises TimeoutError after `timeout` seconds, OSError if there is none."""
        ...


class SystemResolver:
    """The resolver of this machine.

    `getaddrinfo` cannot be interrupted, so each look-up has a thread of its own that is left behind when time is over;
    `at_once` bounds how many there can be.
    """

    def __init__(self, lookup: Callable[[str], Sequence[str]] | None = None, at_once: int = 16) -> None:
        self._lookup = lookup or _look_up
        self._slots = threading.BoundedSemaphore(at_once)

    def addresses(self, host: str, timeout: float) -> Sequence[str]:
        """Return the addresses as text. Raises TimeoutError after `timeout` seconds, OSError if there is none."""
        end = time.monotonic() + timeout
        if not self._slots.acquire(timeout=timeout):
            raise TimeoutError("too many look-ups are waiting for an answer")
        answers: queue.SimpleQueue[Sequence[str] | OSError] = queue.SimpleQueue()
        threading.Thread(target=self._answer, args=(host, answers), name="pullquote-resolve", daemon=True).start()
        try:
            answer = answers.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty as exc:
            raise TimeoutError("the look-up took too long") from exc
        if isinstance(answer, OSError):
            raise answer
        return answer

    def _answer(self, host: str, answers: "queue.SimpleQueue[Sequence[str] | OSError]") -> None:
        try:
            answers.put(self._lookup(host))
        except OSError as exc:
            answers.put(exc)
        except UnicodeError as exc:
            answers.put(OSError(str(exc)))
        finally:
            self._slots.release()


class FakeResolver:
    """A resolver for tests: each name has a list of answers, the last of which is given again; `asked` counts."""

    def __init__(self, answers: Mapping[str, Sequence[Sequence[str]]], otherwise: Sequence[str] = ()) -> None:
        self._answers = {name: list(rows) for name, rows in answers.items()}
        self._otherwise = otherwise
        self.asked: list[str] = []

    def addresses(self, host: str, timeout: float) -> Sequence[str]:
        """Return the next answer for `host`."""
        del timeout
        self.asked.append(host)
        rows = self._answers.get(host)
        answer = self._otherwise if rows is None else rows.pop(0) if len(rows) > 1 else rows[0]
        if not answer:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return answer


@dataclass(frozen=True)
class Route:
    """A URL, and the checked addresses of its host in the order in which they are tried."""

    url: Url
    addresses: tuple[Address, ...]


def find_route(url: Url, resolver: Resolver, allowance: Allowance, deadline: Deadline) -> Route:
    """Look up a URL's host and check every address of the answer: one bad one refuses all.

    Raises AddressRefusedError, UnresolvedError or TimedOutError.
    """
    literal = url.address
    addresses = [literal] if literal else [_parsed(text) for text in _asked(url, resolver, deadline)]
    checked = [
        address for address in addresses if address and (is_public(address) or allowance.covers(url.host, address))
    ]
    if len(checked) != len(addresses):
        raise AddressRefusedError(
            f"{shown(str(url))}: its host leads to this machine, a private network or a special address, "
            "which are not fetched from; if it is yours, name it in PULLQUOTE_FETCH_PRIVATE_HOSTS"
        )
    return Route(url, tuple(dict.fromkeys(checked)))


def _asked(url: Url, resolver: Resolver, deadline: Deadline) -> Sequence[str]:
    try:
        answer = resolver.addresses(url.host, max(0.0, deadline.remaining()))
    except TimeoutError as exc:
        raise TimedOutError(f"{shown(str(url))}: looking up its host took too long; try again later") from exc
    except OSError as exc:
        raise _unresolved(url) from exc
    if not answer:
        raise _unresolved(url)
    return answer


def _unresolved(url: Url) -> UnresolvedError:
    return UnresolvedError(f"{shown(str(url))}: its host name has no address; check its spelling and the DNS")


def _parsed(text: str) -> Address | None:
    """Return an address, or None for a scoped one and for what is none."""
    try:
        return None if "%" in text else ipaddress.ip_address(text)
    except ValueError:
        return None


def _look_up(host: str) -> list[str]:
    found = socket.getaddrinfo(host.encode("ascii"), None, type=socket.SOCK_STREAM)
    return [_text(row[4]) for row in found]


def _text(sockaddr: tuple[object, ...]) -> str:
    """Return the address of a socket address, with its zone where it has one."""
    address = str(sockaddr[0])
    scoped = len(sockaddr) > 3 and sockaddr[3] and "%" not in address  # noqa: PLR2004  (an IPv6 address has four parts)
    return f"{address}%{sockaddr[3]}" if scoped else address
