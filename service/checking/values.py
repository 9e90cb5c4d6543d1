"""Values: of which kind an answer is, whether two differ, and whether a sentence could hold another of the kind."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import product

from service.checking.calendar_dates import CalendarDate, dates, without_dates
from service.checking.names import names, stands_in
from service.checking.numbers import Number, numbers
from service.checking.wording import content_words, share

__all__ = ["agrees", "differ", "holds_another", "kind_of"]

_MONEY = re.compile(r"[$€£¥₹]\s?$")
_YEAR = re.compile(r"1\d{3}|20\d{2}", re.ASCII)
_COMPARED = {"year": "count", "money": "count"}
_MOSTLY = 0.5  # of an answer's words are its name


def kind_of(text: str, language: str | None) -> str | None:
    """Return the kind of value that an answer is: a date, a sort of number, or a name; None for any other."""
    days = dates(text, language)
    if days:
        return "date"
    counts = _firm(text, days, language)
    if counts:
        return _sort(counts[0], text)
    named = " ".join(name.text for name in names(f"of {text}", language))  # not to begin with it, as a sentence would
    words = content_words(text, language)
    return "name" if words and share(words, [named], language) >= _MOSTLY else None


def differ(one: str, other: str, question: str, language: str | None) -> bool:
    """Tell whether two answers give different values of one kind; of dates and names, the more exact is no other."""
    kind, other_kind = kind_of(one, language), kind_of(other, language)
    if kind is None or _COMPARED.get(kind, kind) != _COMPARED.get(other_kind or "", other_kind):
        return False
    if kind == "date":
        return not _meet(dates(one, language), dates(other, language))
    if kind == "name":
        asked = content_words(question, language)
        words, words_too = content_words(one, language) - asked, content_words(other, language) - asked
        alike = stands_in(one, other) or stands_in(other, one)  # UN is the United Nations, Russian is Russia
        return bool(words and words_too) and words.isdisjoint(words_too) and not alike
    return _values(one, language, kind).isdisjoint(_values(other, language, other_kind))


def holds_another(sentence: str, value: str, question: str, language: str | None) -> bool:
    """Tell whether `sentence` holds a value of the kind of `value` that is another."""
    kind = kind_of(value, language)
    days = dates(value, language)
    found = dates(sentence, language)
    if kind is None:
        return False
    if kind == "date":
        return any(not _meet([day], days) for day in found)
    if kind == "name":
        known = content_words(f"{value} {question}", language)
        others = [content_words(name.text, language) for name in names(sentence, language)]
        return any(other and other.isdisjoint(known) for other in others)
    counts = [number for number in _firm(sentence, found, language) if _sort(number, sentence) == kind]
    return any(_values(value, language).isdisjoint(number.values) for number in counts)


def agrees(sentence: str, value: str, language: str | None) -> bool:
    """Tell whether `sentence` holds `value` itself: its date, its numbers, or most words of its name."""
    kind, days = kind_of(value, language), dates(value, language)
    if kind == "date":
        return any(_meet([day], days) for day in dates(sentence, language))
    if kind in (None, "name"):
        return share(content_words(value, language), [sentence], language) >= _MOSTLY
    found = _values(sentence, language)
    return all(not found.isdisjoint(number.values) for number in _firm(value, days, language))


def _sort(number: Number, text: str) -> str:
    if number.unit in ("percent", "time", "decade"):
        return number.unit
    if _MONEY.search(text[: number.start][-2:]) or number.text[:1] in "$€£¥₹":
        return "money"
    return "year" if _YEAR.fullmatch(number.text) else "count"


def _meet(ones: Sequence[CalendarDate], others: Sequence[CalendarDate]) -> bool:
    """Tell whether a date of each may be the same day: no part that both give differs."""
    firsts, seconds = ([parts for day in days for parts in day.readings] for days in (ones, others))
    readings = product(firsts, seconds)
    return any(all(a is None or b is None or a == b for a, b in zip(*pair, strict=True)) for pair in readings)


def _firm(text: str, days: Sequence[CalendarDate], language: str | None) -> list[Number]:
    return [number for number in numbers(without_dates(text, days), language) if number.firm]


def _values(text: str, language: str | None, kind: str | None = None) -> frozenset[Decimal]:
    counts = _firm(text, dates(text, language), language)
    return frozenset(value for n in counts if kind in (None, _sort(n, text)) for value in n.values)
