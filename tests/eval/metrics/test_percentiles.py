import math
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.percentiles import percentile

VALUES = st.lists(st.floats(0, 1000), min_size=1, max_size=20)


@pytest.mark.parametrize(("q", "value"), [(0, 10.0), (25, 17.5), (50, 25.0), (95, 38.5), (100, 40.0)])
def test_by_hand(q: float, value: float) -> None:
    """Between two of four values it is interpolated linearly."""
    assert percentile([40.0, 10.0, 30.0, 20.0], q) == pytest.approx(value)


def test_without_values() -> None:
    """There is no percentile of nothing, and none outside 0 to 100."""
    assert percentile([], 50) is None
    with pytest.raises(ValueError, match="no 101-th percentile"):
        percentile([1.0], 101)


@given(VALUES, st.integers(0, 100))
def test_by_definition_seven(values: list[float], q: int) -> None:
    """It is definition 7 of Hyndman and Fan, written down literally; at 50 it is the median."""
    ordered = sorted(values)
    place = 1 + (len(ordered) - 1) * q / 100
    below = math.floor(place)
    above = min(below + 1, len(ordered))
    expected = ordered[below - 1] + (place - below) * (ordered[above - 1] - ordered[below - 1])
    assert percentile(values, q) == pytest.approx(expected)
    assert percentile(values, 50) == pytest.approx(median(values))
