"""The percentile bootstrap of a mean (Efron and Tibshirani 1993, chapter 13), all resamples at once.

It is the interval of `interval.paired_difference` where values are differences, some hundred times as fast where few
distinct values occur, as with answers of yes and no: how often each value is drawn is then multinomial.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["RESAMPLES", "mean_interval"]

RESAMPLES = 10_000
_OUTER = (2.5, 97.5)
_FEW = 16


def mean_interval(values: Sequence[float], *, seed: int = 0, resamples: int = RESAMPLES) -> tuple[float, float] | None:
    """Return the 95 % interval of the mean of `values`, one a case; None for no case."""
    drawn = np.asarray(values, dtype=float)
    if not drawn.size:
        return None
    low, high = np.percentile(_means(drawn, np.random.default_rng(seed), resamples), _OUTER)
    return float(low), float(high)


def _means(values: NDArray[np.float64], rng: np.random.Generator, resamples: int) -> NDArray[np.float64]:
    """Return the mean of each resample."""
    n = values.size
    distinct, counts = np.unique(values, return_counts=True)
    if distinct.size == 1:
        return distinct
    if distinct.size > _FEW:
        means: NDArray[np.float64] = values[rng.integers(n, size=(resamples, n), dtype=np.int32)].mean(axis=1)
        return means
    times: NDArray[np.float64] = rng.multinomial(n, counts / n, size=resamples) @ distinct
    return times / n
