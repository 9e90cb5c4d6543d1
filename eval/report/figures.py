"""Means over cases with their intervals, by slice."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from statistics import fmean

from eval.cases.model import SLICES
from eval.metrics.bootstrap import mean_interval
from eval.metrics.interval import wilson
from eval.report.descriptions import Descriptions
from eval.report.judged import is_failed
from eval.runs.model import CaseRecord

__all__ = ["ALL", "Estimate", "by_slice", "estimate", "estimate_of", "metrics_of"]

ALL = "all"
"""The slice of all cases."""


@dataclass(frozen=True)
class Estimate:
    """A mean over `n` cases with its 95 % interval."""

    value: float
    n: int
    low: float
    high: float


def by_slice(records: Iterable[CaseRecord]) -> dict[str, list[CaseRecord]]:
    """Return the records of the whole set, named `all`, and of each slice that has any, in the order of `SLICES`."""
    everything = list(records)
    slices = {name: [record for record in everything if record.case.slice == name] for name in SLICES}
    return {ALL: everything} | {name: chosen for name, chosen in slices.items() if chosen}


def metrics_of(records: Iterable[CaseRecord], descriptions: Descriptions) -> list[str]:
    """Return the names of all scores that a record has: those described in their order, then others by name."""
    present = {name for record in records for name in record.scores}
    return [name for name in descriptions if name in present] + sorted(present - descriptions.keys())


def estimate_of(records: Iterable[CaseRecord], metric: str) -> Estimate | None:
    """Return the mean of a metric over cases; None where no case has it.

    Repeats of a case are averaged first, since they are not independent; errors are in no mean.
    """
    return estimate(list(_by_case(records, metric).values()))


def estimate(values: Sequence[float]) -> Estimate | None:
    """Return the mean of `values` with its 95 % interval, or None for no value.

    The interval is Wilson's (1927) where all values are 0 or 1: a bootstrap of ones alone would have no width. Else it
    is the percentile bootstrap's (Efron and Tibshirani 1993), with a fixed seed.
    """
    if not values:
        return None
    only = set(values) <= {0.0, 1.0}
    low, high = (wilson(round(sum(values)), len(values)) if only else mean_interval(values)) or (0.0, 0.0)
    return Estimate(fmean(values), len(values), low, high)


def _by_case(records: Iterable[CaseRecord], metric: str) -> Mapping[str, float]:
    scores: dict[str, list[float]] = defaultdict(list)
    for record in records:
        score = record.scores.get(metric)
        if score is not None and isfinite(score) and not is_failed(record):
            scores[record.case.id].append(score)
    return {case_id: fmean(repeats) for case_id, repeats in scores.items()}
