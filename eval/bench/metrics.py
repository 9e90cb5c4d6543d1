"""Metrics of retrieval, one a function, over ranks (counted from 1, None: not found), flags and times."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

import numpy as np

from eval.metrics.places import lies_within, mostly_within
from eval.metrics.reciprocal_rank import first_rank

__all__ = [
    "Figure",
    "Section",
    "first_rank",
    "lies_within",
    "mostly_within",
    "mrr",
    "percentile",
    "rate",
    "ratio",
    "recall_at_1",
    "repeated",
    "wilson",
]

_Z = 1.959964


@dataclass(frozen=True)
class Figure:
    """One measured figure, what it was counted over, and where there are such its interval and single values."""

    value: float
    n: int
    unit: str = ""
    interval: tuple[float, float] | None = None
    singles: tuple[float, ...] = ()


Section = dict[str, Figure]
"""The figures of one part of a benchmark, by name."""


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Return the 95 % score interval of a rate (Wilson 1927); all that is possible, (0, 1), for no trial."""
    if n == 0:
        return 0.0, 1.0
    p = hits / n
    centre = p + _Z**2 / (2 * n)
    spread = _Z * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
    return max(0.0, (centre - spread) / (1 + _Z**2 / n)), min(1.0, (centre + spread) / (1 + _Z**2 / n))


def rate(hits: Iterable[bool]) -> Figure:
    """Return the share of true flags."""
    flags = list(hits)
    return Figure(sum(flags) / max(1, len(flags)), len(flags), "rate", wilson(sum(flags), len(flags)))


def recall_at_1(ranks: Sequence[int | None]) -> Figure:
    """Return the share of questions whose first find is right."""
    return rate(rank == 1 for rank in ranks)


def mrr(ranks: Sequence[int | None], k: int = 10) -> Figure:
    """Return the mean reciprocal rank of the first right find among the first `k`."""
    reciprocals = [1 / rank if rank and rank <= k else 0.0 for rank in ranks]
    return Figure(fmean(reciprocals) if reciprocals else 0.0, len(reciprocals), "mean")


def percentile(times_ms: Sequence[float], q: float) -> Figure:
    """Return the `q`-th percentile of times in milliseconds."""
    return Figure(float(np.percentile(times_ms, q)), len(times_ms), "ms")


def repeated(values: Sequence[float], n: int, unit: str) -> Figure:
    """Return the median of values measured in several rounds, each over the same `n`."""
    return Figure(median(values), n, unit, singles=tuple(values))


def ratio(one: Figure, other: Figure) -> Figure:
    """Return how many times `other` the first figure is."""
    return Figure(one.value / other.value, min(one.n, other.n), "times")
