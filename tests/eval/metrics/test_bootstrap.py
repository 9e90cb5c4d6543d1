import pytest

from eval.metrics.bootstrap import mean_interval
from eval.metrics.interval import paired_difference

FEW = [float(i % 3 - 1) for i in range(120)] + [1.0] * 20
MANY = [(i * 37 % 101) / 101 for i in range(90)]


@pytest.mark.parametrize("values", [FEW, MANY], ids=["few distinct values", "many"])
def test_it_is_the_interval_of_the_paired_difference(values: list[float]) -> None:
    """Drawing all resamples at once gives what drawing one after the other gives, but for chance."""
    one_by_one = paired_difference(values, [0.0] * len(values), seed=1)
    assert one_by_one is not None
    assert mean_interval(values, seed=2) == pytest.approx((one_by_one.low, one_by_one.high), abs=0.01)


def test_the_interval_is_that_of_the_seed() -> None:
    """The same seed gives the same interval, another seed another one."""
    assert mean_interval(MANY, seed=3) == mean_interval(MANY, seed=3)
    assert mean_interval(MANY, seed=3) != mean_interval(MANY, seed=4)


def test_values_that_are_alike_leave_no_doubt() -> None:
    """Where all values are the same, the interval is that value, exactly; of nothing there is none."""
    assert mean_interval([0.1] * 7) == (0.1, 0.1)
    assert mean_interval([]) is None
