"""A run in a table: its main figures by slice, each with its 95 % interval."""

from rich.table import Table

from eval.cases.model import SLICES
from eval.metrics.table import METRICS
from eval.runs.model import Run
from eval.runs.scoring import ALL, Mean, aggregate

__all__ = ["summary_table"]

_SHOWN = ("outcome", "right", "all_of", "citation_recall", "citation_precision", "recall@5", "quote_valid", "error")


def summary_table(run: Run) -> Table:
    """Return one row for each slice and one for all."""
    present = {record.case.slice for record in run.records}
    table = Table("slice", "cases", *_SHOWN, title=f"{run.header.name}: {run.header.set}, {run.header.mode}")
    for slice_ in (*(name for name in SLICES if name in present), ALL):
        cases = {record.case.id for record in run.records if slice_ in (ALL, record.case.slice)}
        cells = (_cell(aggregate(run.records, metric, slice_)) for metric in _SHOWN)
        table.add_row(slice_, str(len(cases)), *cells, end_section=slice_ == SLICES[-1])
    return table


def _cell(mean: Mean | None) -> str:
    if mean is None:
        return "-"
    digits = 2 if METRICS[mean.metric].unit in ("", "rate", "share") else 1
    return f"{mean.value:.{digits}f} ({mean.low:.{digits}f}-{mean.high:.{digits}f})"
