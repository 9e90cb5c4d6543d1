"""Whether scores are the probabilities that they are said to be."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

__all__ = ["Bin", "expected_calibration_error", "reliability"]

_BINS = 10


@dataclass(frozen=True)
class Bin:
    """The scores in (low, high]; the first bin has 0 too."""

    low: float
    high: float
    n: int
    mean_score: float
    right: float
    """The share that is right."""


def reliability(scores: Sequence[float], right: Sequence[bool], n_bins: int = _BINS) -> list[Bin]:
    """Return the bins of equal width that hold a score, from the lowest (DeGroot and Fienberg 1983).

    Raises ValueError for a score that is no probability.
    """
    edges = [i / n_bins for i in range(1, n_bins + 1)]
    inside: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for score, flag in zip(scores, right, strict=True):
        if not 0 <= score <= 1:
            raise ValueError(f"{score} is no probability; calibrate scores before they are binned")
        inside[bisect_left(edges, score)].append((score, flag))
    return [_bin(i / n_bins, edges[i], inside[i]) for i in sorted(inside)]


def expected_calibration_error(scores: Sequence[float], right: Sequence[bool], n_bins: int = _BINS) -> float | None:
    """Return the mean distance of score and share of right ones, bins weighted by their size; None for no score.

    It is the ECE of Naeini et al. (2015) and Guo et al. (2017). Raises ValueError as `reliability` does.
    """
    bins = reliability(scores, right, n_bins)
    return sum(b.n * abs(b.mean_score - b.right) for b in bins) / len(scores) if bins else None


def _bin(low: float, high: float, inside: Sequence[tuple[float, bool]]) -> Bin:
    return Bin(low, high, len(inside), fmean(score for score, _ in inside), fmean(flag for _, flag in inside))
