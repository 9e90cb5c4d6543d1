from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.compare.comparing import compare, exit_code
from eval.compare.errors import CannotCompareError
from eval.compare.model import Comparison, Flip, Gate, Row
from eval.compare.tolerances import load_gates
from eval.metrics.table import METRICS
from eval.runs.model import Run

MakeRun = Callable[..., Run]
GATES = load_gates()
OUTCOME = (Gate(metric="outcome", tolerance=0.03),)
SLICES = ("single", "multi-hop", "unanswerable", "temporal", "conflict")


def scores(right: float, **others: float) -> dict[str, float]:
    """Return the scores of an answer that is right or wrong in every way."""
    names = ("outcome", "right", "citation_recall", "citation_precision", "recall@5", "all_evidence_recall@10")
    return {**dict.fromkeys(names, right), "quote_valid": 1.0, "says_forbidden": 0.0, **others}


def row(comparison: Comparison, metric: str, slice_: str = "all") -> Row:
    """Return the row of a metric over a slice."""
    (found,) = [row for row in comparison.rows if (row.metric, row.slice) == (metric, slice_)]
    return found


def baseline(n: int = 170) -> list[dict[str, float]]:
    """Return scores of which four of five are right."""
    return [scores(float(i % 5 != 0)) for i in range(n)]


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=20))
def test_a_run_beside_itself(make_run: MakeRun, values: list[tuple[bool, float]]) -> None:
    """Identical runs differ in nothing and fail no gate of difference, whatever they scored."""
    run = make_run([scores(float(right), f1=f1) for right, f1 in values], slices=SLICES)
    found = compare(run, run, GATES)
    assert not found.failed
    assert exit_code(found) == 0
    assert found.flips == ()
    assert {(row.difference, row.low, row.high, row.p) for row in found.rows} == {(0.0, 0.0, 0.0, 1.0)}


def test_a_case_in_seven_broken_fails(make_run: MakeRun) -> None:
    """Of 170 cases 15 % that were right and no longer are fail the gate, which says by how much."""
    before = baseline()
    right = [i for i, values in enumerate(before) if values["outcome"]]
    broken = set(np.random.default_rng(1).choice(right, 26, replace=False).tolist())
    after = [scores(0.0) if i in broken else values for i, values in enumerate(before)]
    found = compare(make_run(before, name="base"), make_run(after, name="broken"), GATES)
    outcome = row(found, "outcome")
    assert (found.base, found.new, found.failed, exit_code(found)) == ("base", "broken", True, 1)
    assert outcome.difference == pytest.approx(-26 / 170)
    assert outcome.failed is not None
    assert "fell by 0.1529" in outcome.failed
    assert "beyond the 0.03 allowed" in outcome.failed
    assert outcome.high < -0.03
    assert outcome.p_holm is not None
    assert outcome.p < outcome.p_holm < 0.05
    assert outcome.too_small is None
    assert row(found, "quote_valid").failed is None


def test_better_is_never_worse(make_run: MakeRun) -> None:
    """The same change the other way round fails nothing."""
    before = [scores(0.0) if i < 26 else scores(1.0) for i in range(170)]
    assert not compare(make_run(before), make_run([scores(1.0)] * 170), GATES).failed


def test_noise_seldom_fails(make_run: MakeRun) -> None:
    """Of 200 runs again, whose cases flip at random as often one way as the other, fewer than 5 % fail a gate."""
    draw = np.random.default_rng(7)
    names = ("outcome", "right")
    base = make_run(
        [{name: values[name] for name in names} for values in baseline()], slices=("single", "unanswerable")
    )

    def again() -> Run:
        records = []
        for record in base.records:
            flips = {name: 1 - record.scores[name] for name in names if draw.random() < 0.08}
            records.append(record.model_copy(update={"scores": {**record.scores, **flips}}))
        return base.model_copy(update={"records": tuple(records)})

    gates = [gate for gate in GATES if gate.metric in names]
    found = [compare(one, other, gates) for one, other in pairwise(again() for _ in range(201))]
    assert sum(comparison.failed for comparison in found) < 10
    assert all(comparison.flips for comparison in found)


def test_costs_are_mirrored(make_run: MakeRun) -> None:
    """What is better lower fails where it rises, and not where it falls."""
    low, high = ([scores(1.0, says_forbidden=value)] * 60 for value in (0.0, 1.0))
    rising = row(compare(make_run(low), make_run(high), GATES), "says_forbidden")
    assert rising.failed is not None
    assert "rose by 1 " in rising.failed
    assert row(compare(make_run(high), make_run(low), GATES), "says_forbidden").failed is None


