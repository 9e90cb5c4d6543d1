from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates import utc_days
from index.extracting.moments import day_in_url, moment, moment_of_pdf

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("2022", "2022"),
        ("2022-06", "2022-06"),
        ("2022-06-13", "2022-06-13"),
        (" 2022-06-13T08:30 ", "2022-06-13T08:30"),
        ("2022-06-13T08:30:00+05:00", "2022-06-13T08:30:00+05:00"),
        ("2022-06-13T08:30:00+0500", "2022-06-13T08:30:00+0500"),
        ("2022-06-13T08:30:00+05", "2022-06-13T08:30:00+05:00"),
        ("2022-06-13T08:30:00.1234567Z", "2022-06-13T08:30:00.123456Z"),
        ("2022-06-13 08:30:00 UTC", "2022-06-13 08:30:00Z"),
        ("20220613", "2022-06-13"),
        ("20220613T083000Z", "2022-06-13T08:30:00Z"),
        ("2022/6/13", "2022-06-13"),
        ("2022/06/13 08:30:00", "2022-06-13 08:30:00"),
        ("1655109000", "2022-06-13T08:30:00Z"),
        ("1655109000123", "2022-06-13T08:30:00Z"),
        ("June 13, 2022", "2022-06-13"),
        ("Mon, Jun. 13th, 2022 at 8:30 am", "2022-06-13"),
        ("13 June 2022", "2022-06-13"),
        ("June 2022", "2022-06"),
        ("Mon, 13 Jun 2022 08:30:00 +0500", "2022-06-13T08:30:00+05:00"),
        ("1854-10-25", "1854-10-25"),
    ],
)
def test_precision_is_kept(written: str, found: str) -> None:
    """A date comes back in ISO 8601 as precisely as it was written, and no more."""
    assert moment(written, now=NOW) == found


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "03/04/2020",
        "2022-13-01",
        "2022-02-30",
        "0001-01-01T00:00:00",
        "1970-01-01T00:00:00Z",
        "2026-06-09",
        "9999",
        "8:30",
        "-1",
        "9" * 50,
        "2022-06-13T25:00",
        "31 June 2022",
    ],
)
def test_no_date(written: str) -> None:
    """What is ambiguous, empty, impossible or still to come is no date."""
    assert moment(written, now=NOW) is None


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("D:20190428060107-07'00'", "2019-04-28T06:01:07-07:00"),
        ("D:20190428060107Z", "2019-04-28T06:01:07Z"),
        ("D:20190428060107", "2019-04-28T06:01:07"),
        ("D:201904280601", "2019-04-28T06:01"),
        ("20190428", "2019-04-28"),
        ("D:201904", "2019-04"),
        ("D:2019", "2019"),
        ("yesterday", None),
        ("D:20191399", None),
    ],
)
def test_dates_of_pdf(written: str, found: str | None) -> None:
    """A date of PDF keeps its precision."""
    assert moment_of_pdf(written, now=NOW) == found


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://example.org/2019/11/18/title", "2019-11-18"),
        ("https://example.org/news/2019-11-18-title", "2019-11-18"),
        ("https://example.org/2019/11/title", None),
        ("https://example.org/2019/13/40/title", None),
        ("https://example.org/a", None),
    ],
)
def test_days_in_addresses(url: str, found: str | None) -> None:
    """A day in an address is one, a month alone is none."""
    assert day_in_url(url) == found


@given(st.text() | st.from_regex(r"\A[\d/.:TZ+ -]{0,30}\Z"))
def test_any_text(written: str) -> None:
    """Whatever is written, what comes back is a date."""
    for found in (moment(written), moment_of_pdf(written), day_in_url(written)):
        if found is not None:
            utc_days(found)
