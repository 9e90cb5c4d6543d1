"""The figures at the top of a report, and the tables below them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from eval.compare.model import Comparison, Row
from eval.report.counts import Counts, counts_of
from eval.report.descriptions import Description, Descriptions, describe
from eval.report.figures import ALL, Estimate, by_slice, estimate_of, metrics_of
from eval.report.verdict import gated
from eval.runs.model import CaseRecord

__all__ = [
    "KeyFigure",
    "MetricRow",
    "SliceRow",
    "key_figures",
    "key_metrics",
    "metric_rows",
    "slice_rows",
]

_MOST_KEYS = 8
Slices = Mapping[str, Sequence[CaseRecord]]


@dataclass(frozen=True)
class KeyFigure:
    """A metric over the whole set, what the comparison says of it, and whether that is good where it can be told."""

    described: Description
    estimate: Estimate
    row: Row | None
    trend: Literal["good", "bad", "level"]


@dataclass(frozen=True)
class SliceRow:
    """A slice: its counts, and for each metric its figure beside the baseline's."""

    name: str
    counts: Counts
    cells: Sequence[tuple[Estimate | None, Estimate | None]]


@dataclass(frozen=True)
class MetricRow:
    """A metric: its figure in each slice."""

    metric: str
    described: Description
    cells: Sequence[Estimate | None]


def key_metrics(records: Sequence[CaseRecord], comparison: Comparison | None, descriptions: Descriptions) -> list[str]:
    """Return the metrics that a summary shows: those described so, then those gated; where none is, the first ones."""
    present = metrics_of(records, descriptions)
    held = {row.metric for row in gated(comparison)} if comparison else set()
    chosen = [name for name in present if describe(name, descriptions).key]
    chosen += [name for name in present if name in held and name not in chosen]
    return (chosen or present)[:_MOST_KEYS]


def key_figures(
    records: Sequence[CaseRecord], metrics: Sequence[str], comparison: Comparison | None, descriptions: Descriptions
) -> list[KeyFigure]:
    """Return the figures of `metrics` over the whole set, with the comparison's row where it has one."""
    rows = {row.metric: row for row in comparison.rows if row.slice == ALL} if comparison else {}
    estimates = ((name, estimate_of(records, name)) for name in metrics)
    return [
        KeyFigure(
            describe(name, descriptions), value, rows.get(name), _trend(rows.get(name), describe(name, descriptions))
        )
        for name, value in estimates
        if value
    ]


def slice_rows(new: Slices, base: Slices, metrics: Sequence[str]) -> list[SliceRow]:
    """Return a row for the whole set and for each slice."""
    return [
        SliceRow(
            name,
            counts_of(records),
            [(estimate_of(records, metric), estimate_of(base.get(name, ()), metric)) for metric in metrics],
        )
        for name, records in new.items()
    ]


def metric_rows(records: Sequence[CaseRecord], descriptions: Descriptions) -> list[MetricRow]:
    """Return a row for each metric, with the whole set and the slices as columns, in the order of `by_slice`."""
    slices = by_slice(records)
    return [
        MetricRow(name, describe(name, descriptions), [estimate_of(chosen, name) for chosen in slices.values()])
        for name in metrics_of(records, descriptions)
    ]


def _trend(row: Row | None, described: Description) -> Literal["good", "bad", "level"]:
    """Return whether a difference is good, where its interval excludes zero and it is known which way is better."""
    if row is None or described.higher_is_better is None or row.low <= 0 <= row.high:
        return "level"
    return "good" if (row.difference > 0) == described.higher_is_better else "bad"
