"""The wordings that ask for a time of publication: spelt out from the tables of each language, and read.

Every repetition is bounded, so that searching is linear in the question.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from service.asking.languages import LANGUAGES, Language

__all__ = ["AGAINST", "DATED", "Period", "Wording", "period", "wordings"]

_UNITS = {
    "hour": "hours stunden heures horas",
    "day": "day days tage tagen jours días",
    "week": "week weeks woche wochen semaine semaines semana semanas",
    "month": "month months monat monats monate monaten mois mes meses",
    "year": "year years jahr jahres jahre jahren an ans année années año años",
}
# vague numbers are taken at the far end of what people mean by them: a wider window hides less
_SEVERAL = 7
_NUMBERS = {
    "two zwei deux dos": 2,
    "three drei trois tres couple": 3,
    "four vier quatre cuatro": 4,
    "five fünf cinq cinco": 5,
    "six sechs seis": 6,
    "seven sieben sept siete": 7,
    "few several": _SEVERAL,
    "eight acht huit ocho": 8,
    "nine neun neuf nueve": 9,
    "ten zehn dix diez": 10,
    "twelve zwölf douze doce": 12,
}
_MONTHS = (
    "january february march april may june july august september october november december "
    "januar februar märz mai juni juli oktober dezember "
    "janvier février mars avril juin juillet août septembre octobre novembre décembre "
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
)
_SHARED = {
    "start": "[.?!:]",
    "end": r"[^\w\s]",
    "month": "|".join(_MONTHS.split()),
    "number": f"(?:[0-9]{{1,4}}|{'|'.join(' '.join(_NUMBERS).split())})",
}
# two times held against each other, what is to be left out, or where the asker heard of it
AGAINST = re.compile(
    r"(?<!\S)(?:compar|differ|différ|diferen|vergl|unterschied|(?:than|versus|vs|except|excluding|ignoring|besides|beyond"
    r"|without|apart|aside|not (?:only|just)|außer|ohne|sauf|sans|hormis|salvo|excepto|sin"
    r"|saw|seen|heard|watched|(?:i|we)(?: just| have)? read|ich (?:las|habe)|j'ai|leí)(?!\S))"
)
"""Wording beside which a period is no window."""
DATED = re.compile(
    r"(?<!\S)(?:when|wann|quand|cuándo|[12][0-9]{3}s?"
    rf"|(?:(?:in|from|of|since|during|im|vom|en|de) |d')(?:{_SHARED['month']}))(?!\S)"
)
"""Wording that asks for a date or names one: "the latest" is then hardly that of today."""
_FRAGMENT = re.compile("@([a-z]+)")
_NAMED = re.compile(r"\?P<\w+>")


@dataclass(frozen=True)
class Period:
    """A time up to the moment of asking: `this` or the `last` unit of the calendar, or a `rolling` number of units."""

    kind: str
    unit: str = "day"
    number: int = 1


@dataclass(frozen=True)
class Wording:
    """A wording, ready to be searched for, and its language."""

    pattern: re.Pattern[str]
    language: Language


@cache
def wordings(*, latest: bool) -> tuple[Wording, ...]:
    """Return the wordings of all languages that name a period, or those that ask for the latest."""
    return tuple(
        Wording(re.compile(rf"(?<!\S)(?:{_spelt(pattern, language)})"), language)
        for language in LANGUAGES
        for pattern in (language.latest if latest else language.named)
    )


def period(words: str, language: Language) -> Period:
    """Return the period that a wording's `time` names."""
    for kind, pattern in language.times:
        if match := re.fullmatch(_spelt(pattern, language), words):
            groups = match.groupdict()
            unit = groups.get("unit") or "day"
            unit = next(name for name, forms in _UNITS.items() if unit in (name, *forms.split()))
            if kind == "several":
                return Period("rolling", unit, _SEVERAL)
            return Period(kind, unit, _number(groups.get("number")))
    raise ValueError(words)


def _number(word: str | None) -> int:
    if word is None or word.isdecimal():
        return int(word or 1)
    return next(number for words, number in _NUMBERS.items() if word in words.split())


def _spelt(pattern: str, language: Language) -> str:
    """Put the fragments in for their names; those of times lose their groups, which only `period` reads."""
    fragments = {**_SHARED, **language.fragments}
    times = "|".join(_NAMED.sub("?:", _filled(time, fragments)) for _, time in language.times)
    return _filled(pattern, {**fragments, "time": f"(?P<time>{times})"})


def _filled(pattern: str, fragments: Mapping[str, str]) -> str:
    while _FRAGMENT.search(pattern):
        pattern = _FRAGMENT.sub(lambda name: fragments[name[1]], pattern)
    return pattern
