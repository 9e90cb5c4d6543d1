import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.risk_coverage import Point, area_under, risk_coverage

CASES = st.lists(st.tuples(st.sampled_from([0.1, 0.4, 0.9]), st.booleans()), min_size=1, max_size=20)


def test_the_curve_by_hand() -> None:
    """Answering the best one, then two, then all three of right, wrong, right has the risks 0, 1/2 and 1/3."""
    points = risk_coverage([0.7, 0.9, 0.8], [True, True, False])
    assert points == [Point(0.9, 1 / 3, 0.0), Point(0.8, 2 / 3, 1 / 2), Point(0.7, 1.0, 1 / 3)]
    assert area_under(points) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)


def test_ties_are_answered_together() -> None:
    """Two equal scores are one point, and both have its risk, whichever of them is right."""
    points = risk_coverage([0.5, 0.5, 0.2], [False, True, True])
    assert points == risk_coverage([0.5, 0.5, 0.2], [True, False, True])
    assert points == [Point(0.5, 2 / 3, 1 / 2), Point(0.2, 1.0, 1 / 3)]
    assert area_under(points) == pytest.approx(2 / 3 * 1 / 2 + 1 / 3 * 1 / 3)


def test_nothing_has_no_curve() -> None:
    """No case gives no point and no area; scores without a verdict are an error."""
    assert risk_coverage([], []) == []
    assert area_under([]) is None
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        risk_coverage([0.5], [])


@pytest.mark.parametrize(("flag", "area"), [(True, 0.0), (False, 1.0)])
def test_the_area_ends(flag: bool, area: float) -> None:
    """If all are right the area is 0, if none is it is 1."""
    assert area_under(risk_coverage([0.1, 0.2, 0.3], [flag] * 3)) == pytest.approx(area)


@given(CASES)
def test_the_last_point_answers_all(cases: list[tuple[float, bool]]) -> None:
    """Thresholds fall, coverage rises to 1, and the last risk is the share of wrong ones."""
    scores, right = zip(*cases, strict=True)
    points = risk_coverage(scores, right)
    assert [point.threshold for point in points] == sorted(set(scores), reverse=True)
    assert [point.coverage for point in points] == sorted(point.coverage for point in points)
    assert (points[-1].coverage, points[-1].risk) == (1, right.count(False) / len(right))