def test_a_floor_needs_no_change(make_run: MakeRun) -> None:
    """A floor fails by the new mean alone, with the same in the base; a ceiling where it is exceeded."""
    run = make_run([scores(1.0, quote_valid=0.5, says_forbidden=1.0), scores(1.0)])
    gates = [Gate(metric="quote_valid", floor=1.0), Gate(metric="says_forbidden", floor=0.4)]
    found = compare(run, run, gates)
    assert row(found, "quote_valid").failed == "is 0.75 over 2 cases, below the floor of 1"
    assert row(found, "says_forbidden").failed == "is 0.5 over 2 cases, above the ceiling of 0.4"
    assert row(found, "quote_valid").p_holm is None


def test_a_floor_sees_cases_without_a_base(make_run: MakeRun) -> None:
    """A quote that is made up fails the floor in a case that quoted nothing before, in a row without a pair."""
    base = make_run([{"outcome": 1.0}, {"outcome": 1.0}])
    found = compare(base, make_run([{"outcome": 1.0, "quote_valid": 0.0}, {"outcome": 1.0}]), GATES)
    quotes = row(found, "quote_valid")
    assert found.failed
    assert (quotes.n, quotes.base, quotes.new, quotes.difference) == (0, 0.0, 0.0, 0.0)
    assert quotes.too_small == "no case has a score in both runs"


def test_only_common_scores_are_paired(make_run: MakeRun) -> None:
    """A case that has a score in one run alone is in no row of that metric."""
    found = compare(
        make_run([{"right": 1.0}, {"right": 0.0}, None]), make_run([{"right": 0.0}, {}, {"right": 1.0}]), ()
    )
    assert (row(found, "right").n, row(found, "right").base, row(found, "right").new) == (1, 1.0, 0.0)
    assert (found.errors_base, found.errors_new) == (1, 0)


def test_repeats_are_averaged_first(make_run: MakeRun) -> None:
    """Three repeats of two cases are two cases, each with its mean."""
    base = make_run(*[[{"right": 1.0}, {"right": 0.0}]] * 3)
    new = make_run([{"right": 1.0}] * 2, [{"right": 0.0}] * 2, [{"right": 1.0}, {"right": 0.0}])
    found = row(compare(base, new, ()), "right")
    assert (found.n, found.base) == (2, 0.5)
    assert found.new == pytest.approx((2 / 3 + 1 / 3) / 2)
    assert (found.low, found.high) == pytest.approx((-1 / 3, 1 / 3))


def test_flips_in_both_directions(make_run: MakeRun) -> None:
    """A case that was right and is no longer flipped to worse, another to better; others are not named."""
    base = make_run([{"right": 1.0}, {"right": 0.0}, {"right": 1.0}, {"right": 1.0}], slices=("single", "temporal"))
    new = make_run([{"right": 0.0}, {"right": 1.0}, {"right": 1.0}, None], slices=("single", "temporal"))
    assert compare(base, new, ()).flips == (
        Flip(case_id="c0", slice="single", metric="right", to="worse"),
        Flip(case_id="c1", slice="temporal", metric="right", to="better"),
    )


def test_repeats_flip_by_majority(make_run: MakeRun) -> None:
    """A case that was right in two repeats of three flips where it is right in one of them, not in all."""
    base = make_run(*[[{"outcome": value}] * 2 for value in (1.0, 1.0, 0.0)])
    new = make_run(*[[{"outcome": one}, {"outcome": 1.0}] for one in (1.0, 0.0, 0.0)])
    assert [flip.case_id for flip in compare(base, new, ()).flips] == ["c0"]


def test_slices_have_rows_and_gates_of_their_own(make_run: MakeRun) -> None:
    """A slice that breaks fails its own gate; the whole set may hold."""
    slices = ("unanswerable", *["single"] * 9)
    before = [scores(1.0) for _ in range(400)]
    after = [scores(float(i % 10 != 0 or i % 20 == 0)) for i in range(400)]
    found = compare(make_run(before, slices=slices), make_run(after, slices=slices), GATES)
    assert (row(found, "outcome", "unanswerable").n, row(found, "outcome", "unanswerable").new) == (40, 0.5)
    assert row(found, "outcome", "unanswerable").failed
    assert row(found, "outcome", "single").difference == 0
    assert row(found, "outcome").failed is None


