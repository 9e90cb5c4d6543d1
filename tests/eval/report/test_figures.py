from collections.abc import Callable
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.cases.model import Case
from eval.report.descriptions import DESCRIPTIONS
from eval.report.figures import Estimate, by_slice, estimate, estimate_of, metrics_of
from eval.runs.model import CaseRecord

Make = Callable[..., CaseRecord]


def test_the_interval_of_a_rate_is_wilsons() -> None:
    """3 of 4: .750, .301 to .954 (as in any table of Wilson's interval)."""
    found = estimate([1.0, 1.0, 0.0, 1.0])
    assert found
    assert (found.value, found.n) == (0.75, 4)
    assert (found.low, found.high) == pytest.approx((0.3006, 0.9544), abs=5e-5)


def test_the_interval_of_other_means_is_the_bootstraps() -> None:
    """The same each time, around the mean; of one value it has no width."""
    found = estimate([0.5, 1.0, 0.0, 0.25] * 10)
    assert found
    assert found == estimate([0.5, 1.0, 0.0, 0.25] * 10)
    # the error of the mean is 0.3698 / sqrt(40) = 0.0585, and 1.96 of it 0.1146
    assert (found.low, found.high) == pytest.approx((0.4375 - 0.1146, 0.4375 + 0.1146), abs=0.02)
    assert estimate([0.25]) == Estimate(0.25, 1, 0.25, 0.25)
    assert estimate([]) is None


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_the_mean_lies_in_the_range_of_its_values(values: list[float]) -> None:
    """Bounds stay within what is possible and in order."""
    found = estimate(values)
    assert found
    assert found.value == pytest.approx(fmean(values))
    assert 0 <= found.low <= found.high <= 1


def test_repeats_are_averaged_first(case: Callable[..., Case], record: Make) -> None:
    """A case that was asked three times weighs as one that was asked once."""
    one, two = case(id="S1"), case(id="S2")
    records = [record(one, repeat=i, scores={"right": 1.0}) for i in range(3)] + [record(two, scores={"right": 0.0})]
    found = estimate_of(records, "right")
    assert found
    assert (found.value, found.n) == (0.5, 2)


def test_errors_and_what_is_no_number_are_in_no_mean(case: Callable[..., Case], record: Make) -> None:
    """A score of a case that failed does not count, nor does one that is not a number."""
    cases = [case(id=f"S{i}") for i in range(3)]
    records = [
        record(cases[0], scores={"right": 1.0}),
        record(cases[1], answer=None, scores={"right": 0.0}),
        record(cases[2], scores={"right": float("nan")}),
    ]
    found = estimate_of(records, "right")
    assert found
    assert (found.value, found.n) == (1.0, 1)
    assert estimate_of(records, "f1") is None


def test_slices_in_their_order(case: Callable[..., Case], record: Make) -> None:
    """The whole set comes first, then the slices that have a case."""
    records = [record(case(id=f"c{i}", slice=name)) for i, name in enumerate(("conflict", "single", "conflict"))]
    assert {name: len(chosen) for name, chosen in by_slice(records).items()} == {"all": 3, "single": 1, "conflict": 2}
    assert list(by_slice(records)) == ["all", "single", "conflict"]


def test_metrics_in_their_order(record: Make) -> None:
    """Those described come first, in the order of the descriptions, others by name."""
    records = [record(scores={"zeal": 1, "f1": 1}), record(scores={"right": 1, "bite": 1})]
    assert metrics_of(records, DESCRIPTIONS) == ["right", "f1", "bite", "zeal"]
