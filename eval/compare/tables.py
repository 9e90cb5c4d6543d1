"""A run as a table: the mean of each metric for each case."""

from collections.abc import Mapping
from dataclasses import dataclass

from eval.metrics.table import ERROR, METRICS
from eval.runs.model import Run
from eval.runs.scoring import ALL, case_means, scores_of

__all__ = ["Table", "tabulate"]


@dataclass(frozen=True)
class Table:
    """The slice of each case by id, and by metric the score of each case that has one, repeats averaged."""

    slices: Mapping[str, str]
    values: Mapping[str, Mapping[str, float]]
    unknown: frozenset[str] = frozenset()
    """Names of scores that no metric has, so that nobody knows which way is better."""

    @property
    def unanswered(self) -> int:
        """Return how many cases have no decided answer in any repeat."""
        return sum(share == 1 for share in self.values.get(ERROR, {}).values())

    def of(self, metric: str, slice_: str) -> dict[str, float]:
        """Return the scores of a metric by case, over a slice."""
        scores = self.values.get(metric, {})
        return {case: score for case, score in scores.items() if slice_ in (ALL, self.slices[case])}


def tabulate(run: Run) -> Table:
    """Return the table of a run; of records of the same case and repeat the last counts."""
    records = {record.key: record for record in run.records}.values()
    names = dict.fromkeys(name for record in records for name in scores_of(record))
    return Table(
        {record.case.id: record.case.slice for record in records},
        {name: case_means(records, name) for name in METRICS if name in names},
        frozenset(names) - set(METRICS),
    )
