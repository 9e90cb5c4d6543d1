import pytest
from hypothesis import given
from hypothesis import strategies as st

import eval.bench.metrics
from eval.metrics.places import Place, lies_within, mostly_within, overlaps

PLACES = st.builds(
    lambda article, start, length: Place(article, start, start + length),
    st.sampled_from("ab"),
    st.integers(0, 12),
    st.integers(0, 8),
)


@pytest.mark.parametrize(
    ("one", "overlapping"),
    [
        (Place("a", 10, 20), True),
        (Place("a", 0, 100), True),
        (Place("a", 12, 14), True),
        (Place("a", 15, 25), False),  # exactly half
        (Place("a", 14, 24), True),
        (Place("a", 20, 30), False),  # touches
        (Place("a", 18, 21), True),  # two of its three
        (Place("a", 19, 21), False),  # one of its two
        (Place("b", 10, 20), False),
        (Place("a", 12, 12), False),
    ],
)
def test_more_than_half_of_the_shorter(one: Place, overlapping: bool) -> None:
    """A place counts for [10, 20) of article a if they share more than half of the shorter one, there."""
    assert overlaps(one, Place("a", 10, 20)) is overlapping


@given(PLACES, PLACES)
def test_overlap_is_counted_by_character(one: Place, other: Place) -> None:
    """It is what counting the shared characters one by one gives, either way round."""
    shared = set(range(one.start, one.end)) & set(range(other.start, other.end))
    shorter = min(len(range(one.start, one.end)), len(range(other.start, other.end)))
    expected = one.article_id == other.article_id and len(shared) > shorter / 2
    assert overlaps(one, other) is overlaps(other, one) is expected


def test_the_benchmarks_use_the_same() -> None:
    """There is one definition of a span within another."""
    assert eval.bench.metrics.lies_within is lies_within
    assert eval.bench.metrics.mostly_within is mostly_within
