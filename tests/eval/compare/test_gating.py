import pytest

from eval.compare.gating import has_fallen, is_beyond_floor, pair
from eval.metrics.interval import Difference


@pytest.mark.parametrize(
    ("low", "high", "p", "fails"),
    [
        (-0.2, -0.04, 0.01, True),
        (-0.2, -0.03, 0.01, False),  # not wholly beyond
        (-0.2, 0.01, 0.01, False),
        (-0.2, -0.04, 0.05, False),  # corrected p too large
        (0.04, 0.2, 0.01, False),  # it rose
    ],
)
def test_a_fall_takes_both(low: float, high: float, p: float, fails: bool) -> None:
    """A tolerance of .03 fails where the interval lies wholly below -.03 and p is below .05; for costs mirrored."""
    assert has_fallen(Difference((low + high) / 2, low, high), p, 0.03, higher_is_better=True) is fails
    mirrored = Difference(-(low + high) / 2, -high, -low)
    assert has_fallen(mirrored, p, 0.03, higher_is_better=False) is fails


@pytest.mark.parametrize(("mean", "below", "above"), [(0.9, False, False), (0.89, True, False), (0.91, False, True)])
def test_a_floor_is_a_ceiling_for_costs(mean: float, below: bool, above: bool) -> None:
    """What is as high as the floor holds; lower fails, and for costs higher."""
    assert is_beyond_floor(mean, 0.9, higher_is_better=True) is below
    assert is_beyond_floor(mean, 0.9, higher_is_better=False) is above


def test_a_mean_of_tenths_reaches_its_floor() -> None:
    """Rounding of binary fractions does not break a floor."""
    assert not is_beyond_floor(sum([0.1] * 3) / 3, 0.1, higher_is_better=False)
    assert not is_beyond_floor(sum([0.7] * 3) / 3, 0.7, higher_is_better=True)


def test_a_pair_by_hand() -> None:
    """Two cases of four fell: from .75 to .25, which half of all signs of two differences show."""
    found = pair([1, 1, 1, 0], [0, 0, 1, 0])
    assert found is not None
    assert (found.n, found.base, found.new, found.difference.value, found.p) == (4, 0.75, 0.25, -0.5, 0.5)
    assert pair([], []) is None
