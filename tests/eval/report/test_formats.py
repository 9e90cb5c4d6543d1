import pytest

from eval.report.formats import counted, interval, number, p_value, signed


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.9184, "", "0.918"),
        (-0.25, "", "−0.250"),
        (-0.0001, "", "0.000"),
        (5.257, "s", "5.26 s"),
        (612.4, "s", "612 s"),
        (1234.4, "tokens", "1,234 tokens"),
        (float("nan"), "", "not a number"),
        (float("inf"), "s", "not a number"),
    ],
)
def test_numbers(value: float, unit: str, shown: str) -> None:
    """Shares have three decimals, others two or none and their unit; zero has no sign."""
    assert number(value, unit) == shown


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [(0.024, "", "+0.024"), (-0.024, "", "−0.024"), (0.0, "", "0.000"), (0.0004, "", "0.000"), (-1.5, "s", "−1.50 s")],
)
def test_differences(value: float, unit: str, shown: str) -> None:
    """A difference has its sign, unless it rounds to zero."""
    assert signed(value, unit) == shown


def test_intervals() -> None:
    """The unit stands once; bounds of a difference have signs."""
    assert interval(0.301, 0.9544) == "0.301 to 0.954"
    assert interval(4.8, 5.75, "s") == "4.80 to 5.75 s"
    assert interval(-0.1, 0.2, difference=True) == "−0.100 to +0.200"


def test_p_values() -> None:
    """A p-value is never shown as zero."""
    assert p_value(0.0412) == "0.041"
    assert p_value(0.0004) == "< 0.001"


def test_counts() -> None:
    """One thing is one, others are many, by the noun's own plural where it is given."""
    assert [counted(n, "case") for n in (0, 1, 1200)] == ["0 cases", "1 case", "1,200 cases"]
    assert counted(2, "gate holds", "gates hold") == "2 gates hold"
