"""How well a score tells two classes apart."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["auc", "auc_interval"]

_RESAMPLES = 2_000
_OUTER = (2.5, 97.5)


def auc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """Return the area under the ROC curve: how often a positive scores above a negative, a tie counting half.

    It is the statistic U of Mann and Whitney (1947) over the number of pairs (Hanley and McNeil 1982). None where a
    class is empty.
    """
    if not positives or not negatives:
        return None
    return float(_wins(positives, negatives).mean())


def auc_interval(
    positives: Sequence[float], negatives: Sequence[float], *, seed: int, resamples: int = _RESAMPLES
) -> tuple[float, float] | None:
    """Return the 95 % percentile bootstrap interval of `auc`, the classes resampled apart; None where one is empty."""
    if not positives or not negatives:
        return None
    wins = _wins(positives, negatives)
    rng = np.random.default_rng(seed)
    rows, columns = (_times_drawn(n, resamples, rng) for n in wins.shape)
    areas = ((rows @ wins) * columns).sum(axis=1) / wins.size
    low, high = np.percentile(areas, _OUTER)
    return float(low), float(high)


def _wins(positives: Sequence[float], negatives: Sequence[float]) -> NDArray[np.float64]:
    """Return 1, a half or 0 for each pair, by positive and negative."""
    ours, others = np.asarray(positives, dtype=np.float64)[:, None], np.asarray(negatives, dtype=np.float64)[None, :]
    wins: NDArray[np.float64] = (ours > others) + 0.5 * (ours == others)
    return wins


def _times_drawn(n: int, resamples: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return how many times each of `n` was drawn in each resample."""
    return rng.multinomial(n, [1 / n] * n, size=resamples).astype(float)
