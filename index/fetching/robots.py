"""robots.txt: fetched as safely as everything else, and remembered for an hour."""

import threading
from dataclasses import dataclass

from index.fetching.errors import (
    ConnectionFailedError,
    FetchError,
    RobotsRefusedError,
    RobotsUnreachableError,
    TimedOutError,
    shown,
)
from index.fetching.exchange import Wanted
from index.fetching.following import Follower
from index.fetching.policy import Policy
from index.fetching.resolving import Route
from index.fetching.robots_rules import ALLOW_ALL, DISALLOW_ALL, RobotsRules, parse_robots
from index.fetching.timing import Clock, Deadline

__all__ = ["Robots"]

_PATH = "/robots.txt"
_WANTED = Wanted(None, 512_000, cut=True)
_HOUR = 3_600.0
_SOON = 300.0
_REMEMBERED = 1_000


@dataclass(frozen=True)
class _Known:
    rules: RobotsRules
    until: float


class Robots:
    """The robots.txt files of all origins that were fetched from; safe for several threads.

    RFC 9309: status 4xx allows everything; 5xx, and an origin that answers with anything else or nothing, forbids
    everything for now, which is five minutes here. A file is read for its first 500 KiB.
    """

    def __init__(self, agent: str, headers: dict[str, str], policy: Policy, follower: Follower, clock: Clock) -> None:
        self._agent = agent
        self._headers = headers
        self._policy = policy
        self._follower = follower
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, _Known] = {}

    def gate(self, route: Route, deadline: Deadline) -> float:
        """Return the seconds between requests to a route's host.

        Raises RobotsError; ConnectionFailedError or TimedOutError if the origin cannot be asked for its rules.
        """
        rules = self._rules(route, deadline)
        shown_url = shown(str(route.url))
        if rules is DISALLOW_ALL:
            raise RobotsUnreachableError(
                f"{shown_url}: the site's robots.txt cannot be read, which forbids fetching for now; try again later"
            )
        if not rules.allows(route.url.target):
            raise RobotsRefusedError(
                f"{shown_url}: the site's robots.txt forbids it to programs; save the article yourself and add the file"
            )
        return min(max(self._policy.host_delay, rules.delay), self._policy.max_host_delay)

    def _rules(self, route: Route, deadline: Deadline) -> RobotsRules:
        origin = route.url.origin
        with self._lock:
            known = self._known.get(origin)
        if known is not None and self._clock.monotonic() < known.until:
            return known.rules
        rules = self._fetch(route, deadline)
        with self._lock:
            self._known.pop(origin, None)
            self._known[origin] = _Known(rules, self._clock.monotonic() + (_SOON if rules is DISALLOW_ALL else _HOUR))
            if len(self._known) > _REMEMBERED:
                del self._known[next(iter(self._known))]
        return rules

    def _fetch(self, route: Route, deadline: Deadline) -> RobotsRules:
        try:
            answer = self._follower.follow(
                Route(route.url.at(_PATH), route.addresses), self._headers, _WANTED, self._delay, deadline
            ).answer
        except (ConnectionFailedError, TimedOutError):
            raise  # said as it is, and not remembered: the hops before may have taken the time
        except FetchError:
            return DISALLOW_ALL
        if 400 <= answer.status < 500:  # noqa: PLR2004  (the family of the client's errors)
            return ALLOW_ALL
        if answer.status != 200:  # noqa: PLR2004
            return DISALLOW_ALL
        return parse_robots(answer.body.decode("utf-8", "replace"), self._agent)

    def _delay(self, route: Route, deadline: Deadline) -> float:
        del route, deadline
        return self._policy.host_delay