def test_rows_stand_in_the_order_of_the_table(make_run: MakeRun) -> None:
    """The whole set comes first, then the slices, each with its metrics in the order of the table."""
    run = make_run([scores(1.0, seconds=2.0)] * 4, slices=("temporal", "single"))
    rows = [(row.slice, list(METRICS).index(row.metric)) for row in compare(run, run, ()).rows]
    assert list(dict.fromkeys(slice_ for slice_, _ in rows)) == ["all", "single", "temporal"]
    for slice_ in ("all", "single", "temporal"):
        assert (numbers := [number for of, number in rows if of == slice_]) == sorted(numbers)


def test_holm_corrects_over_tested_gates(make_run: MakeRun) -> None:
    """Two gates with a tolerance and one with a floor are two tests: p of the smaller is doubled."""
    base = make_run([{"outcome": 1.0, "right": 1.0, "quote_valid": 1.0}] * 8)
    new = make_run([{"outcome": float(i > 5), "right": float(i > 1), "quote_valid": 1.0} for i in range(8)])
    gates = (*OUTCOME, Gate(metric="right", tolerance=0.0), Gate(metric="quote_valid", floor=1.0))
    found = compare(base, new, gates)
    assert (row(found, "outcome").p, row(found, "outcome").p_holm) == (2 / 64, 4 / 64)
    assert (row(found, "right").p, row(found, "right").p_holm) == (0.5, 0.5)
    assert not found.failed  # alone, .03 would have failed
    assert compare(base, new, OUTCOME).failed


def test_errors_are_a_metric(make_run: MakeRun) -> None:
    """A model that stopped answering fails the gate on errors, though no other metric sees it."""
    found = compare(make_run([scores(1.0)] * 60), make_run([scores(1.0)] * 40 + [None] * 20), GATES)
    assert [row.metric for row in found.rows if row.failed] == ["error"]
    assert (found.errors_base, found.errors_new) == (0, 20)
    assert "20 cases of the new run have no answer, of the base 0; rows lack them" in found.warnings


def test_a_small_set_says_so(make_run: MakeRun) -> None:
    """Gates over few cases say what they cannot see; of rows without a tolerance, or in seconds, nothing is said."""
    run = make_run([scores(float(i % 5 != 0), seconds=1.0) for i in range(20)])
    found = compare(run, run, (*OUTCOME, Gate(metric="seconds", tolerance=1.0), Gate(metric="quote_valid", floor=1.0)))
    assert "with 20 cases only a change for the worse of 0." in (row(found, "outcome").too_small or "")
    assert (
        row(found, "seconds").too_small is row(found, "quote_valid").too_small is row(found, "right").too_small is None
    )
    tiny = make_run([scores(1.0)] * 4)
    assert row(compare(tiny, tiny, OUTCOME), "outcome").too_small == (
        "with 4 cases that stand so, no change for the worse would be seen four times of five"
    )


def test_other_sets_cannot_be_compared(make_run: MakeRun) -> None:
    """Runs whose cases or articles differ are refused, with the remedy."""
    with pytest.raises(
        CannotCompareError, match=r"new is of the set 'harbour' \(ffffffffffff\).*run the baseline again"
    ):
        compare(make_run([scores(1.0)]), make_run([scores(1.0)], name="other", fingerprint="0" * 64), ())


def test_runs_without_a_common_case(make_run: MakeRun) -> None:
    """Runs of different slices of a set have nothing to compare."""
    with pytest.raises(CannotCompareError, match="no case in common; run both on the same slices"):
        compare(make_run([scores(1.0)]), make_run([scores(1.0)], first=5), ())


def test_two_gates_over_the_same(make_run: MakeRun) -> None:
    """Two gates over one metric of one slice are refused."""
    run = make_run([scores(1.0)])
    with pytest.raises(CannotCompareError, match="two gates hold 'outcome' over 'all'; keep one"):
        compare(run, run, OUTCOME * 2)


def test_what_is_missing_is_told(make_run: MakeRun) -> None:
    """Cases that one run lacks, other modes and repeats, unknown scores and idle gates are warnings."""
    base = make_run([{"right": 1.0}] * 8, mode="live")
    new = make_run([{"right": 1.0, "elegance": 1.0}] * 2, [{"right": 1.0}] * 2, first=7)
    assert compare(base, new, OUTCOME).warnings == (
        "the runs are of different modes, live and replay: times do not compare",
        "the runs have different repeats, 1 and 2; they are averaged",
        "7 cases are missing in the new run, and in no row: c0, c1, c2, c3, c4, ...",
        "1 cases are missing in the base, and in no row: c8",
        "scores that no metric has are not compared: elegance",
        "the gate on 'outcome' over 'all' held nothing: no case has the score in both runs",
    )
