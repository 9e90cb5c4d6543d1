import math
from statistics import fmean, stdev

import pytest

import eval.bench.metrics
from eval.metrics.interval import Difference, paired_difference, wilson

OURS = [float(i % 3 != 0) for i in range(300)]
BASELINE = [float(i % 2 != 0) for i in range(300)]


def test_the_interval_of_a_rate_is_that_of_the_benchmarks() -> None:
    """There is one interval of a rate, that of Wilson."""
    assert wilson is eval.bench.metrics.wilson


def test_the_difference_by_hand() -> None:
    """Two thirds less a half is a sixth, and the interval is near that of the normal distribution."""
    found = paired_difference(OURS, BASELINE, seed=0)
    assert found is not None
    assert found.value == pytest.approx(1 / 6)
    differences = [one - other for one, other in zip(OURS, BASELINE, strict=True)]
    spread = 1.96 * stdev(differences) / math.sqrt(len(differences))
    assert found.low == pytest.approx(fmean(differences) - spread, abs=0.005)
    assert found.high == pytest.approx(fmean(differences) + spread, abs=0.005)


def test_values_are_paired() -> None:
    """A run that beats another by the same in every case leaves no doubt, however much the cases differ."""
    baseline = [0.0, 0.25, 0.5, 0.75]
    assert paired_difference([value + 0.25 for value in baseline], baseline, seed=0) == Difference(0.25, 0.25, 0.25)


def test_the_difference_is_that_of_the_seed() -> None:
    """The same seed gives the same interval, and the other way round it is mirrored."""
    found = paired_difference(OURS[:40], BASELINE[:40], seed=3, resamples=500)
    assert found == paired_difference(OURS[:40], BASELINE[:40], seed=3, resamples=500)
    mirrored = paired_difference(BASELINE[:40], OURS[:40], seed=3, resamples=500)
    assert found is not None
    assert mirrored == pytest.approx((-found.value, -found.high, -found.low))


def test_nothing_has_no_difference() -> None:
    """No case gives no difference; runs of different length are an error."""
    assert paired_difference([], [], seed=0) is None
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        paired_difference([1.0], [], seed=0)
