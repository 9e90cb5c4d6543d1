"""Contraries: what stands beside a value in a statement, and in the source beside the same value as another.

A source that says nothing of it gives no contrary: five pounds are refused where it says five dollars, not where it
says five.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from service.checking.calendar_dates import dates, without_dates
from service.checking.numbers import Number, numbers

__all__ = ["contraries"]

_CURRENCY_BEFORE = re.compile(r"(?:(?P<dollar>\$)|(?P<euro>€)|(?P<pound>£)|(?P<yen>¥)|(?P<rupee>₹))\s?$")
_AFTER = re.compile(
    r"\s?(?:(?P<dollar>dollars?|USD)|(?P<euro>euros?|EUR)|(?P<pound>pounds|GBP)|(?P<yen>yen|JPY)|(?P<rupee>rupees?|INR)"
    r"|(?P<km>km|kilomet(?:er|re)s?)|(?P<mile>miles?)|(?P<metre>m|met(?:er|re)s?)|(?P<foot>feet|foot|ft)"
    r"|(?P<year>years?)|(?P<month>months?)|(?P<week>weeks?)|(?P<day>days?)|(?P<hour>hours?)|(?P<minute>minutes?))\b"
)
_HALF = re.compile(r"(?P<half>[ap])\.?m\.?$", re.IGNORECASE)
_CLASSES: Mapping[str, str] = {
    **dict.fromkeys(("dollar", "euro", "pound", "yen", "rupee"), "currency"),
    **dict.fromkeys(("km", "mile", "metre", "foot"), "length"),
    **dict.fromkeys(("year", "month", "week", "day", "hour", "minute"), "time"),
}
_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?=s?\b)")
_MANY = re.compile(r"\b(?:dozens|hundreds|thousands|millions|billions)(?= of\b)", re.IGNORECASE)
_NUMERAL = re.compile(r"\b(?P<word>[A-Z][a-z]+) (?P<numeral>I{1,3}|I?[VX]|VI{1,3})\b(?![’'])")


def contraries(statement: str, cited: Sequence[str], language: str | None) -> tuple[str, ...]:
    """Return what `statement` says and the cited texts say otherwise, as it is written there, without repetitions."""
    found = [*_units(statement, cited, language), *_numerals(statement, cited)]
    for words in (_WEEKDAY, _MANY):
        theirs = {match[0].casefold() for text in cited for match in words.finditer(text)}
        found += [match[0] for match in words.finditer(statement) if theirs and match[0].casefold() not in theirs]
    return tuple(dict.fromkeys(found))


def _units(statement: str, cited: Sequence[str], language: str | None) -> Iterator[str]:
    sources = [(text, number) for text in cited for number in _numbers(text, language)]
    for number in _numbers(statement, language):
        same = [_marks(text, other) for text, other in sources if not set(other.values).isdisjoint(number.values)]
        for kind, mark in _marks(statement, number).items():
            if same and all(other.get(kind, mark) != mark for other in same):
                yield _with_marks(statement, number)


def _numbers(text: str, language: str | None) -> Sequence[Number]:
    return numbers(without_dates(text, dates(text, language)), language)


def _marks(text: str, number: Number) -> dict[str, str]:
    """Return what stands beside a number, by its class: a currency, a unit of length or time, a half of the day."""
    before = _CURRENCY_BEFORE.search(text[max(0, number.start - 2) : number.start])
    beside = [found.lastgroup for found in (before, _AFTER.match(text, number.end)) if found and found.lastgroup]
    marks = {_CLASSES[name]: name for name in beside}
    if half := _HALF.search(number.text):
        marks["half"] = half["half"].casefold()
    return marks


def _with_marks(text: str, number: Number) -> str:
    before = _CURRENCY_BEFORE.search(text[max(0, number.start - 2) : number.start])
    after = _AFTER.match(text, number.end)
    return f"{before[0] if before else ''}{number.text}{after[0] if after else ''}"


def _numerals(statement: str, cited: Sequence[str]) -> Iterator[str]:
    """Yield World War I where the source has World War II alone."""
    theirs = [match.groups() for text in cited for match in _NUMERAL.finditer(text)]
    for match in _NUMERAL.finditer(statement):
        numerals = {numeral for word, numeral in theirs if word == match["word"]}
        if numerals and match["numeral"] not in numerals:
            yield match[0]
