"""Pictures: values stand where they belong, and the same figures stand in the table."""

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from eval.cases.model import Case
from eval.report.axes import Frame
from eval.report.charts import charts
from eval.report.curve_charts import reliability_chart, risk_coverage_chart
from eval.report.descriptions import DESCRIPTIONS, Description
from eval.report.figures import by_slice
from eval.report.latency_chart import latency_chart
from eval.report.slice_chart import slice_chart
from eval.report.sure import Sure
from eval.report.svg import element
from eval.runs.model import CaseRecord, Run
from service.contract import Answer

Make = Callable[..., CaseRecord]
NONE = Sure([], [])


def places(picture: str, kind: str) -> list[tuple[float, float]]:
    """Return the centres of the dots of a kind."""
    dots = (dot for dot in ET.fromstring(picture).iter("circle") if dot.get("class") == f"dot {kind}")  # noqa: S314
    return [(float(dot.get("cx", "nan")), float(dot.get("cy", "nan"))) for dot in dots]


def test_text_and_attributes_are_escaped() -> None:
    """Nothing that is put into an element ends it."""
    made = element("text", "<b>&\x00", class_='"x" y="', x=1.25, text_anchor="end")
    assert made == '<text class="&#34;x&#34; y=&#34;" x="1.2" text-anchor="end">&lt;b&gt;&amp;\ufffd</text>'
    assert element("g", element("line", x1=2.0)) == '<g><line x1="2"></line></g>'


def test_a_frame_keeps_values_within() -> None:
    """0 is left and below, 1 right and above; what lies outside is put at the edge."""
    frame = Frame(10, 20, 100, 50)
    assert [frame.x(share) for share in (-1, 0, 0.5, 1, 7)] == [10, 10, 60, 110, 110]
    assert [frame.y(share) for share in (-1, 0, 0.5, 1, 7)] == [70, 70, 45, 20, 20]


def test_slices_beside_the_baseline(case: Callable[..., Case], record: Make) -> None:
    """A dot for each slice at its mean, the baseline's below it, and both in the table."""

    def scored(*scores: float) -> dict[str, list[CaseRecord]]:
        return by_slice(record(case(id=f"S{i}"), scores={"right": score}) for i, score in enumerate(scores))

    chart = slice_chart("right", Description("Right"), scored(1, 1, 0, 1), scored(1, 0, 0, 1))
    assert chart.compared
    assert chart.rows == [
        (name, "4", "0.750", "0.301 to 0.954", "0.500", "0.150 to 0.850") for name in ("all", "single")
    ]
    new, base = places(chart.picture, "new"), places(chart.picture, "base")
    width = (new[0][0] - base[0][0]) / 0.25
    assert new[0][0] == new[1][0] == pytest.approx(128 + 0.75 * width)
    assert new[0][1] < base[0][1] < new[1][1] < base[1][1]
    assert 'aria-label="Right by slice: all 0.750, single 0.750"' in chart.picture
    assert not slice_chart("right", Description("Right"), scored(1), {}).compared


def test_risk_over_coverage() -> None:
    """Of four answers the surest two are right, the third is wrong: risk 1/3 at coverage 3/4, 1/4 at 1."""
    chart = risk_coverage_chart(Sure([0.9, 0.8, 0.7, 0.6], [True, True, False, True]), NONE)
    assert chart.rows == [
        ("0.900", "0.250", "0.000"),
        ("0.800", "0.500", "0.000"),
        ("0.700", "0.750", "0.333"),
        ("0.600", "1.000", "0.250"),
    ]
    # the area: (0 + 0 + 1/3 + 1/4) / 4 = 0.1458
    assert "0.146, 4 answers." in chart.caption
    dots = places(chart.picture, "new")
    assert [x for x, _ in dots] == pytest.approx([58 + 384 * share for share in (0.25, 0.5, 0.75, 1)], abs=0.1)
    assert dots[0][1] == dots[1][1] > dots[3][1] > dots[2][1]


def test_many_points_are_thinned_in_the_table() -> None:
    """The table has at most 25 rows, and the last point is among them; the curve has all points."""
    chart = risk_coverage_chart(Sure([i / 100 for i in range(100)], [True] * 100), NONE)
    assert len(chart.rows) == 25
    assert chart.rows[-1] == ("0.000", "1.000", "0.000")
    assert len(re.findall(r"[\d.]+,[\d.]+", chart.picture)) == 100


def test_reliability_by_tenths() -> None:
    """Two scores about .85 of which one is right, one of .2 that is wrong; the error weighs both bins."""
    sure = Sure([0.84, 0.86, 0.2], [True, False, False])
    chart = reliability_chart(sure, Sure([0.5], [True]))
    assert chart.rows == [
        ("0.1 to 0.2", "1", "0.200", "0.000", "0.000 to 0.793"),
        ("0.8 to 0.9", "2", "0.850", "0.500", "0.095 to 0.905"),
    ]
    # (1 × .2 + 2 × .35) / 3 = .3; the baseline: .5
    assert "error: 0.300; baseline 0.500." in chart.caption
    assert places(chart.picture, "new")[1] == pytest.approx((58 + 384 * 0.85, 14 + 262 / 2), abs=0.1)
    assert places(chart.picture, "base") == [pytest.approx((58 + 384 * 0.5, 14), abs=0.1)]


def test_latency_on_a_scale_of_powers(answer: Callable[..., Answer], record: Make) -> None:
    """The median of 10, 100 and 1,000 ms lies two thirds of the way to a second; `total` comes last."""
    records = [record(answer=answer(timings_ms={"total": ms, "check": 0})) for ms in (10, 100, 1000)]
    chart = latency_chart(records, [], "as recorded")
    assert chart
    assert [row[:3] for row in chart.rows] == [("check", "3", "0 ms"), ("total", "3", "100 ms")]
    check, total = places(chart.picture, "new")
    assert check[0] == 96
    assert total[0] == pytest.approx(96 + (460 - 96 - 72) * 2 / 3, abs=0.1)
    assert latency_chart([record()], [], "") is None


def test_charts_of_what_there_is(case: Callable[..., Case], record: Make, run: Callable[..., Run]) -> None:
    """A metric of one slice, or with a unit, has no chart by slice; without scores there are no curves."""
    slices = ("single", "conflict")
    records = [
        record(case(id=name, slice=name), scores={"right": 1, "seconds": 2} | ({"f1": 1} if name == "single" else {}))
        for name in slices
    ]
    made = charts(run(*records), None, ["right", "f1", "seconds"], DESCRIPTIONS)
    assert [chart.title for chart in made] == ["Right answers"]
