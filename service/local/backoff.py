"""When a child that died may be started again."""

import time
from collections.abc import Callable

from service.local.config import Pace

__all__ = ["Backoff"]


class Backoff:
    """Count deaths of young children: the first costs no delay, then 1 s, 2 s, 4 s up to the longest."""

    def __init__(self, pace: Pace, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._pace = pace
        self._clock = clock
        self._next_try = 0.0
        self.failures = 0
        self.reason = ""

    def failed(self, reason: str, *, lived_s: float = 0) -> None:
        """Note a child that died after `lived_s` seconds; one that lived long enough clears the count."""
        self.failures = self.failures + 1 if lived_s < self._pace.fast_death_s else 0
        self.reason = reason
        self._next_try = self._clock() + self._delay_s()

    def reset(self) -> None:
        """Forget all failures."""
        self.failures, self.reason, self._next_try = 0, "", 0.0

    def remaining_s(self) -> float:
        """Return the seconds until the next try may be made; 0 if it may be made now."""
        return max(0.0, self._next_try - self._clock())

    def _delay_s(self) -> float:
        if self.failures <= 1:
            return 0.0
        # The exponent is held down, for a float overflows after a thousand failures.
        return min(self._pace.longest_delay_s, 2.0 ** min(self.failures - 2, 30))
