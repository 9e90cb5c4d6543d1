"""Intervals: of a rate (`wilson`, which the benchmarks use too), and of a difference between two runs."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from eval.bench.metrics import wilson

__all__ = ["Difference", "paired_difference", "wilson"]

_RESAMPLES = 10_000
_OUTER = (2.5, 97.5)


class Difference(NamedTuple):
    """A difference of means, with its 95 % interval."""

    value: float
    low: float
    high: float


def paired_difference(
    ours: Sequence[float], baseline: Sequence[float], *, seed: int, resamples: int = _RESAMPLES
) -> Difference | None:
    """Return mean of `ours` less mean of `baseline`, values of the same cases in the same order; None for no case.

    The interval is that of the paired percentile bootstrap (Efron and Tibshirani 1993, chapter 13; for such tests
    Koehn 2004): cases are drawn again, both values of a case together.
    """
    differences = np.array([one - other for one, other in zip(ours, baseline, strict=True)], dtype=float)
    if not differences.size:
        return None
    rng = np.random.default_rng(seed)
    n = differences.size
    means = [differences[rng.integers(n, size=n)].mean() for _ in range(resamples)]
    low, high = np.percentile(means, _OUTER)
    return Difference(float(differences.mean()), float(low), float(high))
