"""The one way by which anything is fetched: a user's URL, a feed's, a sitemap's, a redirect's, a canonical's."""

import re
import ssl
from dataclasses import dataclass
from importlib.metadata import version

from index.fetching.errors import StatusError, shown
from index.fetching.exchange import Wanted
from index.fetching.following import Followed, Follower
from index.fetching.headers import is_validator
from index.fetching.policy import Policy
from index.fetching.resolving import Resolver, SystemResolver
from index.fetching.robots import Robots
from index.fetching.timing import Clock, Deadline, SystemClock
from index.fetching.tls import Trust
from index.fetching.urls import Url, parse_url

__all__ = ["Fetched", "Fetcher", "user_agent"]

_AGENT = "Pullquote"
_CONTACT = re.compile(r"https?://[\x21-\x27\x2a-\x7e]{1,200}")
_OK, _NOT_MODIFIED, _SERVER_ERRORS = 200, 304, 500


@dataclass(frozen=True)
class Fetched:
    """What was fetched. With `not_modified` the body is empty, and what the caller has is still right.

    `redirects` are the URLs that led to `url`, the one that was asked for first; `charset` is a Python name, None where
    the server names none or an unknown one; `fetched_at` is UTC as ISO 8601.
    """

    url: str
    redirects: tuple[str, ...]
    fetched_at: str
    not_modified: bool
    body: bytes = b""
    content_type: str | None = None
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None


class Fetcher:
    """Fetch URLs within a policy. Make one and keep it: it remembers robots.txt files and who was asked when.

    It blocks, and is safe for several threads. `contact` is a URL for those who wonder who fetches from them.
    """

    def __init__(
        self,
        policy: Policy | None = None,
        *,
        contact: str | None = None,
        resolver: Resolver | None = None,
        clock: Clock | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._policy = policy or Policy()
        self._clock = clock or SystemClock()
        self._headers = {"User-Agent": user_agent(contact)}
        self._follower = Follower(self._policy, resolver or SystemResolver(), self._clock, Trust(ssl_context))
        self._robots = Robots(_AGENT, self._headers, self._policy, self._follower, self._clock)
        self._wanted = Wanted(self._policy.content_types, self._policy.max_bytes)

    def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """Fetch a URL; with what an earlier fetch gave as `etag` or `last_modified`, only if it changed since.

        Raises FetchError, ValueError for an `etag` or `last_modified` that no server can have given.
        """
        conditions = _conditions(etag, last_modified)
        deadline = Deadline(self._clock, self._policy.max_seconds)
        route = self._follower.route(parse_url(url, self._policy.ports), deadline)
        headers = {**self._headers, "Accept": ", ".join(self._policy.content_types), **conditions}
        found = self._follower.follow(route, headers, self._wanted, self._robots.gate, deadline)
        return self._fetched(found, etag, last_modified, conditional=bool(conditions))

    def _fetched(self, found: Followed, etag: str | None, last_modified: str | None, *, conditional: bool) -> Fetched:
        answer = found.answer
        not_modified = answer.status == _NOT_MODIFIED and conditional
        if answer.status != _OK and not not_modified:
            raise _status_error(found.url, answer.status)
        headers = answer.headers
        return Fetched(
            url=str(found.url),
            redirects=found.redirects,
            fetched_at=self._clock.utc_now().isoformat(timespec="seconds"),
            not_modified=not_modified,
            body=answer.body,
            content_type=None if not_modified else headers.content_type(self._policy.content_types),
            charset=None if not_modified else headers.charset(),
            etag=headers.validator("etag") or (etag if not_modified else None),
            last_modified=headers.validator("last-modified") or (last_modified if not_modified else None),
        )


def user_agent(contact: str | None = None) -> str:
    """Return how Pullquote names itself. Raises ValueError for a contact that is no URL."""
    name = f"{_AGENT}/{version('pullquote')}"
    if contact is None:
        return name
    if not _CONTACT.fullmatch(contact):
        raise ValueError(f"{contact!r} is not a contact; give a plain http or https URL")
    return f"{name} (+{contact})"


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    given = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    conditions = {name: value for name, value in given.items() if value is not None}
    for name, value in conditions.items():
        if not is_validator(value):
            raise ValueError(f"{shown(value)!r} cannot be sent as {name}; give what an earlier fetch returned")
    return conditions


def _status_error(url: Url, status: int) -> StatusError:
    remedy = "try again later" if status >= _SERVER_ERRORS else "check the address"
    return StatusError(f"{shown(str(url))}: the server answered with status {status}; {remedy}", status)
