import datetime as dt
from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.checking.calendar_dates import CalendarDate, Parts, covers, dates, parts_proved, with_year, without_dates


def parts(text: str, language: str | None = None) -> list[Parts]:
    """Return year, month and day of each date."""
    return [(date.year, date.month, date.day) for date in dates(text, language)]


def one(text: str) -> CalendarDate:
    """Return the only date of a text."""
    (date,) = dates(text)
    return date


@pytest.mark.parametrize(
    "text",
    ["12 June", "12 june", "12 JUNE", "12th June", "12th of June", "June 12", "June 12th", "June the 12th", "12 Jun.",
     "Jun. 12", "12-Jun", "12. Juni", "12 juin", "12 de junio", "12 giugno", "12 de junho", "12 juni", "6月12日",
     "１２ June"],
)  # fmt: skip
def test_a_day_has_many_spellings(text: str) -> None:
    """All of them are the twelfth of June of no year, and take up the whole text."""
    assert parts(text) == [(None, 6, 12)]
    assert one(text).text == text


@pytest.mark.parametrize(
    "text",
    ["12 June 2022", "12th of June, 2022", "June 12, 2022", "Jun 12 2022", "12-Jun-2022", "2022-06-12", "2022/06/12",
     "12.06.2022", "12.6.2022", "12. Juni 2022", "12 juin 2022", "12 de junio de 2022", "12 giugno 2022",
     "12 de junho de 2022", "12 juni 2022", "2022年6月12日", "2022년 6월 12일"],
)  # fmt: skip
def test_a_day_of_a_year_has_many_spellings(text: str) -> None:
    """All of them are the twelfth of June 2022, and take up the whole text."""
    assert parts(text) == [(2022, 6, 12)]
    assert one(text).text == text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("June 2022", [(2022, 6, None)]),
        ("June of 2022", [(2022, 6, None)]),
        ("May 2022", [(2022, 5, None)]),
        ("in June", [(None, 6, None)]),
        ("in May, since March", [(None, 5, None), (None, 3, None)]),
        ("1er juin", [(None, 6, 1)]),
        ("Sept. 11, 2001", [(2001, 9, 11)]),
        ("12-14 June 2022", [(2022, 6, 12), (2022, 6, 14)]),
        ("June 12-14, 2022", [(2022, 6, 12), (2022, 6, 14)]),
        ("12 and 13 June", [(None, 6, 12), (None, 6, 13)]),
        ("30 May to 2 June 2022", [(2022, 5, 30), (2022, 6, 2)]),
        ("on 30 May. On 2 June 2022", [(None, 5, 30), (2022, 6, 2)]),
        ("12/06/22", [(2022, 6, 12)]),
        ("31/12/99", [(1999, 12, 31)]),
        ("6/13/2022", [(2022, 6, 13)]),
        ("2022-06-12T08:30:00Z", [(2022, 6, 12)]),
        ("12 June. 2022 was wet", [(None, 6, 12)]),
        ("In June 12 people met", [(None, 6, None)]),
        ("June 12,000", [(None, 6, None)]),
        ("45 June 2022", [(2022, 6, None)]),
        ("3.12 June", [(None, 6, None)]),
    ],
)
def test_dates_are_read_at_the_precision_given(text: str, found: list[Parts]) -> None:
    """Months, days and ranges are told apart; numbers beside a month that are no day stay numbers."""
    assert parts(text) == found


@pytest.mark.parametrize(
    "text",
    ["May he march", "They may march 12 miles", "March on", "Theresa May", "2022", "the 1990s", "on Sunday", "9/11",
     "3-2", "1-2-22", "32/13/2022", "Mars 2020", "en juin", "Juneau 12", "2010-12", "the 12th", ""],
)  # fmt: skip
def test_what_is_no_date_is_left_alone(text: str) -> None:
    """Verbs, names, bare years, weekdays and scores are no dates."""
    assert dates(text) == ()


