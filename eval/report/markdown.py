"""The report as Markdown that fits a comment on a pull request."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Literal

from eval.compare.model import Comparison, Flip, Row
from eval.report.counts import counts_of
from eval.report.descriptions import DESCRIPTIONS, Descriptions, describe
from eval.report.figures import ALL, by_slice, estimate
from eval.report.formats import counted, interval, number, p_value, signed
from eval.report.markdown_text import plain, table
from eval.report.summary import key_figures, key_metrics
from eval.report.texts import shortened
from eval.report.verdict import gated, held_to, verdict_of, warnings_of
from eval.runs.model import CaseRecord, Run

__all__ = ["write_markdown"]

_MOST_FLIPS = 20
_MOST_LINES = 20  # of reasons, of warnings, and of gates
_QUESTION_CHARS = 120
_LINE_CHARS = 300

Lines = list[str]


def write_markdown(run: Run, comparison: Comparison | None = None, descriptions: Descriptions = DESCRIPTIONS) -> str:
    """Return verdict, gates, slices, flipped cases and warnings; all that came from outside is escaped."""
    verdict = verdict_of(comparison, descriptions)
    parts = [
        [f"### Pullquote evals: {verdict.line}"],
        [_about(run, comparison)],
        _items(verdict.reasons),
        _gates(comparison, descriptions) if comparison else _figures(run, descriptions),
        _slices(run, comparison),
        _flips(run, comparison, "worse"),
        _flips(run, comparison, "better"),
        _warnings(comparison, descriptions),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _about(run: Run, comparison: Comparison | None) -> str:
    header = run.header
    model = header.model.get("chat") or ", ".join(header.model.values())
    against = f" against **{_short(comparison.base)}**" if comparison else ""
    about = [_short(header.set), counted(header.n_cases, "case"), header.mode, *([_short(model)] if model else [])]
    return f"**{_short(header.name)}**{against}: {', '.join(about)}"


def _gates(comparison: Comparison, descriptions: Descriptions) -> Lines:
    """Return the table of the gated rows, those that fail first."""
    rows = sorted(gated(comparison), key=lambda row: row.failed is None)
    if not rows:
        return []
    head = ("metric", "slice", "cases", "base", "new", "difference (95 %)", "p", "held to", "gate")
    left_out = [f"\nand {counted(len(rows) - _MOST_LINES, 'more gate')}"] if len(rows) > _MOST_LINES else []
    return [*table(head, [_gate(row, descriptions) for row in rows[:_MOST_LINES]], left=2), *left_out]


def _gate(row: Row, descriptions: Descriptions) -> tuple[str, ...]:
    described = describe(row.metric, descriptions)
    unit = described.unit
    between = interval(row.low, row.high, unit, difference=True)
    return (
        _short(described.label),
        _short(row.slice),
        str(row.n),
        number(row.base, unit),
        number(row.new, unit),
        f"{signed(row.difference, unit)} ({between})",
        p_value(row.p if row.p_holm is None else row.p_holm),
        held_to(row.gate, unit),
        "**fails**" if row.failed else "holds",
    )


def _figures(run: Run, descriptions: Descriptions) -> Lines:
    """Return the key figures of a run that is compared with nothing."""
    figures = key_figures(run.records, key_metrics(run.records, None, descriptions), None, descriptions)
    rows = [
        (
            _short(key.described.label),
            str(key.estimate.n),
            number(key.estimate.value, key.described.unit),
            interval(key.estimate.low, key.estimate.high, key.described.unit),
        )
        for key in figures
    ]
    return table(("metric", "cases", "score", "95 % interval"), rows, left=1) if rows else []


def _slices(run: Run, comparison: Comparison | None) -> Lines:
    changes = Counter((name, flip[1]) for flip in _cases(comparison) for name in (ALL, flip[2]))
    rows = [
        (*_slice(name, records), *((str(changes[name, "better"]), str(changes[name, "worse"])) if comparison else ()))
        for name, records in by_slice(run.records).items()
    ]
    head = ("slice", "cases", "right", "95 % interval", "errors", *(("better", "worse") if comparison else ()))
    return table(head, rows, left=1)


def _cases(comparison: Comparison | None) -> set[tuple[str, str, str]]:
    """Return case, direction and slice of what changed: a case counts once a direction."""
    return {(flip.case_id, flip.to, flip.slice) for flip in comparison.flips} if comparison else set()


def _slice(name: str, records: Sequence[CaseRecord]) -> tuple[str, ...]:
    counts = counts_of(records)
    share = estimate([1.0] * counts.right + [0.0] * counts.wrong)
    right = (f"{counts.right} of {share.n}", interval(share.low, share.high)) if share else ("–", "–")
    return name, str(counts.cases), *right, str(counts.errors)


def _flips(run: Run, comparison: Comparison | None, to: Literal["better", "worse"]) -> Lines:
    """Return the cases that changed in one direction, at most `_MOST_FLIPS`, with the metrics that did."""
    flipped: dict[str, list[Flip]] = defaultdict(list)
    for flip in comparison.flips if comparison else ():
        if flip.to == to:
            flipped[flip.case_id].append(flip)
    if not flipped:
        return []
    questions = {record.case.id: record.case.question for record in run.records}
    shown = list(flipped.items())[:_MOST_FLIPS]
    items = [f"- {_flip(flips, questions.get(case_id, ''))}" for case_id, flips in shown]
    rest = [f"- and {counted(len(flipped) - _MOST_FLIPS, 'more case')}"] if len(flipped) > _MOST_FLIPS else []
    return [f"**{to.capitalize()}: {counted(len(flipped), 'case')}**", "", *items, *rest]


def _flip(flips: Sequence[Flip], question: str) -> str:
    metrics = ", ".join(dict.fromkeys(_short(flip.metric) for flip in flips))
    return f"**{plain(flips[0].case_id)}** {plain(shortened(question, _QUESTION_CHARS))} ({flips[0].slice}: {metrics})"


def _warnings(comparison: Comparison | None, descriptions: Descriptions) -> Lines:
    found = warnings_of(comparison, descriptions)
    if comparison and (comparison.errors_new or comparison.errors_base):
        now, before = counted(comparison.errors_new, "case"), comparison.errors_base
        found = [f"{now} without an answer (baseline {before}), which are in no score", *found]
    return ["**To be read with care**", "", *_items(found)] if found else []


def _items(texts: Sequence[str]) -> Lines:
    rest = [f"- and {len(texts) - _MOST_LINES} more"] if len(texts) > _MOST_LINES else []
    return [f"- {_short(text)}" for text in texts[:_MOST_LINES]] + rest


def _short(text: str) -> str:
    return plain(shortened(text, _LINE_CHARS))
