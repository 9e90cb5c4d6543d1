from collections.abc import Callable

import pytest

from eval.cases.model import Case
from eval.report.counts import Counts, counts_of
from eval.report.judged import is_failed, is_right, result_of
from eval.runs.model import CaseRecord
from service.contract import Answer

Make = Callable[..., CaseRecord]


@pytest.mark.parametrize(
    ("scores", "right"),
    [
        ({"right": 1.0}, True),
        ({"right": 0.0, "all_of": 1.0, "outcome": 1.0}, False),
        ({"conflict_shown": 1.0, "all_of": 0.0}, True),
        ({"all_of": 1.0}, True),
        ({"refused": 1.0, "outcome": 1.0}, True),
        ({"outcome": 0.0}, False),
        ({"right": 1.0, "says_forbidden": 1.0}, False),
        ({"right": 1.0, "says_forbidden": 0.0}, True),
        ({"f1": 1.0, "seconds": 3.0}, None),
        ({}, None),
    ],
)
def test_what_makes_an_answer_right(record: Make, scores: dict[str, float], right: bool | None) -> None:
    """The first deciding score decides, and saying what must not be said makes any answer wrong."""
    assert is_right(record(scores=scores)) is right


def test_nothing_decided_is_an_error(record: Make, answer: Callable[..., Answer]) -> None:
    """A case without an answer, and one whose answer failed, is neither right nor wrong."""
    none = record(answer=None, scores={"right": 1.0})
    failed = record(answer=answer(outcome="failed"), scores={"right": 1.0})
    assert is_failed(none)
    assert is_failed(failed)
    assert is_right(none) is is_right(failed) is None
    assert not is_failed(record())


def test_the_worst_repeat_tells(record: Make) -> None:
    """Error before wrong before right; a repeat without a score says nothing."""
    right, wrong, error, unjudged = (
        record(scores={"right": 1.0}), record(scores={"right": 0.0}), record(answer=None), record(),
    )  # fmt: skip
    assert result_of([right, unjudged]) == "right"
    assert result_of([right, wrong]) == "wrong"
    assert result_of([right, wrong, error]) == "error"
    assert result_of([unjudged]) == "unjudged"


def test_cases_are_counted_once(record: Make, case: Callable[..., Case]) -> None:
    """Repeats of a case are one case."""
    one, two, three = (case(id=name) for name in ("S1", "S2", "S3"))
    records = [
        record(one, scores={"right": 1.0}), record(one, repeat=1, scores={"right": 0.0}),
        record(two, scores={"right": 1.0}), record(three, answer=None),
    ]  # fmt: skip
    assert counts_of(records) == Counts(cases=3, right=1, wrong=1, unjudged=0, errors=1)
    assert counts_of([]) == Counts(0, 0, 0, 0, 0)
