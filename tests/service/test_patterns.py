"""Patterns of the contract say the same as the code that refuses."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import is_id
from index.dates import utc_days
from service.contract.patterns import ARTICLE_ID, DATE, DATE_OR_NONE


def is_date(text: str) -> bool:
    """Tell whether the code takes a date."""
    try:
        utc_days(text)
    except ValueError:
        return False
    return True


@given(st.from_regex(re.compile(DATE, re.ASCII), fullmatch=True))
def test_what_the_pattern_of_dates_allows_is_taken(text: str) -> None:
    """No text of the pattern is refused, and with white space it is one that articles may have."""
    assert is_date(text)
    assert re.search(DATE_OR_NONE, f" {text} ")


@given(st.one_of(st.dates().map(str), st.datetimes().map(lambda moment: moment.isoformat(" ")), st.text("0129-T:Z+ ")))
def test_what_is_taken_fits_the_pattern(text: str) -> None:
    """Days and moments that there are fit, and what the code refuses does not."""
    known = text[:4] not in ("0000", "9999")  # the last year has no end
    assert (re.search(DATE, text) is not None) == (is_date(text) and known) or text.endswith("\n")


@pytest.mark.parametrize("day", ["2024-02-29", "2000-02-29", "2024-2-1", "2023-02-29", "1900-02-29", "2022-04-31"])
def test_days_that_there_are_not(day: str) -> None:
    """Leap days are those of the calendar."""
    assert (re.search(DATE, day) is not None) == is_date(day)


@given(st.one_of(st.text(max_size=130), st.from_regex(ARTICLE_ID, fullmatch=True)))
def test_ids_are_those_of_articles(text: str) -> None:
    """The pattern of ids allows what the code does."""
    assert (re.fullmatch(ARTICLE_ID[1:-1], text) is not None) == is_id(text)
