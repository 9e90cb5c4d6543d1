"""When a gate fails: one metric over the same cases of two runs.

A gate's tolerance fails where both hold:

- the 95 % interval of the difference lies wholly beyond the tolerance, on the worse side, and
- p of the permutation test, corrected over all gates with a tolerance (Holm 1979), is below .05.

The first asks for a fall that matters, not merely one that is there. The second keeps false alarms rare however many
gates there are: where nothing changed, the chance that any of them fails is below .05 together, not each.

A gate's floor is held to the mean alone, without a test: it is for what must always be so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from eval.compare.statistics import paired_bootstrap, permutation_p
from eval.metrics.interval import Difference

__all__ = ["ALPHA", "Paired", "has_fallen", "is_beyond_floor", "pair"]

ALPHA = 0.05
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Paired:
    """One metric over `n` cases of two runs."""

    n: int
    base: float
    new: float
    difference: Difference
    p: float


def pair(base: Sequence[float], new: Sequence[float]) -> Paired | None:
    """Return what the values of the same cases, in the same order, come to; None for no case."""
    difference, p = paired_bootstrap(base, new), permutation_p(base, new)
    if difference is None or p is None:
        return None
    return Paired(len(base), fmean(base), fmean(new), difference, p)


def has_fallen(difference: Difference, p: float, tolerance: float, *, higher_is_better: bool) -> bool:
    """Tell whether a metric fell by more than `tolerance`, with `p` corrected; for costs, whether it rose."""
    least = -difference.high if higher_is_better else difference.low
    return least > tolerance + _ROUNDING and p < ALPHA


def is_beyond_floor(mean: float, floor: float, *, higher_is_better: bool) -> bool:
    """Tell whether a mean is below `floor`; for what is better lower, whether it is above it."""
    return mean < floor - _ROUNDING if higher_is_better else mean > floor + _ROUNDING
