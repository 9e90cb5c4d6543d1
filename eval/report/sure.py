"""How sure the service was of its answers, and whether they are right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

from eval.report.judged import is_right
from eval.runs.model import CaseRecord
from service.contract import Answer

__all__ = ["Sure", "answers_with_scores", "confidence"]


def confidence(answer: Answer) -> float | None:
    """Return the least score among the answer's statements, as a probability; None where a statement has none."""
    scores = [statement.score for statement in answer.statements]
    if not scores or any(score is None or not isfinite(score) or not 0 <= score <= 1 for score in scores):
        return None
    return min(score for score in scores if score is not None)


@dataclass(frozen=True)
class Sure:
    """Answers that have both a score and a verdict, as two sequences of the same order."""

    scores: Sequence[float]
    right: Sequence[bool]


def answers_with_scores(records: Iterable[CaseRecord]) -> Sure:
    """Return score and verdict of each answer that gave one; refusals and errors have no score."""
    pairs = [
        (score, right)
        for record in records
        if record.answer is not None
        and (right := is_right(record)) is not None
        and (score := confidence(record.answer)) is not None
    ]
    return Sure([score for score, _ in pairs], [right for _, right in pairs])
