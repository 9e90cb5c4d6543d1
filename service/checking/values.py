"""Values: of which kind an answer is, whether two differ, and whether a sentence could hold another of the kind."""

import re
from collections.abc import Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cache
from itertools import product

from service.checking.amounts import Amount, amounts, may_be_one
from service.checking.calendar_dates import CalendarDate, dates, without_dates
from service.checking.names import names, stands_in
from service.checking.numbers import Number, numbers
from service.checking.wording import content_words, share

__all__ = ["agrees", "differ", "holds_another", "kind_of"]

_MONEY = re.compile(r"[$€£¥₹]\s?$")
_MONEY_AFTER = re.compile(
    r"\s(?:US |U\.S\. )?(?:dollars?|euros?|pounds|yen|yuan|rupees?|francs?|crowns?|kron\w+)\b", re.IGNORECASE
)
_YEAR = re.compile(r"1\d{3}|20\d{2}", re.ASCII)
_COMPARED = {"money": "count"}
_DAYS = frozenset(["date", "year"])
# what somebody is, which tells no two people apart
_ROLES = (
    "president minister prime chancellor king queen prince secretary general governor mayor chairman chairwoman "
    "spokesman spokeswoman spokesperson chief director head leader coach captain police government officials ministry "
    "company council"
)
_LONG_WORD = re.compile(r"[^\W\d_]{6,}")
_ALIKE = 0.9  # Zelensky and Zelenskyy are, Austria and Australia are not
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
    if kind is None or other_kind is None:
        return False
    if {kind, other_kind} <= _DAYS:
        return not _meet(_days(one, language), _days(other, language))
    if _compared(kind) != _compared(other_kind):
        return False
    if kind == "name":
        return _name_another(one, other, question, language)
    theirs = _amounts(other, language, other_kind)
    return not any(may_be_one(mine, its) for mine in _amounts(one, language, kind) for its in theirs)


def holds_another(sentence: str, value: str, question: str, language: str | None) -> bool:
    """Tell whether `sentence` holds a value of the kind of `value` that is another."""
    kind = kind_of(value, language)
    if kind is None:
        return False
    if kind in _DAYS:
        days = _days(value, language)
        return any(not _meet([day], days) for day in _days(sentence, language))
    if kind == "name":
        known = content_words(f"{value} {question}", language)
        others = [content_words(name.text, language) for name in names(sentence, language)]
        return any(other and other.isdisjoint(known) for other in others)
    mine = _amounts(value, language)
    return any(not any(may_be_one(each, other) for each in mine) for other in _amounts(sentence, language, kind))


def agrees(sentence: str, value: str, language: str | None) -> bool:
    """Tell whether `sentence` holds `value` itself: its date, its numbers, or most words of its name."""
    kind, days = kind_of(value, language), _days(value, language)
    if kind in _DAYS:
        return any(_meet([day], days) for day in _days(sentence, language))
    if kind in (None, "name"):
        return share(content_words(value, language), [sentence], language) >= _MOSTLY
    found = _values(sentence, language)
    return all(not found.isdisjoint(number.values) for number in _firm(value, dates(value, language), language))


def _name_another(one: str, other: str, question: str, language: str | None) -> bool:
    """Tell whether two names share no word beyond the question's; one that only says what somebody is tells nothing."""
    asked = content_words(question, language)
    words, words_too = content_words(one, language) - asked, content_words(other, language) - asked
    if not (words - _roles(language) and words_too - _roles(language)) or not words.isdisjoint(words_too):
        return False
    # UN is the United Nations, Russian is Russia, and Zelensky is Zelenskyy
    alike = stands_in(one, other) or stands_in(other, one)
    return not (alike or _misspelt(one, other))


def _misspelt(one: str, other: str) -> bool:
    """Tell whether two names have long words that are a letter apart, as those from other scripts have."""
    pairs = product(*(_LONG_WORD.findall(name.casefold()) for name in (one, other)))
    return any(a != b and SequenceMatcher(None, a, b).ratio() >= _ALIKE for a, b in pairs)


@cache
def _roles(language: str | None) -> frozenset[str]:
    return content_words(_ROLES, language)


def _days(text: str, language: str | None) -> list[CalendarDate]:
    """Return the dates of a text, and its years that are in none."""
    found = dates(text, language)
    years = [number for number in _firm(text, found, language) if _sort(number, text) == "year"]
    return [*found, *(CalendarDate(n.text, n.start, n.end, int(n.text), None, None) for n in years)]


def _amounts(text: str, language: str | None, kind: str | None = None) -> list[Amount]:
    """Return the amounts of a text, of what can be compared with a kind of number where it is given."""
    counts = _firm(text, dates(text, language), language)
    return amounts(text, [n for n in counts if kind is None or _compared(_sort(n, text)) == _compared(kind)])


def _compared(kind: str) -> str:
    return _COMPARED.get(kind, kind)


def _sort(number: Number, text: str) -> str:
    if number.unit in ("percent", "time", "decade"):
        return number.unit
    if _MONEY.search(text[: number.start][-2:]) or number.text[:1] in "$€£¥₹" or _MONEY_AFTER.match(text, number.end):
        return "money"
    return "year" if _YEAR.fullmatch(number.text) else "count"


def _meet(ones: Sequence[CalendarDate], others: Sequence[CalendarDate]) -> bool:
    """Tell whether a date of each may be the same day: no part that both give differs."""
    firsts, seconds = ([parts for day in days for parts in day.readings] for days in (ones, others))
    readings = product(firsts, seconds)
    return any(all(a is None or b is None or a == b for a, b in zip(*pair, strict=True)) for pair in readings)


def _firm(text: str, days: Sequence[CalendarDate], language: str | None) -> list[Number]:
    return [number for number in numbers(without_dates(text, days), language) if number.firm]


def _values(text: str, language: str | None) -> frozenset[Decimal]:
    return frozenset(value for number in _firm(text, dates(text, language), language) for value in number.values)
