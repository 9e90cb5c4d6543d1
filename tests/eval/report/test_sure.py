from collections.abc import Callable

import pytest

from eval.report.sure import Sure, answers_with_scores, confidence
from eval.runs.model import CaseRecord
from service.contract import Answer


def said(*scores: float | None) -> list[dict[str, object]]:
    """Return statements with these scores."""
    common = {"text": "x", "start": 0, "end": 1, "citation_ids": [], "verdict": "supported"}
    return [common | {"score": score} for score in scores]


@pytest.mark.parametrize(
    ("scores", "least"),
    [((0.9, 0.4), 0.4), ((), None), ((0.9, None), None), ((0.9, float("nan")), None), ((1.2,), None), ((-0.1,), None)],
)
def test_an_answer_is_as_sure_as_its_weakest_statement(
    answer: Callable[..., Answer], scores: tuple[float | None, ...], least: float | None
) -> None:
    """The least score counts; without a probability for each statement there is none."""
    assert confidence(answer(statements=said(*scores))) == least


def test_only_judged_answers_with_scores(answer: Callable[..., Answer], record: Callable[..., CaseRecord]) -> None:
    """Refusals, errors and what no score tells of are left out."""
    sure = answer(statements=said(0.8))
    records = [
        record(answer=sure, scores={"right": 1.0}),
        record(answer=answer(statements=said(0.3)), scores={"right": 0.0}),
        record(answer=sure),
        record(answer=answer(outcome="not_found"), scores={"refused": 1.0}),
        record(answer=None),
    ]
    assert answers_with_scores(records) == Sure([0.8, 0.3], [True, False])
