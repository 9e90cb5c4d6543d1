"""How long each stage of an answer takes: the median, and where most lie."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log10

import numpy as np
from markupsafe import Markup

from eval.report.axes import Frame, grid_x
from eval.report.svg import Chart, drawing, element
from eval.report.texts import shortened
from eval.runs.model import CaseRecord

__all__ = ["latency_chart"]

_WIDTH, _LABELS, _VALUES = 460.0, 96.0, 72.0
_ROW, _TOP, _BELOW = 34.0, 8.0, 28.0
_QUANTILES = (5, 25, 50, 75, 95)
_LAST = "total"
_LEAST_MS = 1.0  # times are whole milliseconds, and a scale of powers has no zero
_SECOND = 1_000.0


@dataclass(frozen=True)
class _Times:
    """Percentiles in milliseconds."""

    n: int
    p5: float
    p25: float
    p50: float
    p75: float
    p95: float


@dataclass(frozen=True)
class _Row:
    stage: str
    new: _Times
    base: _Times | None


def latency_chart(new: Sequence[CaseRecord], base: Sequence[CaseRecord], caption: str) -> Chart | None:
    """Return the chart of stages, `total` last, on a scale of powers of ten; None where nothing was timed."""
    rows = [_Row(stage, times, _times(base, stage)) for stage in _stages(new) if (times := _times(new, stage))]
    if not rows:
        return None
    compared = any(row.base for row in rows)
    return Chart(
        title="Latency by stage",
        caption=caption,
        picture=_draw(rows),
        head=("stage", "answers", "median", "p5 to p95", *(("baseline median", "p5 to p95") if compared else ())),
        rows=[_told(row, compared=compared) for row in rows],
        compared=compared,
    )


def _stages(records: Iterable[CaseRecord]) -> list[str]:
    named = dict.fromkeys(name for record in records if record.answer for name in record.answer.timings_ms)
    return sorted(named, key=lambda name: name == _LAST)


def _times(records: Iterable[CaseRecord], stage: str) -> _Times | None:
    answers = (record.answer for record in records if record.answer)
    values = [answer.timings_ms[stage] for answer in answers if stage in answer.timings_ms]
    return _Times(len(values), *map(float, np.percentile(values, _QUANTILES))) if values else None


def _draw(rows: Sequence[_Row]) -> Markup:
    frame = Frame(_LABELS, _TOP, _WIDTH - _LABELS - _VALUES, _ROW * len(rows))
    slowest = max(times.p95 for row in rows for times in (row.new, row.base) if times)
    powers = max(1, int(np.ceil(log10(max(slowest, _LEAST_MS)))))
    ticks = [(power / powers, _time(10.0**power)) for power in range(powers + 1)]
    says = "Median time by stage: " + ", ".join(f"{row.stage} {_time(row.new.p50)}" for row in rows)
    lines = (_line(frame, powers, i, row) for i, row in enumerate(rows))
    return drawing(_WIDTH, frame.top + frame.height + _BELOW, says, grid_x(frame, ticks), *lines)


def _line(frame: Frame, powers: int, i: int, row: _Row) -> Markup:
    middle = frame.top + _ROW * (i + 0.5)
    kind = "label strong" if row.stage == _LAST else "label"
    label = element("text", shortened(row.stage, 12), x=frame.left - 12, y=middle + 4, text_anchor="end", class_=kind)
    value = element("text", _time(row.new.p50), x=_WIDTH, y=middle + 4, text_anchor="end", class_=kind)
    ours = _mark(frame, powers, middle - (6 if row.base else 0), row.new, "new")
    return label + value + ours + (_mark(frame, powers, middle + 7, row.base, "base") if row.base else "")


def _mark(frame: Frame, powers: int, y: float, times: _Times, kind: str) -> Markup:
    p5, p25, p50, p75, p95 = (
        frame.x(log10(max(value, _LEAST_MS)) / powers)
        for value in (times.p5, times.p25, times.p50, times.p75, times.p95)
    )
    whisker = element("line", x1=p5, x2=p95, y1=y, y2=y, class_=f"whisker {kind}")
    half = element("line", x1=p25, x2=p75, y1=y, y2=y, class_=f"half {kind}")
    title = element("title", f"median {_time(times.p50)}, {_range(times)}")
    return whisker + half + element("circle", title, cx=p50, cy=y, r=4.5, class_=f"dot {kind}")


def _told(row: _Row, *, compared: bool) -> tuple[str, ...]:
    beside = (_time(row.base.p50), _range(row.base)) if row.base else ("–", "–")
    return (row.stage, str(row.new.n), _time(row.new.p50), _range(row.new), *(beside if compared else ()))


def _range(times: _Times) -> str:
    return f"{_time(times.p5)} to {_time(times.p95)}"


def _time(ms: float) -> str:
    return f"{ms:.0f} ms" if ms < _SECOND else f"{ms / _SECOND:.3g} s"
