from itertools import product
from math import comb
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.compare.statistics import holm, paired_bootstrap, permutation_p
from eval.metrics.interval import paired_difference

P_VALUES = st.lists(st.floats(0, 1), max_size=8)
PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=8)


def test_holm_by_a_worked_example() -> None:
    """Of .01, .04, .03 and .005: .005 x 4, .01 x 3, .03 x 2, and .04 x 1 which may not fall below the one before."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_holm_stops_at_one() -> None:
    """No corrected value exceeds 1, ties are alike, and nothing is corrected of nothing or of one."""
    assert holm([0.6, 0.9, 0.6]) == [1.0, 1.0, 1.0]
    assert holm([0.02, 0.02]) == pytest.approx([0.04, 0.04])
    assert holm([]) == []
    assert holm([0.04]) == [0.04]


@given(P_VALUES, st.floats(0.001, 0.999))
def test_holm_rejects_what_the_procedure_rejects(ps: list[float], alpha: float) -> None:
    """Stepping down, the smallest is held to alpha / m, the next to alpha / (m - 1), until one does not reject."""
    rejected = set()
    for step, i in enumerate(sorted(range(len(ps)), key=lambda i: ps[i])):
        if (len(ps) - step) * ps[i] > alpha:
            break
        rejected.add(i)
    corrected = holm(ps)
    assert {i for i, p in enumerate(corrected) if p <= alpha and p < 1} == {i for i in rejected if corrected[i] < 1}
    assert all(p <= after <= 1 for p, after in zip(ps, corrected, strict=True))


@given(PAIRS)
def test_the_exact_test_by_brute_force(pairs: list[tuple[int, int]]) -> None:
    """With few cases p is the share of all ways to exchange the two runs, case by case, that differ as much."""
    found = abs(sum(new - base for base, new in pairs))
    ways = [sum((new - base) * sign for (base, new), sign in zip(pairs, signs, strict=True))
            for signs in product((1, -1), repeat=len(pairs))]  # fmt: skip
    expected = sum(abs(way) >= found for way in ways) / len(ways)
    assert permutation_p([base for base, _ in pairs], [new for _, new in pairs]) == pytest.approx(expected)


def mcnemar(lost: int, gained: int) -> float:
    """Return the exact two-sided p of a sign test over the cases that changed."""
    n, most = lost + gained, max(lost, gained)
    return min(1.0, 2 * sum(comb(n, i) for i in range(most, n + 1)) / 2**n)


@pytest.mark.parametrize(("lost", "gained"), [(12, 0), (9, 3), (13, 5), (20, 10), (25, 2), (15, 15)])
def test_of_yes_and_no_it_is_the_test_of_mcnemar(lost: int, gained: int) -> None:
    """Of answers right or wrong p depends on the cases that changed alone; by draws it is near."""
    base = [1.0] * lost + [0.0] * gained + [1.0] * 30
    new = [0.0] * lost + [1.0] * gained + [1.0] * 30
    assert permutation_p(base, new) == pytest.approx(mcnemar(lost, gained), abs=0.012)
    if lost + gained <= 12:
        assert permutation_p(base, new) == pytest.approx(mcnemar(lost, gained))


def test_by_draws_p_is_never_zero() -> None:
    """Of 10,000 draws none is as far as 40 cases that all fell, so that p is 1 of 10,001."""
    assert permutation_p([1.0] * 40, [0.0] * 40) == pytest.approx(1 / 10_001)


def test_draws_of_different_sizes() -> None:
    """By draws and by all signs p is near the same where differences have many sizes."""
    sizes = [0.1 * i for i in range(1, 13)]
    exact = permutation_p([0.0] * 12, [size if i % 4 else -size for i, size in enumerate(sizes)])
    # a thirteenth difference too small to matter has the test draw
    drawn = permutation_p([0.0] * 13, [*(size if i % 4 else -size for i, size in enumerate(sizes)), 1e-6])
    assert exact == pytest.approx(drawn, abs=0.015)
    assert exact != drawn


def test_no_change_is_no_evidence() -> None:
    """Where nothing changed p is 1 and there is no difference; of no case there is neither."""
    assert permutation_p([0.5, 1.0], [0.5, 1.0]) == 1
    assert paired_bootstrap([0.5, 1.0], [0.5, 1.0]) == (0, 0, 0)
    assert permutation_p([], []) is paired_bootstrap([], []) is None


@pytest.mark.parametrize("test", [permutation_p, paired_bootstrap])
def test_runs_of_different_length(test: object) -> None:
    """Values that are not of the same cases are an error."""
    assert callable(test)
    with pytest.raises(ValueError, match="shorter"):
        test([1.0, 2.0], [1.0])


def test_the_paired_interval_is_that_of_the_metrics() -> None:
    """The difference is the one of the means, and its interval that of the reference, but for chance."""
    base = [float(i % 2 != 0) for i in range(300)]
    new = [float(i % 3 != 0) for i in range(300)]
    reference = paired_difference(new, base, seed=5)
    assert paired_bootstrap(base, new) == pytest.approx(reference, abs=0.007)
    found = paired_bootstrap(base, new)
    assert found is not None
    assert found.value == pytest.approx(fmean(new) - fmean(base))
