"""Digits with separators: what 1,200 and 1.200,50 and 12,34,567 are, by the language that they are written in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["SEPARATORS", "Digits", "read_digits"]

SEPARATORS = ".,'’٫٬，．"
"""What may stand between the digits of one number, besides spaces."""

_ALIKE = str.maketrans("’٫٬，．", "'.',.")
_SEPARATOR = re.compile(r"[.,']")
_DIGITS = re.compile(r"\d+")
_GROUP = 3
_MAX_DIGITS = 28  # what Decimal multiplies without rounding; longer ones are nothing that a reader compares
_COMMA_LANGUAGES = frozenset([
    "af", "ca", "cs", "da", "de", "el", "es", "eu", "fi", "fr", "hr", "hu", "id", "it", "nb", "nl", "nn", "no", "pl",
    "pt", "ro", "ru", "sr", "sv", "tr", "uk", "vi",
])  # fmt: skip


@dataclass(frozen=True)
class Digits:
    """A number in digits: its span, and the values that it may have, the likeliest first."""

    start: int
    end: int
    values: tuple[Decimal, ...]


def read_digits(text: str, start: int, end: int, language: str) -> list[Digits]:
    """Return the numbers of a run of digits, separators and spaces; 1,2,3 are three."""
    run = "".join(text[start:end].split()).translate(_ALIKE)
    if len(run) <= _MAX_DIGITS and (values := _values(run, comma=language in _COMMA_LANGUAGES)):
        return [Digits(start, end, values)]
    return [
        Digits(*match.span(), (Decimal(match[0]),))
        for match in _DIGITS.finditer(text, start, end)
        if len(match[0]) <= _MAX_DIGITS
    ]


def _values(run: str, *, comma: bool) -> tuple[Decimal, ...]:
    """Return what digits with separators may mean as one number, the likeliest first; nothing if they are several."""
    parts, separators = _SEPARATOR.split(run), _SEPARATOR.findall(run)
    if len(separators) == 1:
        return _either(parts, separators[0], comma=comma)
    if not separators or (len(set(separators)) == 1 and _are_groups(parts, separators[0])):
        return (Decimal("".join(parts)),)
    *between, last = separators
    if len(set(between)) == 1 and last not in between and _are_groups(parts[:-1], between[0]):
        return (Decimal(f"{''.join(parts[:-1])}.{parts[-1]}"),)
    return ()


def _either(parts: Sequence[str], separator: str, *, comma: bool) -> tuple[Decimal, ...]:
    """Read 1,200 by language. Where that has a decimal comma, the English reading is added: a statement may be so."""
    whole, decimal = Decimal("".join(parts)), Decimal(f"{parts[0] or 0}.{parts[1]}")
    if not _are_groups(parts, separator) or not parts[0].strip("0"):
        return () if separator == "'" else (decimal,)
    if separator == "'":
        return (whole,)
    readings = (whole, decimal) if separator == "," else (decimal, whole)
    return readings[::-1] if comma else readings[:1]


def _are_groups(parts: Sequence[str], separator: str) -> bool:
    """Tell whether parts are groups of thousands; those in the middle may have two digits, as in 12,34,567."""
    middle = {len(part) for part in parts[1:-1]}
    return len(parts[0]) in range(1, 4) and len(parts[-1]) == _GROUP and middle <= ({2, 3} if separator == "," else {3})
