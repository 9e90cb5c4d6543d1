"""Percentiles, of seconds and of tokens: means of times hide the slow ones."""

from collections.abc import Sequence

import numpy as np

__all__ = ["percentile"]

_ALL = 100


def percentile(values: Sequence[float], q: float) -> float | None:
    """Return the `q`-th percentile (0 to 100), in the unit of `values`; None for no value.

    Between two values it is interpolated linearly: definition 7 of Hyndman and Fan (1996). Raises ValueError for a `q`
    that is no percentage.
    """
    if not 0 <= q <= _ALL:
        raise ValueError(f"there is no {q}-th percentile; give a number from 0 to 100")
    return float(np.percentile(np.asarray(values, dtype=float), q)) if values else None
