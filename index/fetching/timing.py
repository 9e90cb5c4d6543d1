"""Time: a clock that tests replace, the deadline of a fetch, and the pause between requests to one host."""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

__all__ = ["Clock", "Deadline", "FakeClock", "Pace", "SystemClock"]

_REMEMBERED = 10_000


class Clock(Protocol):
    """Tell the time, and let it pass."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...

    def utc_now(self) -> datetime:
        """Return the date and time in UTC."""
        ...


class SystemClock:
    """The clock of this machine."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def utc_now(self) -> datetime:
        """Return the date and time in UTC."""
        return datetime.now(UTC)


class FakeClock:
    """A clock for tests, on which time passes only by sleeping; `slept` holds what was waited for."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        """Return the seconds that were slept."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.slept.append(seconds)
        self.seconds += seconds

    def utc_now(self) -> datetime:
        """Return a date and time that far after noon of 2026-01-01."""
        return datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(seconds=self.seconds)


class Deadline:
    """The time that one fetch may take, over all of its requests; waiting out of politeness does not count."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._end = clock.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds left, 0 or less when time is over."""
        return self._end - self._clock.monotonic()

    def extend(self, seconds: float) -> None:
        """Give time back that was spent waiting."""
        self._end += seconds


class Pace:
    """Keep requests to one host apart; safe for several threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._last: dict[str, float] = {}

    def wait(self, host: str, delay: float, deadline: Deadline) -> None:
        """Wait until `delay` seconds have passed since the last request to `host` began."""
        with self._lock:
            now = self._clock.monotonic()
            begin = max(now, self._last.pop(host, now - delay) + delay)
            self._last[host] = begin
            if len(self._last) > _REMEMBERED:
                del self._last[next(iter(self._last))]
        if begin > now:
            self._clock.sleep(begin - now)
            deadline.extend(self._clock.monotonic() - now)
