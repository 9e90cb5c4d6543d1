from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.coverage import covered_by, first_covers
from eval.metrics.places import Place

GROUPS = [[Place("a", 0, 10), Place("b", 5, 15)], [Place("a", 20, 30)]]


def test_one_span_of_a_group_is_enough() -> None:
    """A find covers each group of which it overlaps a span, in whichever article."""
    assert covered_by([Place("a", 0, 10)], GROUPS) == {0}
    assert covered_by([Place("b", 0, 40)], GROUPS) == {0}
    assert covered_by([Place("a", 0, 40)], GROUPS) == {0, 1}
    assert covered_by([Place("c", 0, 40)], GROUPS) == set()


def test_a_find_of_several_places() -> None:
    """A find that can be read in several articles covers what any of its places does."""
    assert covered_by([Place("c", 0, 10), Place("a", 20, 30)], GROUPS) == {1}
    assert covered_by([], GROUPS) == covered_by([Place("a", 0, 10)], []) == set()


def test_only_what_is_new_counts() -> None:
    """A find that covers again what stands before it is not the first to cover anything."""
    assert first_covers([frozenset(), {0}, {0}, {0, 1}, {1}]) == [False, True, False, True, False]


@given(st.lists(st.frozensets(st.integers(0, 4)), max_size=8))
def test_first_covers_by_the_finds_before(found: list[frozenset[int]]) -> None:
    """A flag says that some group is in no find before."""
    for i, flag in enumerate(first_covers(found)):
        assert flag is any(all(group not in earlier for earlier in found[:i]) for group in found[i])
