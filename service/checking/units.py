"""Units: what a number counts, by the words and signs beside it. Nobody converts them here."""

import re
from collections.abc import Mapping

from service.checking.numbers import Number

__all__ = ["units"]

_BEFORE = re.compile(r"(?:(?P<dollar>\$)|(?P<euro>€)|(?P<pound>£)|(?P<yen>¥)|(?P<rupee>₹))\s?$")
_AFTER = re.compile(
    r"[\s-]?(?:(?P<dollar>dollars?|USD)|(?P<euro>euros?|EUR)|(?P<pound>pounds|GBP)|(?P<yen>yen|JPY)"
    r"|(?P<rupee>rupees?|INR)|(?P<km>km|kilomet(?:er|re)s?)|(?P<mile>miles?|mi)|(?P<metre>m|met(?:er|re)s?)"
    r"|(?P<foot>feet|foot|ft)|(?P<year>years?)|(?P<month>months?)|(?P<week>weeks?)|(?P<day>days?)|(?P<hour>hours?)"
    r"|(?P<minute>minutes?))\b",
    re.IGNORECASE,
)
_CLASSES: Mapping[str, str] = {
    **dict.fromkeys(("dollar", "euro", "pound", "yen", "rupee"), "currency"),
    **dict.fromkeys(("km", "mile", "metre", "foot"), "length"),
    **dict.fromkeys(("year", "month", "week", "day", "hour", "minute"), "time"),
}
_SIGN_CHARS = 2


def units(text: str, number: Number) -> tuple[dict[str, str], str]:
    """Return the units of a number of `text` by their class, and the number as it is written with them.

    The classes are "currency", "length" and "time".
    """
    before = _BEFORE.search(text[max(0, number.start - _SIGN_CHARS) : number.start])
    after = _AFTER.match(text, number.end)
    beside = [found.lastgroup for found in (before, after) if found and found.lastgroup]
    written = f"{before[0] if before else ''}{number.text}{after[0] if after else ''}"
    return {_CLASSES[name]: name for name in beside}, written
