"""A metric by slice: its mean with the 95 % interval, and the baseline's below it."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from eval.report.axes import QUARTERS, Frame, grid_x
from eval.report.descriptions import Description
from eval.report.figures import ALL, Estimate, estimate_of
from eval.report.formats import interval, number
from eval.report.svg import Chart, drawing, element
from eval.runs.model import CaseRecord

__all__ = ["slice_chart"]

_WIDTH, _LABELS, _VALUES = 460.0, 128.0, 66.0
_ROW, _TOP, _BELOW = 32.0, 8.0, 28.0

Slices = Mapping[str, Sequence[CaseRecord]]
_Row = tuple[str, Estimate, Estimate | None]


def slice_chart(metric: str, described: Description, new: Slices, base: Slices) -> Chart:
    """Return the chart of a share (0 to 1) over the slices that have it; `base` is empty where there is no baseline."""
    rows = _rows(metric, new, base)
    compared = any(other for _, _, other in rows)
    return Chart(
        title=described.label,
        caption=described.meaning,
        picture=_draw(described.label, rows),
        head=("slice", "cases", "score", "95 % interval", *(("baseline", "its interval") if compared else ())),
        rows=[_told(row, compared=compared) for row in rows],
        compared=compared,
    )


def _rows(metric: str, new: Slices, base: Slices) -> list[_Row]:
    estimates = ((name, estimate_of(records, metric)) for name, records in new.items())
    return [(name, ours, estimate_of(base.get(name, ()), metric)) for name, ours in estimates if ours]


def _draw(label: str, rows: Sequence[_Row]) -> Markup:
    frame = Frame(_LABELS, _TOP, _WIDTH - _LABELS - _VALUES, _ROW * len(rows))
    height = frame.top + frame.height + _BELOW
    says = f"{label} by slice: " + ", ".join(f"{name} {number(ours.value)}" for name, ours, _ in rows)
    lines = (_line(frame, i, row) for i, row in enumerate(rows))
    return drawing(_WIDTH, height, says, grid_x(frame, QUARTERS), *lines)


def _line(frame: Frame, i: int, row: _Row) -> Markup:
    name, ours, other = row
    middle = frame.top + _ROW * (i + 0.5)
    y = middle - (5 if other else 0)
    kind = "label strong" if name == ALL else "label"
    label = element("text", name, x=frame.left - 12, y=middle + 4, text_anchor="end", class_=kind)
    value = element("text", number(ours.value), x=_WIDTH, y=middle + 4, text_anchor="end", class_=kind)
    return label + value + _mark(frame, y, ours, "new") + (_mark(frame, middle + 6, other, "base") if other else "")


def _mark(frame: Frame, y: float, shown: Estimate, kind: str) -> Markup:
    low, high = frame.x(shown.low), frame.x(shown.high)
    told = f"{number(shown.value)}, {interval(shown.low, shown.high)}, n {shown.n}"
    whisker = element("line", x1=low, x2=high, y1=y, y2=y, class_=f"whisker {kind}")
    dot = element("circle", element("title", told), cx=frame.x(shown.value), cy=y, r=4.5, class_=f"dot {kind}")
    return whisker + dot


def _told(row: _Row, *, compared: bool) -> tuple[str, ...]:
    name, ours, other = row
    beside = (number(other.value), interval(other.low, other.high)) if other else ("–", "–")
    return (name, str(ours.n), number(ours.value), interval(ours.low, ours.high), *(beside if compared else ()))
