from collections.abc import Callable

import pytest

from eval.compare.model import Comparison, Gate, Row
from eval.report.descriptions import DESCRIPTIONS, describe
from eval.report.summary import key_figures, key_metrics
from eval.report.verdict import held_to, verdict_of, warnings_of
from eval.runs.model import CaseRecord

ROW = {
    "metric": "right",
    "slice": "all",
    "n": 9,
    "base": 0.5,
    "new": 0.6,
    "difference": 0.1,
    "low": 0.05,
    "high": 0.2,
    "p": 0.1,
}


def comparison(*rows: dict[str, object], warnings: tuple[str, ...] = ()) -> Comparison:
    """Return a comparison with rows of these fields."""
    whole = tuple(Row.model_validate(ROW | row) for row in rows)
    return Comparison(base="b", new="n", rows=whole, flips=(), errors_base=0, errors_new=0, warnings=warnings)


GATED: dict[str, object] = {"gate": Gate(metric="right", floor=0.5)}


@pytest.mark.parametrize(
    ("compared", "state", "line"),
    [
        (None, "alone", "Not compared with a baseline"),
        (comparison({}), "ungated", "Compared, with no gate to hold"),
        (comparison(GATED), "passed", "Passed: 1 gate holds"),
        (comparison(GATED, GATED, {}), "passed", "Passed: 2 gates hold"),
        (comparison(GATED, GATED | {"failed": "below"}), "failed", "Failed: 1 of 2 gates"),
        (comparison({"failed": "below"}), "failed", "Failed: 1 of 1 gate"),
    ],
)
def test_verdicts(compared: Comparison | None, state: str, line: str) -> None:
    """A verdict passes only where a gate was there to hold; whatever failed fails it."""
    found = verdict_of(compared, DESCRIPTIONS)
    assert (found.state, found.line) == (state, line)
    assert (found.state == "failed") == bool(compared and compared.failed)
    assert list(found.reasons) == (["Right answers, all: below"] if state == "failed" else [])


def test_warnings_of_what_is_gated() -> None:
    """Warnings of the comparison come first; a row that is held to nothing has none."""
    found = comparison(
        GATED | {"too_small": "few", "slice": "conflict"}, {"too_small": "fewer"}, warnings=("set differs",)
    )
    assert warnings_of(found, DESCRIPTIONS) == ["set differs", "Right answers, conflict: few"]
    assert warnings_of(None, DESCRIPTIONS) == []


def test_what_gates_ask_for() -> None:
    """Floor and tolerance, either alone, or nothing."""
    assert held_to(Gate(metric="right", floor=0.9, tolerance=0.02)) == "at least 0.900, may fall by 0.020"
    assert held_to(Gate(metric="seconds", tolerance=0.5), "s") == "may fall by 0.50 s"
    assert held_to(Gate(metric="right")) == held_to(None) == "–"


def test_key_metrics(record: Callable[..., CaseRecord]) -> None:
    """Those described as key, then those gated; where neither is there, whatever there is, but not all of it."""
    records = [record(scores={"f1": 1, "right": 1, "em": 1, "seconds": 1})]
    assert key_metrics(records, None, DESCRIPTIONS) == ["right", "seconds"]
    assert key_metrics(records, comparison(GATED | {"metric": "f1"}), DESCRIPTIONS) == ["right", "seconds", "f1"]
    assert key_metrics([record(scores={"em": 1, "wit": 1})], None, DESCRIPTIONS) == ["em", "wit"]
    assert len(key_metrics([record(scores={f"m{i}": 1 for i in range(40)})], None, DESCRIPTIONS)) == 8


@pytest.mark.parametrize(
    ("metric", "found", "trend"),
    [
        ("right", (0.1, 0.01, 0.2), "good"),
        ("right", (-0.1, -0.2, -0.01), "bad"),
        ("right", (0.1, -0.01, 0.2), "level"),
        ("right", (0.0, 0.0, 0.0), "level"),
        ("seconds", (0.1, 0.01, 0.2), "bad"),
        ("seconds", (-0.1, -0.2, -0.01), "good"),
        ("wit", (0.1, 0.01, 0.2), "level"),
    ],
)
def test_which_way_is_better(
    record: Callable[..., CaseRecord], metric: str, found: tuple[float, float, float], trend: str
) -> None:
    """A difference is good or bad only where its interval excludes zero and the metric tells which way is better."""
    compared = comparison({"metric": metric} | dict(zip(("difference", "low", "high"), found, strict=True)))
    (figure,) = key_figures([record(scores={metric: 1.0})], [metric], compared, DESCRIPTIONS)
    assert figure.trend == trend


def test_rows_of_slices_are_not_shown_for_the_whole(record: Callable[..., CaseRecord]) -> None:
    """A figure of the whole set stands beside the comparison of the whole set or beside none."""
    found = comparison({"slice": "single"})
    (figure,) = key_figures([record(scores={"right": 1.0})], ["right"], found, DESCRIPTIONS)
    assert figure.row is None
    assert describe("wit").label == "wit"
