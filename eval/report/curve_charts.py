"""What the scores of answers are worth: the risk-coverage curve, and the reliability diagram."""

from collections.abc import Sequence

from markupsafe import Markup

from eval.metrics.calibration import Bin, expected_calibration_error, reliability
from eval.metrics.interval import wilson
from eval.metrics.risk_coverage import Point, area_under, risk_coverage
from eval.report.axes import QUARTERS, Frame, grid_x, grid_y
from eval.report.formats import interval, number
from eval.report.sure import Sure
from eval.report.svg import Chart, drawing, element

__all__ = ["reliability_chart", "risk_coverage_chart"]

_WIDTH, _HEIGHT = 460.0, 330.0
_FRAME = Frame(58, 14, 384, 262)
_MOST_ROWS = 25
_LEAST_RADIUS, _MOST_RADIUS = 4.0, 11.0


def risk_coverage_chart(new: Sure, base: Sure) -> Chart:
    """Return risk over coverage of answers, the surest first; `base` is empty where there is no baseline."""
    points, others = risk_coverage(new.scores, new.right), risk_coverage(base.scores, base.right)
    area, other = area_under(points), area_under(others)
    before = "" if other is None else f"; baseline {number(other)}, {len(base.scores)} answers"
    return Chart(
        title="Risk and coverage",
        caption="Share of wrong answers among the surest, as more are given. Area under the curve, 0 is best: "
        f"{number(area or 0)}, {len(new.scores)} answers{before}.",
        picture=_curves(points, others),
        head=("score at least", "coverage", "risk"),
        rows=[(number(p.threshold), number(p.coverage), number(p.risk)) for p in _thinned(points)],
        compared=bool(others),
    )


def reliability_chart(new: Sure, base: Sure) -> Chart:
    """Return the share of right answers by their score; `base` is empty where there is no baseline."""
    bins, others = reliability(new.scores, new.right), reliability(base.scores, base.right)
    error, other = (expected_calibration_error(sure.scores, sure.right) for sure in (new, base))
    before = "" if other is None else f"; baseline {number(other)}"
    return Chart(
        title="Reliability of support scores",
        caption="Share of right answers beside the score they were given (the least of their statements), in tenths. "
        f"On the diagonal a score is a probability. Expected calibration error: {number(error or 0)}{before}.",
        picture=_diagram(bins, others),
        head=("scores", "answers", "mean score", "right", "95 % interval"),
        rows=[_told(item) for item in bins],
        compared=bool(others),
    )


def _curves(points: Sequence[Point], others: Sequence[Point]) -> Markup:
    most = max((point.risk for point in (*points, *others)), default=0)
    top = next(limit for limit in (0.1, 0.2, 0.4, 1.0) if most <= limit)
    ticks = [(share, f"{share * top:.3g}") for share, _ in QUARTERS]
    last = points[-1].risk if points else 0
    says = f"Risk over coverage: {number(last)} of the answers are wrong where all are given"
    marks = [_curve(others, top, "base"), _curve(points, top, "new"), _dots(points, top)]
    return drawing(_WIDTH, _HEIGHT, says, *_axes("coverage", "risk", ticks), *marks)


def _curve(points: Sequence[Point], top: float, kind: str) -> Markup:
    places = " ".join(f"{_FRAME.x(point.coverage):.1f},{_FRAME.y(point.risk / top):.1f}" for point in points)
    return element("polyline", points=places, class_=f"curve {kind}") if points else Markup()


def _dots(points: Sequence[Point], top: float) -> Markup:
    return Markup().join(
        element(
            "circle",
            element("title", f"score {number(p.threshold)}: coverage {number(p.coverage)}, risk {number(p.risk)}"),
            cx=_FRAME.x(p.coverage),
            cy=_FRAME.y(p.risk / top),
            r=3,
            class_="dot new",
        )
        for p in _thinned(points)
    )


def _diagram(bins: Sequence[Bin], others: Sequence[Bin]) -> Markup:
    told = ", ".join(f"{number(item.mean_score)} {number(item.right)}" for item in bins)
    diagonal = element("line", x1=_FRAME.x(0), y1=_FRAME.y(0), x2=_FRAME.x(1), y2=_FRAME.y(1), class_="diagonal")
    most = max((item.n for item in (*bins, *others)), default=1)
    marks = [*(_bubble(item, most, "base") for item in others), *(_bubble(item, most, "new") for item in bins)]
    says = f"Mean score and share right, by tenths of the score: {told}"
    return drawing(_WIDTH, _HEIGHT, says, *_axes("score", "right", QUARTERS), diagonal, *marks)


def _bubble(item: Bin, most: int, kind: str) -> Markup:
    x = _FRAME.x(item.mean_score)
    low, high = _interval(item)
    radius = _LEAST_RADIUS + (_MOST_RADIUS - _LEAST_RADIUS) * (item.n / most) ** 0.5
    whisker = element("line", x1=x, x2=x, y1=_FRAME.y(low), y2=_FRAME.y(high), class_=f"whisker {kind}")
    title = element("title", f"score {number(item.mean_score)}, right {number(item.right)}, n {item.n}")
    dot = element("circle", title, cx=x, cy=_FRAME.y(item.right), r=radius, class_=f"dot {kind}")
    return (whisker if kind == "new" else Markup()) + dot


def _axes(across: str, up: str, ticks: Sequence[tuple[float, str]]) -> list[Markup]:
    bottom = _FRAME.top + _FRAME.height + 40
    middle = _FRAME.top + _FRAME.height / 2
    turned = f"rotate(-90 12 {middle:.0f})"
    return [
        grid_y(_FRAME, ticks),
        grid_x(_FRAME, QUARTERS),
        element("text", across, x=_FRAME.x(0.5), y=bottom, text_anchor="middle", class_="axis"),
        element("text", up, x=12, y=middle, text_anchor="middle", transform=turned, class_="axis"),
    ]


def _interval(item: Bin) -> tuple[float, float]:
    return wilson(round(item.right * item.n), item.n)


def _told(item: Bin) -> tuple[str, ...]:
    edges = f"{item.low:g} to {item.high:g}"
    return edges, str(item.n), number(item.mean_score), number(item.right), interval(*_interval(item))


def _thinned(points: Sequence[Point]) -> Sequence[Point]:
    """Return at most `_MOST_ROWS` points, evenly chosen, the last among them."""
    step = -(-len(points) // _MOST_ROWS) or 1
    return points[::-1][::step][::-1]
