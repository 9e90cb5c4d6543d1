import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.auc import auc, auc_interval

SCORES = st.lists(st.integers(0, 5).map(float), min_size=1, max_size=12)
# ratings 1 to 5 of images of 58 healthy and 51 ill people: Hanley and McNeil 1982, table I
HEALTHY = [float(rating) for rating, n in enumerate((33, 6, 6, 11, 2), 1) for _ in range(n)]
ILL = [float(rating) for rating, n in enumerate((3, 2, 2, 11, 33), 1) for _ in range(n)]


@pytest.mark.parametrize(
    ("positives", "negatives", "area"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1.0),
        ([0.1], [0.9], 0.0),
        ([0.5], [0.5], 0.5),
        ([0.9, 0.4], [0.4, 0.3, 0.6], (3 + 1.5) / 6),
    ],
)
def test_the_area_by_hand(positives: list[float], negatives: list[float], area: float) -> None:
    """Each pair won counts one and each tie a half, over all pairs."""
    assert auc(positives, negatives) == pytest.approx(area)


def test_the_area_of_the_literature() -> None:
    """The ratings of Hanley and McNeil have the area .893 that they report, with a standard error of .032."""
    assert auc(ILL, HEALTHY) == pytest.approx(0.893, abs=5e-4)
    low, high = auc_interval(ILL, HEALTHY, seed=0) or (0, 0)
    assert low == pytest.approx(0.893 - 1.96 * 0.032, abs=0.02)
    assert high == pytest.approx(0.893 + 1.96 * 0.032, abs=0.02)


def test_an_empty_class_has_no_area() -> None:
    """Where a class is empty there is neither area nor interval."""
    assert auc([], [1.0]) is auc([1.0], []) is None
    assert auc_interval([], [1.0], seed=0) is auc_interval([1.0], [], seed=0) is None


def test_the_interval_is_that_of_the_seed() -> None:
    """The same seed gives the same interval, around the area; classes that never overlap leave no doubt."""
    interval = auc_interval(ILL[::5], HEALTHY[::5], seed=7)
    assert interval == auc_interval(ILL[::5], HEALTHY[::5], seed=7)
    assert interval != auc_interval(ILL[::5], HEALTHY[::5], seed=8)
    assert auc_interval([2.0, 3.0], [0.0, 1.0], seed=0) == (1.0, 1.0)


@given(SCORES, SCORES)
def test_the_classes_share_all_pairs(positives: list[float], negatives: list[float]) -> None:
    """What one class does not win the other does, so that the two areas add up to 1."""
    one, other = auc(positives, negatives), auc(negatives, positives)
    assert one is not None
    assert other is not None
    assert one + other == pytest.approx(1)
