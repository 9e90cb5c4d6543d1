"""How many cases came out how."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from eval.report.judged import result_of
from eval.runs.model import CaseRecord

__all__ = ["Counts", "counts_of"]


@dataclass(frozen=True)
class Counts:
    """How many cases there are of each result; repeats of a case count once."""

    cases: int
    right: int
    wrong: int
    unjudged: int
    errors: int


def counts_of(records: Iterable[CaseRecord]) -> Counts:
    """Return how many cases are right, wrong, without a score that tells, and without an answer."""
    repeats: dict[str, list[CaseRecord]] = defaultdict(list)
    for record in records:
        repeats[record.case.id].append(record)
    results = Counter(map(result_of, repeats.values()))
    return Counts(len(repeats), results["right"], results["wrong"], results["unjudged"], results["error"])
