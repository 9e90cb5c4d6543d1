"""Contraries: what stands beside a value in a statement, and in the source beside the same value as another.

A source that says nothing of it gives no contrary: five pounds are refused where it says five dollars, not where it
says five.
"""

import re
from collections.abc import Iterator, Sequence

from service.checking.calendar_dates import dates, without_dates
from service.checking.numbers import Number, numbers
from service.checking.units import units

__all__ = ["contraries"]

_HALF = re.compile(r"(?P<half>[ap])\.?m\.?$", re.IGNORECASE)
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
                yield units(statement, number)[1]


def _numbers(text: str, language: str | None) -> Sequence[Number]:
    return numbers(without_dates(text, dates(text, language)), language)


def _marks(text: str, number: Number) -> dict[str, str]:
    """Return what stands beside a number, by its class: its units, and the half of the day."""
    marks, _ = units(text, number)
    half = _HALF.search(number.text)
    return {**marks, "half": half["half"].casefold()} if half else marks


def _numerals(statement: str, cited: Sequence[str]) -> Iterator[str]:
    """Yield World War I where the source has World War II alone."""
    theirs = [match.groups() for text in cited for match in _NUMERAL.finditer(text)]
    for match in _NUMERAL.finditer(statement):
        numerals = {numeral for word, numeral in theirs if word == match["word"]}
        if numerals and match["numeral"] not in numerals:
            yield match[0]
