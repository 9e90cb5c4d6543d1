"""The statistics of comparison: an interval of a paired difference, a paired test, and a correction for many tests."""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from eval.metrics.bootstrap import mean_interval
from eval.metrics.interval import Difference

__all__ = ["holm", "paired_bootstrap", "permutation_p"]

_EXACT = 12
_DRAWS = 10_000
_ROUNDING = 1e-9


def paired_bootstrap(base: Sequence[float], new: Sequence[float], *, seed: int = 0) -> Difference | None:
    """Return mean of `new` less mean of `base`, values of the same cases in the same order; None for no case.

    The interval is that of `eval.metrics.interval.paired_difference`, all resamples at once.
    Raises ValueError for values of different number.
    """
    differences = _differences(base, new)
    interval = mean_interval(differences.tolist(), seed=seed)
    return Difference(float(differences.mean()), *interval) if interval else None


def permutation_p(base: Sequence[float], new: Sequence[float], *, seed: int = 0) -> float | None:
    """Return the p of the paired permutation test, two-sided (Fisher 1935, chapter 3; Good 2005); None for no case.

    Where nothing changed, either value of a case could as well have come from the other run, so that each difference
    could have either sign: p is the share of signs that give a sum at least as far from 0 as the one found. Up to 12
    differences other than 0 are tried in all their signs; for more, p is (b + 1) / (m + 1) of m = 10,000 random draws,
    b of them as far (Phipson and Smyth 2010). Of answers of yes and no it is the exact test of McNemar (1947).
    Raises ValueError for values of different number.
    """
    differences = _differences(base, new)
    if not differences.size:
        return None
    changed = differences[np.abs(differences) > _ROUNDING]
    least = abs(changed.sum()) - _ROUNDING
    if changed.size <= _EXACT:
        return float((np.abs(_all_sums(changed)) >= least).mean())
    as_far = int((np.abs(_random_sums(changed, seed)) >= least).sum())
    return (as_far + 1) / (_DRAWS + 1)


def holm(ps: Sequence[float]) -> list[float]:
    """Return p-values corrected for their number, in the same order (Holm 1979).

    The smallest of m is multiplied by m, the next by m - 1, and so on; none falls below one before it, none exceeds 1.
    Holding them to .05 keeps the chance that any of m true hypotheses is rejected below .05, however they depend.
    """
    order = sorted(range(len(ps)), key=ps.__getitem__)
    scaled = (min(1.0, (len(ps) - rank) * ps[i]) for rank, i in enumerate(order))
    corrected = dict(zip(order, accumulate(scaled, max), strict=True))
    return [corrected[i] for i in range(len(ps))]


def _differences(base: Sequence[float], new: Sequence[float]) -> NDArray[np.float64]:
    return np.array([after - before for before, after in zip(base, new, strict=True)], dtype=float)


def _all_sums(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sums of `values` in all their signs, 2 to the power of their number."""
    sums = np.zeros(1)
    for value in values:
        sums = np.concatenate([sums + value, sums - value])
    return sums


def _random_sums(values: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Return sums of `values` in random signs; of equal sizes it matters only how many are positive."""
    sizes, counts = np.unique(np.abs(values), return_counts=True)
    positive = np.random.default_rng(seed).binomial(counts, 0.5, size=(_DRAWS, sizes.size))
    sums: NDArray[np.float64] = (2 * positive - counts) @ sizes
    return sums
