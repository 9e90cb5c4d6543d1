from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates import check_date, utc_days
from index.errors import InvalidArticleError


@pytest.mark.parametrize(
    ("value", "first", "after"),
    [
        ("2022", date(2022, 1, 1), date(2023, 1, 1)),
        ("2022-12", date(2022, 12, 1), date(2023, 1, 1)),
        ("2024-02", date(2024, 2, 1), date(2024, 3, 1)),
        ("2022-06-13", date(2022, 6, 13), date(2022, 6, 14)),
        ("2022-06-13T23:30", date(2022, 6, 13), date(2022, 6, 14)),
        ("2022-06-13 23:30:15.25 Z", date(2022, 6, 13), date(2022, 6, 14)),
        ("2022-06-13T23:30:15.25 -05:00", date(2022, 6, 14), date(2022, 6, 15)),
        ("2022-06-13T23:30\t+05:00", date(2022, 6, 13), date(2022, 6, 14)),
        ("2022-06-13T23:30:00-05:00", date(2022, 6, 14), date(2022, 6, 15)),
        ("2022-06-13T03:30:00+0500", date(2022, 6, 12), date(2022, 6, 13)),
    ],
)
def test_days_that_a_date_covers(value: str, first: date, after: date) -> None:
    """A year, month, day or moment covers a half-open range of UTC days."""
    assert utc_days(value) == (first, after)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "yesterday",
        "2022-13-45",
        "2022-13",
        "2022-02-30",
        "0000",
        "22-06-13",
        "13.06.2022",
        "2022-06-13T25:00",
        "2022-06-13T10:00+25:00",
        "2022-06-13junk",
        "20220613",
        "2022-W24",
    ],
)
def test_what_is_no_date_is_refused(value: str) -> None:
    """Anything else is refused with the place, the field and the accepted forms."""
    with pytest.raises(InvalidArticleError, match=r"here: `published_at` is .*, which is no date; write 2022, 2022-06"):
        check_date(value, name="published_at", place="here")


@pytest.mark.parametrize(
    "value",
    ["9999", "9999-12", "9999-12-31", "9999-12-31T23:00-05:00", "0001-01-01T00:00:00+05:00"],
)
def test_dates_at_the_end_of_the_calendar_do_not_crash(value: str) -> None:
    """The first and last days that a calendar knows are accepted or refused like any other date."""
    try:
        assert check_date(value, name="published_at", place="here") == value
    except InvalidArticleError as exc:
        assert "which is no date" in str(exc)  # noqa: PT017  (either outcome is right, a crash is not)


def test_a_date_is_stripped_and_stays_as_written() -> None:
    """The precision given is the precision stored."""
    assert check_date(" 2022-06 ", name="published_at", place="here") == "2022-06"


@given(st.text(st.sampled_from("0123456789-T:Z+ .٢"), max_size=30))
def test_whatever_is_written_is_a_date_or_refused(value: str) -> None:
    """No string makes anything but a date or the one error."""
    try:
        first, after = utc_days(check_date(value, name="published_at", place="here"))
    except InvalidArticleError:
        return
    assert first < after
