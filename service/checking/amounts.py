"""Amounts: numbers with what stands around them, and whether two may be said of the same thing.

"Nearly 300" and 297 may, as may "at least 40" and 52, and 42 km and 26 miles, which nobody converts here.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from service.checking.numbers import Number
from service.checking.units import units

__all__ = ["Amount", "amounts", "may_be_one"]

_LOOK_BACK = 32
_SIGN = r"\s(?:US|A|C)?[$€£¥₹]?\s?$"
_HEDGE = re.compile(
    r"(?:^|\W)(?:about|around|some|nearly|almost|roughly|approximately|circa|ca\.?|close to|just (?:over|under))"
    rf"{_SIGN}",
    re.IGNORECASE,
)
_LEAST = re.compile(
    rf"(?:^|\W)(?:at least|more than|over|upwards of|above|exceed(?:s|ed|ing)|(?:no|not) (?:fewer|less) than){_SIGN}",
    re.IGNORECASE,
)
_MOST = re.compile(
    rf"(?:^|\W)(?:up to|fewer than|less than|under|below|at most|(?:no|not) more than|as many as){_SIGN}", re.IGNORECASE
)
_RANGE = re.compile(r"\s?[-–—]\s?|\s(?:to|and)\s")
_ROUND = Decimal("0.02")  # of the larger, between a round number and the exact one
_HEDGED = Decimal("0.07")


@dataclass(frozen=True)
class Amount:
    """The least and the most that an amount may be (None: no bound), whether it is said to be rough, and its units."""

    low: Decimal | None
    high: Decimal | None
    rough: bool = False
    units: Mapping[str, str] = field(default_factory=dict)


def amounts(text: str, counts: Sequence[Number]) -> list[Amount]:
    """Return the amounts that these numbers of `text` are; two that make a range are one."""
    found: list[Amount] = []
    at = 0
    while at < len(counts):
        number, after = counts[at], at + 1
        if after < len(counts) and _RANGE.fullmatch(text, number.end, counts[after].start):
            low, high = sorted((max(number.values), max(counts[after].values)))
            found.append(Amount(low, high, units=_measure(text, counts[after])))
            at += 2
            continue
        found += _alone(text, number)
        at = after
    return found


def may_be_one(one: Amount, other: Amount) -> bool:
    """Tell whether two amounts may be of the same thing: equal, as near as they claim to be, or not to be compared."""
    if any(other.units.get(kind, unit) != unit for kind, unit in one.units.items()):
        return True
    if _within(one, other) and _within(other, one):
        return True
    return any(_near(a, b, rough=one.rough or other.rough) for a in _ends(one) for b in _ends(other))


def _alone(text: str, number: Number) -> list[Amount]:
    """Return what a number may be, one amount for each of its values."""
    before = text[max(0, number.start - _LOOK_BACK) : number.start]
    measure = _measure(text, number)
    if _LEAST.search(before):
        return [Amount(value, None, units=measure) for value in number.values]
    if _MOST.search(before):
        return [Amount(None, value, units=measure) for value in number.values]
    rough = _HEDGE.search(before) is not None
    return [Amount(value, value, rough, measure) for value in number.values]


def _measure(text: str, number: Number) -> Mapping[str, str]:
    """Return the units of a number that cannot be compared with others of their class; sums of money are."""
    return {kind: unit for kind, unit in units(text, number)[0].items() if kind != "currency"}


def _within(one: Amount, other: Amount) -> bool:
    """Tell whether the least of one is no more than the most of the other."""
    return one.low is None or other.high is None or one.low <= other.high


def _ends(amount: Amount) -> set[Decimal]:
    return {end for end in (amount.low, amount.high) if end is not None}


def _near(one: Decimal, other: Decimal, *, rough: bool) -> bool:
    """Tell whether a rough amount is near another one, or the rounder of two is what the other rounds to."""
    apart, larger = abs(one - other), max(abs(one), abs(other))
    if rough:
        return apart <= _HEDGED * larger
    rounder, exact = sorted((one, other), key=_digits)
    return rounder % 100 == 0 and apart <= _ROUND * larger and _rounded(exact, _digits(rounder)) == rounder


def _digits(value: Decimal) -> int:
    """Return how many digits count: 2 of 1,200,000."""
    return len(value.normalize().as_tuple().digits)


def _rounded(value: Decimal, digits: int) -> Decimal:
    if not value:
        return value
    return value.quantize(Decimal(1).scaleb(value.adjusted() - digits + 1), rounding=ROUND_HALF_UP)
