"""Dates of a text at the precision given: 12 June 2022, June 12th, 12. Juni, 2022-06-12, June 2022, "in June".

A bare year is a number, and so are "1990s" and "the 19th century"; weekdays are left alone. "May" and "March" without
day or year are dates only after a word such as "in". Days in words ("the twelfth of June") are not read.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

__all__ = ["CalendarDate", "Parts", "covers", "dates", "parts_proved", "with_year", "without_dates"]

Parts = tuple[int | None, int | None, int | None]
"""Year, month and day."""

_BY_LANGUAGE = {
    "en": "january february march april may june july august september october november december",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}
# by number of the month; "ago" and "set", "gen", "mar" and "out" are left out, for they are words
_SHORT = (
    ("jan", "janv", "ene"), ("feb", "févr", "fev"), ("mar", "mrz"), ("apr", "avr", "abr"), (), ("jun",),
    ("jul", "juil"), ("aug",), ("sep", "sept"), ("oct", "okt", "ott"), ("nov",), ("dec", "dez", "déc", "dic"),
)  # fmt: skip
_FULL = {name: number for names in _BY_LANGUAGE.values() for number, name in enumerate(names.split(), 1)}
_MONTHS = _FULL | {name: number for number, names in enumerate(_SHORT, 1) for name in names}
# lower-case "may" and "march" are verbs, capital "Mars" is a planet
_CASED = {"may": "May|MAY", "march": "March|MARCH", "mar": r"Mar\b\.?|MAR\b\.?", "mars": "mars"}
_THIS_CENTURY = 69  # 12/06/68 is of 2068 and 12/06/69 of 1969, as for strptime

_ANY_FULL = "|".join(sorted(_FULL.keys() - _CASED.keys(), key=len, reverse=True))
_ANY_SHORT = "|".join(name for names in _SHORT for name in sorted(names, key=len, reverse=True) if name not in _CASED)
_MONTH = rf"(?P<month>(?:(?i:{_ANY_FULL})|{'|'.join(_CASED.values())}|(?i:{_ANY_SHORT})\b\.?)(?!\w))"
_DAY = r"(?:[12][0-9]|3[01]|0?[1-9])(?![0-9])"
_ENDING = r"st\b|nd\b|rd\b|th\b|er\b|º"
_YEAR = r"(?P<year>(?:1[5-9]|20)[0-9]{2})(?![0-9])"
_OF = r"(?:(?:of|de|del)\s)?"
_TO = r"(?:\s?[-–—/]\s?|\s(?:&|and|to|or|und|bis|et|au|y|al|e|en|tot)\s)"
_COUNTED = r"\s?(?:%|per\s?cent|hundred|thousand|million|billion|trillion|people|years?\b)"
_ISO = (
    rf"(?<![0-9])(?<![0-9][/.-])(?P<year>[12][0-9]{{3}})(?P<sep>[-/.])(?P<month>1[0-2]|0?[1-9])(?P=sep)(?P<day>{_DAY})"
)
_EASTERN = rf"(?:(?P<year>[0-9]{{4}})[年년]\s?)?(?P<month>1[0-2]|0?[1-9])[月월](?:\s?(?P<day>{_DAY})[日일])?"
_NUMERIC = r"(?<![0-9./-])(?P<a>[0-9]{1,2})(?P<sep>[./-])(?P<b>[0-9]{1,2})(?P=sep)(?P<year>[0-9]{4}|[0-9]{2})(?![0-9])"
_DAY_FIRST = (
    rf"(?<![0-9])(?<![0-9][.,:/])(?:(?P<first>{_DAY})(?:{_ENDING}|\.)?{_TO})?(?P<day>{_DAY})(?:{_ENDING}|\.)?[\s-]{{0,2}}{_OF}"
    rf"{_MONTH}(?:[\s,-]{{1,3}}{_OF}{_YEAR})?"
)
_NO_COUNT = rf"(?![.,:][0-9])(?!{_COUNTED})"
_MONTH_FIRST = (  # "In June 12 people" has no day
    rf"(?<!\w)(?<!\b[Ii]n\s){_MONTH}\s{{0,2}}(?:the\s)?(?P<day>{_DAY}){_NO_COUNT}(?:{_ENDING})?"
    rf"(?:{_TO}(?P<first>{_DAY}){_NO_COUNT}(?:{_ENDING})?)?(?:[\s,]{{1,3}}{_YEAR})?"
)
_MONTH_AND_YEAR = rf"(?<!\w){_MONTH}[\s,-]{{1,3}}{_OF}{_YEAR}"
_MONTH_ALONE = rf"(?<!\w){_MONTH}"
_FORMS = tuple(
    map(re.compile, (_ISO, _EASTERN, _NUMERIC, _DAY_FIRST, _MONTH_FIRST, _MONTH_AND_YEAR, _MONTH_ALONE))
)  # each reads what those before it left
_BARE_AFTER = re.compile(
    r"\b(?:in|since|until|till|last|next|this|by|early|late|mid|from|during|before|after|of|through)[\s-]$",
    re.IGNORECASE,
)
_LOOK_BACK = 10
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")
_CONNECTED = re.compile(r"\s?(?:[-–—,]|to|and|or|until)?\s?")


@dataclass(frozen=True)
class CalendarDate:
    """A date: its surface and span, and the parts that it gives.

    `swapped` says that day and month may be read the other way round, as in 12/06/2022.
    """

    text: str
    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None
    swapped: bool = False

    @property
    def readings(self) -> tuple[Parts, ...]:
        """Every way to read it, the day first where both are possible."""
        plain = (self.year, self.month, self.day)
        return (plain, (self.year, self.day, self.month)) if self.swapped else (plain,)


def dates(text: str, language: str | None = None) -> tuple[CalendarDate, ...]:
    """Return the dates of `text` in reading order; the two of "12-14 June" share a span.

    Months are known in English, German, French, Spanish, Italian, Portuguese and Dutch; `language` (ISO 639-1) decides
    only whether such a month alone is a date.
    """
    found: list[CalendarDate] = []

    def take(match: re.Match[str]) -> str:
        read = tuple(_read(match, text, language))
        found.extend(read)
        return "|" * len(match[0]) if read else match[0]

    rest = _FOREIGN_DIGIT.sub(lambda digit: str(int(digit[0])), text)
    for form in _FORMS:
        rest = form.sub(take, rest)
    return _share_years(text, sorted(found, key=lambda date: (date.start, date.day or 0)))


def covers(source: CalendarDate, claimed: CalendarDate) -> bool:
    """Tell whether each part that `claimed` has is equal in `source`, in any reading of the two."""
    return not parts_proved(source).isdisjoint(claimed.readings)


def parts_proved(source: CalendarDate) -> frozenset[Parts]:
    """Return all that `source` proves: its readings, and each of them less some of its parts."""
    return frozenset(
        (year, month, day)
        for reading in source.readings
        for year in {reading[0], None}
        for month in {reading[1], None}
        for day in {reading[2], None}
    )


def with_year(date: CalendarDate, year: int) -> CalendarDate:
    """Return `date` with `year` filled in where it has none."""
    return date if date.year is not None else replace(date, year=year)


def without_dates(text: str, found: Iterable[CalendarDate]) -> str:
    """Return `text`, as long as it was, with dates struck out, so that 12 of "12 June" is no number."""
    struck = list(text)
    for date in found:
        struck[date.start : date.end] = "|" * (date.end - date.start)
    return "".join(struck)


def _read(match: re.Match[str], text: str, language: str | None) -> Iterator[CalendarDate]:
    """Yield the dates of a match; none if no calendar has them, or if a month alone is more likely a word."""
    parts: dict[str, str | None] = match.groupdict()
    whole = text[match.start() : match.end()], match.start(), match.end()
    year, month, days = parts.get("year"), parts.get("month"), [parts.get("first"), parts.get("day")]
    if month is None:
        yield from _numeric(match, text)
    elif month.isdigit():
        yield CalendarDate(*whole, _number(year), int(month), _number(days[1]))
    elif year is not None or days[1] is not None or _is_bare_month(match, text, language):
        number = _MONTHS[month.casefold().rstrip(".")]
        for day in [int(day) for day in days if day is not None] or (None,):
            yield CalendarDate(*whole, _number(year), number, day)


def _numeric(match: re.Match[str], text: str) -> Iterator[CalendarDate]:
    """Yield the date of 12/06/2022 and the like, where it is one; with points the day comes first."""
    a, b, separator, year = int(match["a"]), int(match["b"]), match["sep"], int(match["year"])
    if len(match["year"]) == len("22"):
        if separator != "/":
            return
        year += 2000 if year in range(_THIS_CENTURY) else 1900
    day, month = (b, a) if separator != "." and b not in range(13) else (a, b)
    if month in range(1, 13) and day in range(1, 32):
        swapped = separator != "." and day in range(1, 13) and day != month
        yield CalendarDate(text[match.start() : match.end()], *match.span(), year, month, day, swapped)


def _is_bare_month(match: re.Match[str], text: str, language: str | None) -> bool:
    month = match["month"]
    if language and language != "en" and month.casefold() in _BY_LANGUAGE.get(language.split("-")[0], "").split():
        return True
    if month.casefold() not in _BY_LANGUAGE["en"].split() or not month[0].isupper():
        return False
    before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
    return month.casefold() not in _CASED or _BARE_AFTER.search(before) is not None


def _number(digits: str | None) -> int | None:
    return None if digits is None else int(digits)


def _share_years(text: str, found: list[CalendarDate]) -> tuple[CalendarDate, ...]:
    """Give the year of "30 May to 2 June 2022" to both its ends."""
    for i in range(len(found) - 2, -1, -1):
        date, after = found[i], found[i + 1]
        if date.year is None and after.year is not None and _CONNECTED.fullmatch(text, date.end, after.start):
            found[i] = with_year(date, after.year)
    return tuple(found)
