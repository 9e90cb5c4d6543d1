"""Redirects, each hop of which is looked up, checked, paced and asked like the first."""

from collections.abc import Callable
from dataclasses import dataclass

from index.fetching.addresses import Allowance
from index.fetching.errors import RedirectRefusedError, shown
from index.fetching.exchange import Answer, Wanted, request
from index.fetching.policy import Policy
from index.fetching.resolving import Resolver, Route, find_route
from index.fetching.timing import Clock, Deadline, Pace
from index.fetching.tls import Trust
from index.fetching.urls import Url, join_url

__all__ = ["Followed", "Follower", "Gate"]

_REDIRECTS = (301, 302, 303, 307, 308)

Gate = Callable[[Route, Deadline], float]
"""Say how many seconds lie between requests to a route's host, or raise if its URL may not be fetched."""


@dataclass(frozen=True)
class Followed:
    """The answer at the end of redirects, and the URLs that led there."""

    url: Url
    redirects: tuple[str, ...]
    answer: Answer


class Follower:
    """Request URLs and follow where they lead; safe for several threads."""

    def __init__(self, policy: Policy, resolver: Resolver, clock: Clock, trust: Trust) -> None:
        self._policy = policy
        self._resolver = resolver
        self._allowance = Allowance.of(policy.allow_private)
        self._pace = Pace(clock)
        self._trust = trust

    def route(self, url: Url, deadline: Deadline) -> Route:
        """Look up and check a URL's host. Raises FetchError."""
        return find_route(url, self._resolver, self._allowance, deadline)

    def follow(self, route: Route, headers: dict[str, str], wanted: Wanted, gate: Gate, deadline: Deadline) -> Followed:
        """Request a route and what it leads to, at most `max_redirects` further. Raises FetchError."""
        passed: list[str] = []
        while True:
            delay = gate(route, deadline)
            self._pace.wait(route.url.host, delay, deadline)
            answer = request(route, headers, wanted, policy=self._policy, deadline=deadline, trust=self._trust)
            if answer.status not in _REDIRECTS:
                return Followed(route.url, tuple(passed), answer)
            passed.append(str(route.url))
            route = self.route(self._target(route.url, answer, len(passed)), deadline)

    def _target(self, url: Url, answer: Answer, number: int) -> Url:
        if number > self._policy.max_redirects:
            raise RedirectRefusedError(
                f"{shown(str(url))}: redirects once more after {number - 1} times; "
                f"at most {self._policy.max_redirects} are followed, so give the address where the article is"
            )
        location = answer.headers.location()
        if not location:
            raise RedirectRefusedError(f"{shown(str(url))}: redirects without saying where; tell its owner")
        target = join_url(url, location, self._policy.ports)
        if url.scheme == "https" and target.scheme != "https":
            raise RedirectRefusedError(
                f"{shown(str(url))}: leads from https to {shown(str(target))}; if that is wanted, give that address"
            )
        return target
