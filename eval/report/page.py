"""The report as one HTML file."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from eval.cases.model import SLICES
from eval.compare.model import Comparison
from eval.report.case_views import CaseView, case_views
from eval.report.changes import differences
from eval.report.charts import charts
from eval.report.counts import counts_of
from eval.report.descriptions import DESCRIPTIONS, Descriptions, describe
from eval.report.environment import environment, policy, source
from eval.report.figures import by_slice
from eval.report.summary import key_figures, key_metrics, metric_rows, slice_rows
from eval.report.verdict import gated, verdict_of, warnings_of
from eval.runs.model import Run

__all__ = ["write_html"]

_MOST_COLUMNS = 7  # of the table of slices, which then fits a page

Options = Sequence[tuple[str, str, int]]
"""Choices of a filter: value, label, cases."""


def write_html(
    run: Run,
    articles: Mapping[str, str],
    comparison: Comparison | None = None,
    base: Run | None = None,
    descriptions: Descriptions = DESCRIPTIONS,
) -> str:
    """Return the report of `run` as a page that needs nothing else and loads nothing.

    `articles` are texts by article id; without one, its quotes are shown alone. `base` is the run that `comparison`
    compares with; either may be given without the other.
    """
    style, script = source("style.css"), source("page.js")
    fixed = {"policy": policy(style, script), "style": style, "script": script}
    given = {
        "run": run,
        "base": base,
        "comparison": comparison,
        "describe": partial(describe, descriptions=descriptions),
    }
    views = case_views(run.records, base.records if base else (), articles, comparison)
    cases = {"cases": views, "filters": _filters(views, compared=comparison is not None)}
    figures = _figures(run, comparison, base, descriptions)
    return environment().get_template("page.html.jinja").render(fixed | given | cases | figures)


def _figures(
    run: Run, comparison: Comparison | None, base: Run | None, descriptions: Descriptions
) -> dict[str, object]:
    new, others = by_slice(run.records), by_slice(base.records) if base else {}
    metrics = key_metrics(run.records, comparison, descriptions)
    columns = [metric for metric in metrics if not describe(metric, descriptions).unit][:_MOST_COLUMNS]
    return {
        "verdict": verdict_of(comparison, descriptions),
        "warnings": warnings_of(comparison, descriptions),
        "gated": gated(comparison) if comparison else [],
        "differing": differences(run.header, base.header) if base else [],
        "counts": counts_of(run.records),
        "keys": key_figures(run.records, metrics, comparison, descriptions),
        "columns": columns,
        "slices": slice_rows(new, others, columns),
        "every_metric": metric_rows(run.records, descriptions),
        "charts": charts(run, base, metrics, descriptions),
    }


def _filters(views: Iterable[CaseView], *, compared: bool) -> dict[str, Options]:
    """Return the choices of each filter that have a case; `changes` only where there is something to compare with."""
    everything = list(views)
    slices = Counter(view.case.slice for view in everything)
    results = Counter(view.result for view in everything)
    changes = Counter(change for view in everything for change in view.changes)
    return {
        "slice": [(name, name, slices[name]) for name in SLICES if slices[name]],
        "result": [(name, name, results[name]) for name in ("right", "wrong", "error", "unjudged") if results[name]],
        "change": [(name, name, changes[name]) for name in ("better", "worse", "unchanged", "error")]
        if compared
        else [],
    }
