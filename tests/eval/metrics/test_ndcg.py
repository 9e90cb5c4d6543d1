import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.ndcg import ndcg_at_k


def literal_dcg(gains: list[int]) -> float:
    """Return DCG as a running sum over ranks, as the paper writes it, by log2(rank + 1)."""
    if not gains:
        return 0.0
    return literal_dcg(gains[:-1]) + gains[-1] / math.log2(1 + len(gains))


def literal_ndcg(gains: list[int], n_relevant: int, k: int) -> float:
    """Return DCG over that of the ideal vector: ones for all that is relevant, then zeros."""
    ideal = ([1] * n_relevant + [0] * k)[:k]
    return literal_dcg(gains[:k]) / literal_dcg(ideal)


@pytest.mark.parametrize(
    ("relevant", "n", "score"),
    [
        ([True], 1, 1.0),
        ([False, True], 1, 1 / math.log2(3)),
        ([False, False, True], 1, 0.5),
        ([True, False, True], 2, 1.5 / (1 + 1 / math.log2(3))),  # .9197 in tables
        ([True, True], 2, 1.0),
        ([True], 2, 1 / (1 + 1 / math.log2(3))),
        ([False], 1, 0.0),
        ([], 1, 0.0),
    ],
)
def test_ndcg_by_hand(relevant: list[bool], n: int, score: float) -> None:
    """Gains are discounted by log2 of the rank and one, over what the ideal order gains."""
    assert ndcg_at_k(relevant, n, 10) == pytest.approx(score)


def test_the_cut() -> None:
    """What stands behind `k` gains nothing, and the ideal is cut there too."""
    assert ndcg_at_k([False, False, True], 1, 2) == 0
    assert ndcg_at_k([True, True, True], 3, 2) == pytest.approx(1)


def test_nothing_relevant_is_no_score() -> None:
    """Without anything to be found there is no score; more found than there is is an error."""
    assert ndcg_at_k([False], 0, 10) is None
    with pytest.raises(ValueError, match="2 finds are relevant, of 1 in all"):
        ndcg_at_k([True, True], 1, 10)


@given(st.lists(st.booleans(), max_size=12), st.integers(0, 5), st.integers(1, 12))
def test_ndcg_by_its_definition(relevant: list[bool], more: int, k: int) -> None:
    """It is what the definition gives, written down literally, and lies in [0, 1]."""
    n = sum(relevant) + more
    score = ndcg_at_k(relevant, n, k)
    if n == 0:
        assert score is None
    else:
        assert score == pytest.approx(literal_ndcg([int(flag) for flag in relevant], n, k))
        assert score is not None
        assert 0 <= score <= 1 + 1e-12
