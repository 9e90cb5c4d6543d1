"""The charts of a report."""

from collections.abc import Sequence
from itertools import islice

from eval.report.curve_charts import reliability_chart, risk_coverage_chart
from eval.report.descriptions import Descriptions, describe
from eval.report.figures import ALL, by_slice, estimate_of
from eval.report.latency_chart import latency_chart
from eval.report.slice_chart import slice_chart
from eval.report.sure import answers_with_scores
from eval.report.svg import Chart
from eval.runs.model import Mode, Run

__all__ = ["charts"]

_MOST_SLICE_CHARTS = 4
_BARS = "Dot: median; thick line: middle half; thin line: p5 to p95. The scale is in powers of ten. "
_TIMED: dict[Mode, str] = {
    "live": "Measured in this run.",
    "http": "As the server told.",
    "replay": "As recorded: nothing was measured in this run.",
    "mixed": "Retrieval was measured in this run; the model's part is as recorded.",
    "record": "Retrieval was measured in this run; the model's part is as recorded, or measured where it was not.",
}


def charts(run: Run, base: Run | None, metrics: Sequence[str], descriptions: Descriptions) -> list[Chart]:
    """Return those charts for which the run has figures."""
    new, others = answers_with_scores(run.records), answers_with_scores(base.records if base else ())
    curves = [risk_coverage_chart(new, others), reliability_chart(new, others)] if new.scores else []
    latency = latency_chart(run.records, base.records if base else (), _BARS + _TIMED[run.header.mode])
    return [*_by_slice(run, base, metrics, descriptions), *curves, *([latency] if latency else [])]


def _by_slice(run: Run, base: Run | None, metrics: Sequence[str], descriptions: Descriptions) -> list[Chart]:
    """Return a chart for each of the first shares that two slices or more have."""
    new, others = by_slice(run.records), by_slice(base.records) if base else {}
    slices = [records for name, records in new.items() if name != ALL]
    shares = (
        metric
        for metric in metrics
        if not describe(metric, descriptions).unit and sum(estimate_of(one, metric) is not None for one in slices) > 1
    )
    chosen = islice(shares, _MOST_SLICE_CHARTS)
    return [slice_chart(metric, describe(metric, descriptions), new, others) for metric in chosen]
