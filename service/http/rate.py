"""How many requests one access token may send."""

import math
import time

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from service.errors import RateLimitedError

__all__ = ["Rate"]


class Rate:
    """Count the requests of each name, at most `limit` (such as "120/minute"; "none" admits all) in a moving window."""

    def __init__(self, limit: str) -> None:
        self._words = limit
        self._limit = None if limit == "none" else parse(limit)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, name: str) -> None:
        """Count a request. Raises RateLimitedError for one too many, which is not counted."""
        if self._limit is None or self._limiter.hit(self._limit, name):
            return
        wait_s = max(1, math.ceil(self._limiter.get_window_stats(self._limit, name).reset_time - time.time()))
        raise RateLimitedError(
            f"the token {name!r} may send {self._words}; send the next request in {wait_s} seconds", wait_s
        )