@pytest.mark.parametrize(
    ("text", "language"), [("en juin", "fr"), ("im Juni", "de-AT"), ("en junio", "es"), ("in giugno", "it")]
)
def test_a_month_alone_is_a_date_in_its_language(text: str, language: str) -> None:
    """With the language given, its months count without day and year."""
    assert parts(text, language) == [(None, 6, None)]


def test_day_and_month_may_be_swapped() -> None:
    """12/06/2022 has both readings, 13/06/2022 and 12.06.2022 have one."""
    assert one("12/06/2022").readings == ((2022, 6, 12), (2022, 12, 6))
    assert one("13/06/2022").readings == ((2022, 6, 13),)
    assert one("12.06.2022").readings == ((2022, 6, 12),)


@pytest.mark.parametrize(
    ("source", "claimed", "covered"),
    [
        ("12 June 2022", "June 2022", True),
        ("12 June 2022", "12 June", True),
        ("12 June 2022", "in June", True),
        ("12 June", "12 June 2022", False),
        ("June 2022", "12 June 2022", False),
        ("12 June 2022", "13 June 2022", False),
        ("12 June 2022", "12 June 2021", False),
        ("12/06/2022", "6 December 2022", True),
        ("12/06/2022", "12 June 2022", True),
        ("6 December 2022", "12/06/2022", True),
        ("13/06/2022", "12/06/2022", False),
    ],
)
def test_a_date_covers_what_says_no_more(source: str, claimed: str, *, covered: bool) -> None:
    """Each part of the claim is equal in the source, in some reading."""
    assert covers(one(source), one(claimed)) is covered


def test_a_year_is_filled_in_where_there_is_none() -> None:
    """The caller's year makes a day cover that day of the year, and changes no other year."""
    assert covers(with_year(one("12 June"), 2022), one("12 June 2022"))
    assert with_year(one("12 June 2021"), 2022) == one("12 June 2021")


def test_a_date_proves_itself_with_parts_left_out() -> None:
    """A day without a year proves the day, the month, and nothing of a year."""
    assert parts_proved(one("12 June")) == {(None, 6, 12), (None, 6, None), (None, None, 12), (None, None, None)}


def test_dates_are_struck_out() -> None:
    """The text keeps its length and the digits outside of dates."""
    text = "On 12 June 2022, 12 met."
    assert without_dates(text, dates(text)) == "On ||||||||||||, 12 met."


PIECES = st.lists(
    st.sampled_from([
        "12", "June", "2022", "May", "/", "-", ".", ",", "of", "the", "to", "in", "st", "06", "月", "日", "juin", "１",
        "Dec", " ", "\n",
    ])
)  # fmt: skip


@given(st.one_of(st.text(), PIECES.map(" ".join), PIECES.map("".join)), st.sampled_from([None, "fr", "de"]))
def test_any_text_is_read(text: str, language: str | None) -> None:
    """Dates come in order, are what stands at their spans, have a possible day, and cover themselves."""
    found = dates(text, language)
    assert [date.start for date in found] == sorted(date.start for date in found)
    for date in found:
        assert text[date.start : date.end] == date.text
        assert date.month in range(1, 13)
        assert date.day is None or date.day in range(1, 32)
        assert covers(date, date)


@given(st.dates(min_value=dt.date(1500, 1, 1), max_value=dt.date(2099, 12, 31)))
def test_every_day_covers_itself_in_other_words(day: dt.date) -> None:
    """Formats of one day cover each other."""
    written = [one(format(day, form)) for form in ("%d %B %Y", "%B %d, %Y", "%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y")]
    assert all(covers(source, claimed) for source, claimed in product(written, written))


@pytest.mark.parametrize("unit", ["12 June ", "June ", "1 of ", "12/", "2022-", "12-", "May 1 to 2 ", "12 and ", "1月"])
def test_time_grows_with_the_text_alone(unit: str, grows_linearly: Callable[..., bool]) -> None:
    """Finding dates takes time in proportion to the text."""
    assert grows_linearly(dates, unit)
