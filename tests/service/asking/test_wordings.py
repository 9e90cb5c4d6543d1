import re

import pytest

from service.asking.wordings import Period, period, wordings

LANGUAGES = {wording.language.sources: wording.language for wording in wordings(latest=False)}


@pytest.mark.parametrize("latest", [False, True])
def test_every_wording_says_what_it_found(*, latest: bool) -> None:
    """Each has the words that ask and the words to cut; those that name a period have it too."""
    for wording in wordings(latest=latest):
        assert {"wording", "cut"} <= set(wording.pattern.groupindex)
        assert ("time" in wording.pattern.groupindex) is not latest


@pytest.mark.parametrize(
    ("sources", "words", "expected"),
    [
        ("according to", "today", Period("this")),
        ("according to", "yesterday", Period("last")),
        ("according to", "so far this year", Period("this", "year")),
        ("according to", "the last week", Period("rolling", "week")),
        ("according to", "the last couple of weeks", Period("rolling", "week", 3)),
        ("according to", "past 36 hours", Period("rolling", "hour", 36)),
        ("according to", "last twelve months", Period("rolling", "month", 12)),
        ("laut|nach", "vergangenen monats", Period("last", "month")),
        ("laut|nach", "der letzten tage", Period("rolling", "day", 7)),
        ("selon|d'après", "l'année dernière", Period("last", "year")),
        ("selon|d'après", "ces deux dernières semaines", Period("rolling", "week", 2)),
        ("según", "los últimos tres meses", Period("rolling", "month", 3)),
    ],
)
def test_periods(sources: str, words: str, expected: Period) -> None:
    """A period is read in its language; vague numbers are taken large."""
    assert period(words, LANGUAGES[sources]) == expected


def test_what_is_no_period_is_refused() -> None:
    """Words that no wording gave are an error."""
    with pytest.raises(ValueError, match="soon"):
        period("soon", LANGUAGES["según"])


def test_repetitions_are_bounded() -> None:
    """Nothing but the letters of a word repeats without a bound."""
    for wording in (*wordings(latest=False), *wordings(latest=True)):
        assert set(re.findall(r"(?:\\.|[^\\])[*+]", wording.pattern.pattern)) <= {r"\S*", r"\S+", r"\w+"}
