"""Numbers as a report shows them."""

from math import isfinite

__all__ = ["counted", "interval", "number", "p_value", "signed"]

_MINUS = "−"
_WHOLE = 100  # from here on, decimals say nothing
_LEAST_P = 0.001
_NO_NUMBER = "not a number"


def number(value: float, unit: str = "") -> str:
    """Return a share with three decimals, another value with its unit."""
    if not isfinite(value):
        return _NO_NUMBER
    return _digits(value, unit).replace("-", _MINUS) + _ending(unit)


def signed(value: float, unit: str = "") -> str:
    """Return a difference with its sign; one that rounds to zero has none."""
    if not isfinite(value):
        return _NO_NUMBER
    digits = _digits(value, unit)
    return ("+" if value > 0 and digits.strip("0.") else "") + digits.replace("-", _MINUS) + _ending(unit)


def interval(low: float, high: float, unit: str = "", *, difference: bool = False) -> str:
    """Return `low to high`, of a difference with signs; the unit stands once."""
    show = signed if difference else number
    return f"{show(low, unit).removesuffix(_ending(unit))} to {show(high, unit)}"


def p_value(p: float) -> str:
    """Return a p-value with three decimals; a smaller one as what it is smaller than."""
    return f"< {_LEAST_P}" if p < _LEAST_P else f"{p:.3f}"


def counted(n: int, one: str, many: str = "") -> str:
    """Return a number with its noun."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def _digits(value: float, unit: str) -> str:
    if not unit:
        digits = f"{value:.3f}"
    else:
        digits = f"{value:,.0f}" if unit == "tokens" or abs(value) >= _WHOLE else f"{value:.2f}"
    return digits if digits.strip("-0.,") else digits.removeprefix("-")


def _ending(unit: str) -> str:
    return f" {unit}" if unit else ""
