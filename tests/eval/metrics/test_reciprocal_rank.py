import pytest
from hypothesis import given
from hypothesis import strategies as st

import eval.bench.metrics
from eval.metrics.reciprocal_rank import first_rank, reciprocal_rank

NONE, ONE = frozenset[int](), frozenset({0})


@pytest.mark.parametrize(
    ("found", "score"),
    [([ONE], 1.0), ([NONE, NONE, ONE, ONE], 1 / 3), ([NONE], 0.0), ([], 0.0), ([NONE] * 10 + [ONE], 0.0)],
)
def test_the_reciprocal_rank_by_hand(found: list[frozenset[int]], score: float) -> None:
    """The first find that covers a fact counts, if it is among the first ten."""
    assert reciprocal_rank(found, 1) == pytest.approx(score)


def test_nothing_to_be_found_is_no_score() -> None:
    """Without a known proof there is no rank."""
    assert reciprocal_rank([NONE], 0) is None


@given(st.lists(st.booleans(), max_size=12), st.integers(1, 12))
def test_by_looking_at_each_rank(right: list[bool], k: int) -> None:
    """It is 1 over the first rank that is right, within `k`, found by looking at one rank after the other."""
    expected = 0.0
    for rank in range(min(k, len(right)), 0, -1):
        if right[rank - 1]:
            expected = 1 / rank
    assert reciprocal_rank([ONE if flag else NONE for flag in right], 1, k) == expected


def test_the_benchmarks_use_the_same_rank() -> None:
    """There is one definition of the first rank."""
    assert eval.bench.metrics.first_rank is first_rank
