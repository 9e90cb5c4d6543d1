"""What is gained by answering only what one is sure of (El-Yaniv and Wiener 2010)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

__all__ = ["Point", "area_under", "risk_coverage"]


@dataclass(frozen=True)
class Point:
    """What happens when all that scores at least `threshold` is answered.

    `coverage` is the share that is answered, `risk` the share of those that is wrong.
    """

    threshold: float
    coverage: float
    risk: float


def risk_coverage(scores: Sequence[float], right: Sequence[bool]) -> list[Point]:
    """Return one point for each distinct score, from the highest; equal scores are answered together or not at all."""
    ranked = sorted(zip(scores, right, strict=True), reverse=True)
    points: list[Point] = []
    answered = wrong = 0
    for threshold, tied in groupby(ranked, key=itemgetter(0)):
        flags = [flag for _, flag in tied]
        answered += len(flags)
        wrong += flags.count(False)
        points.append(Point(threshold, answered / len(ranked), wrong / answered))
    return points


def area_under(points: Sequence[Point]) -> float | None:
    """Return the area under the curve of `risk_coverage` (AURC: Geifman, Uziel and El-Yaniv 2019); None for no point.

    It is the mean over all cases of the risk at the coverage that lets the case in; 0 is best.
    """
    if not points:
        return None
    before = (0.0, *(point.coverage for point in points))
    return sum((point.coverage - low) * point.risk for low, point in zip(before, points, strict=False))
