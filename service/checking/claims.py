"""The gate that needs no model: which numbers, dates and names of a statement do not stand in what it cites.

It knows spellings and no meanings: a number that stands in the sentence for something else passes, and a single word
that begins a statement is no name to it. The question is no source, for it may presume what is false.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from service.checking.calendar_dates import CalendarDate, Parts, dates, parts_proved, with_year, without_dates
from service.checking.name_ground import NameGround
from service.checking.name_words import key
from service.checking.names import names
from service.checking.numbers import Number, numbers

__all__ = ["Missing", "missing_from", "without_values"]

_PUBLISHED = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_YEAR = re.compile(r"1\d{3}|20\d{2}", re.ASCII)
_LAST_YEAR = 2099
_WORD_BEFORE = re.compile(r"([^\W\d_]+)[\s-]?$")
_LOOK_BACK = 24


@dataclass(frozen=True)
class Missing:
    """What a statement says and the cited text does not, as the statement writes it, without repetitions."""

    numbers: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.numbers or self.dates or self.names)

    def words(self) -> str:
        """Say it in a sentence, without a full stop; nothing missing is an empty text."""
        items = (*self.dates, *self.numbers, *self.names)
        if not items:
            return ""
        *most, last = items
        listed = f"{', '.join(most)} and {last}" if most else last
        return f"{listed} {'do' if most else 'does'} not stand in what is cited"


def missing_from(
    statement: str,
    cited: Sequence[str],
    *,
    context: Sequence[str] = (),
    published: Sequence[str] = (),
    language: str | None = None,
) -> Missing:
    """Return what of `statement` does not stand in the `cited` sentences.

    Names may also stand in `context`, such as a title or the sentence before. `published` are dates of ISO 8601, of
    which a year may come that a cited sentence leaves out; other texts there count for nothing. `language` (ISO 639-1)
    is that of the texts. Never raises.
    """
    claimed = dates(statement, language)
    counts = numbers(without_dates(statement, claimed), language)
    ground = _Ground.of(cited, language)
    named = NameGround.of((*cited, *context))
    issued = [match for text in published if (match := _PUBLISHED.match(text))]
    excused = _issued_years(claimed, ground, issued)
    proved = ground.dates_proved({date.year for date in claimed if date.year is not None}, issued)
    return Missing(
        numbers=_distinct(
            number.text
            for number in counts
            if number.firm
            and not ground.holds(number)
            and number.value not in excused
            and not _is_designation(number, statement, named)
        ),
        dates=_distinct(date.text for date in claimed if proved.isdisjoint(date.readings)),
        names=_distinct(name.text for name in names(statement, language) if not named.holds(name.text)),
    )


def without_values(statement: str, cited: Sequence[str], language: str | None = None) -> str:
    """Return `statement` without its dates and names, and without its numbers that stand in the `cited` texts.

    These have been looked for by what they mean, and may be spelt otherwise in the source.
    """
    claimed = dates(statement, language)
    ground = _Ground.of(cited, language)
    named = NameGround.of(cited)
    found = [number for number in numbers(without_dates(statement, claimed), language) if ground.holds(number)]
    opening = "of "  # a name that begins a statement is told from any other word by what stands in the source
    called = [name for name in names(opening + statement, language) if named.holds(name.text)]
    spans = [(date.start, date.end) for date in claimed] + [(number.start, number.end) for number in found]
    spans += [(name.start - len(opening), name.end - len(opening)) for name in called]
    rest = list(statement)
    for start, end in spans:
        rest[start:end] = " " * (end - start)
    return "".join(rest)


@dataclass(frozen=True)
class _Ground:
    """The dates of the cited texts, and the values of their numbers by kind."""

    dates: tuple[CalendarDate, ...]
    years: frozenset[int]
    plain: frozenset[Decimal]
    days: frozenset[Decimal]
    times: frozenset[Decimal]
    decades: frozenset[Decimal]

    @classmethod
    def of(cls, texts: Sequence[str], language: str | None) -> "_Ground":
        days: list[CalendarDate] = []
        counts: list[Number] = []
        for text in texts:
            found = dates(text, language)
            days.extend(found)
            counts.extend(numbers(without_dates(text, found), language))
        years = {day.year for day in days if day.year} | {int(n.text) for n in counts if _YEAR.fullmatch(n.text)}
        plain = _values(counts, "", "percent", "ordinal") | {Decimal(year) for year in years}
        within = {value - value % 10 for value in plain if value <= _LAST_YEAR}  # 1994 was in the 1990s
        decades = _values(counts, "decade") | within
        return cls(
            dates=tuple(days),
            years=frozenset(years),
            plain=plain,
            days=frozenset(Decimal(day.day) for day in days if day.day),  # "the 12th" of "12 June"
            times=_values(counts, "time"),
            decades=decades,
        )

    def holds(self, number: Number) -> bool:
        """Tell whether a value that `number` may have stands here, as something that it may be."""
        values = frozenset(number.values)
        if not self.plain.isdisjoint(values):
            return True
        kinds = {"time": self.times, "decade": self.decades, "ordinal": self.days}
        return not kinds.get(number.unit, frozenset()).isdisjoint(values)

    def dates_proved(self, years: Iterable[int], issued: Sequence[re.Match[str]]) -> frozenset[Parts]:
        """Return all that the dates prove, those without a year in each of `years` that stands here or may be meant."""
        distinct = {date.readings: date for date in self.dates}.values()
        filled = (
            with_year(date, year)
            for date in distinct
            if date.year is None
            for year in years
            if year in self.years or any(_is_of(date, year, issue) for issue in issued)
        )
        return frozenset().union(*map(parts_proved, (*distinct, *filled)))


def _is_of(date: CalendarDate, year: int, issue: re.Match[str]) -> bool:
    """Tell whether a date without a year is of `year` in an article of that issue: of its year, or late in the last."""
    issued, month, day = (int(part or 0) for part in issue.groups())
    later = (date.month or 0, date.day or 0) > (month, day or 31)
    return year == issued or (year == issued - 1 and month > 0 and later)


def _issued_years(
    claimed: Iterable[CalendarDate], ground: _Ground, issued: Iterable[re.Match[str]]
) -> frozenset[Decimal]:
    """Return the years of publication if a claimed day stands in a cited sentence that gives no year with it."""
    days = {(date.month, date.day) for date in ground.dates if date.year is None and date.day}
    if days.isdisjoint((date.month, date.day) for date in claimed):
        return frozenset()
    return frozenset(Decimal(issue[1]) for issue in issued)


def _is_designation(number: Number, statement: str, named: NameGround) -> bool:
    """Tell whether a number is half of a name: 27 of "COP 27" where the source writes COP27."""
    word = _WORD_BEFORE.search(statement, max(0, number.start - _LOOK_BACK), number.start)
    return word is not None and key(word[1] + number.text) in named.designations


def _values(counts: Iterable[Number], *units: str) -> frozenset[Decimal]:
    return frozenset(value for number in counts if number.unit in units for value in number.values)


def _distinct(texts: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
