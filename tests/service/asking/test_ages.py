from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.asking.ages import age_note

DATES = st.one_of(
    st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(date.isoformat),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(lambda day: day.isoformat()[:7]),
    st.integers(1900, 2100).map(str),
)


@pytest.mark.parametrize(
    ("as_of", "asked_at", "age"),
    [
        ("2022-06-13", "2025-11-20", "from 2022-06-13, 3 years and 5 months before"),
        ("2022-06-13", "2025-11-20T08:30:00Z", "from 2022-06-13, 3 years and 5 months before"),
        ("2022-06-13", "2025-11-12", "from 2022-06-13, 3 years and 4 months before"),
        ("2022-06-13", "2023-06-14", "from 2022-06-13, 1 year before"),
        ("2022-06-13", "2023-07-13", "from 2022-06-13, 1 year and 1 month before"),
        ("2022-06-13", "2024-06-13", "from 2022-06-13, 2 years before"),
        ("2024-02-29", "2025-03-01", "from 2024-02-29, 1 year before"),
        ("2022-12-31", "2024-01-01", "from 2022-12-31, 1 year before"),
        ("2022-06-13T23:30:00-05:00", "2025-11-20", "from 2022-06-14, 3 years and 5 months before"),
    ],
)
def test_the_age_of_old_evidence(as_of: str, asked_at: str, age: str) -> None:
    """Between two days whole months are counted, in UTC."""
    assert age_note(as_of, asked_at) == f"the newest cited article is {age} the question"


@pytest.mark.parametrize(
    ("as_of", "asked_at", "age"),
    [
        ("2022", "2026-06-20", "from 2022, about 4 years before"),
        ("2022", "2025-11-20", "from 2022, about 3 years before"),
        ("2022", "2024-01-01", "from 2022, about 2 years before"),
        ("2022", "2026", "from 2022, about 4 years before"),
        ("2022-06-13", "2026", "from 2022-06-13, about 4 years before"),
        ("2022-06", "2026", "from 2022-06, about 4 years before"),
        ("2022-06", "2025-11-20", "from 2022-06, about 3 years and 5 months before"),
        ("2022-06-13", "2025-11", "from 2022-06-13, about 3 years and 5 months before"),
        ("2022-02", "2024-02", "from 2022-02, about 2 years before"),
    ],
)
def test_what_is_known_coarsely_is_said_coarsely(as_of: str, asked_at: str, age: str) -> None:
    """A month or a year on either side makes the distance approximate, and a year makes it one of years."""
    assert age_note(as_of, asked_at) == f"the newest cited article is {age} the question"


@pytest.mark.parametrize(
    ("as_of", "asked_at"),
    [
        (None, "2025-11-20"),
        ("2025-11-20", "2025-11-20"),
        ("2025-11-21", "2025-11-20"),
        ("2030", "2025-11-20"),
        ("2022-06-13", "2023-06-13"),
        ("2024-02-29", "2025-02-28"),
        ("2022-06", "2023-06-30"),
        ("2022", "2023-12-31"),
        ("2022-06-13", "2023"),
        ("2024", "2025"),
    ],
)
def test_recent_evidence_needs_no_note(as_of: str | None, asked_at: str) -> None:
    """Nothing is said without a date, of the future, or where it may be no more than 365 days."""
    assert age_note(as_of, asked_at) is None


@pytest.mark.parametrize(("as_of", "asked_at"), [("long ago", "2025"), ("2022", "now")])
def test_what_is_no_date_is_refused(as_of: str, asked_at: str) -> None:
    """A string that is no date is an error, not an answer without an age."""
    with pytest.raises(ValueError, match=r"long ago|now"):
        age_note(as_of, asked_at)


@given(DATES, DATES)
def test_a_note_tells_of_at_least_a_year(as_of: str, asked_at: str) -> None:
    """Whatever the precisions, a note names the article's date and at least one whole year."""
    note = age_note(as_of, asked_at)
    if note:
        assert as_of in note
        assert int(note.partition(", ")[2].removeprefix("about ").split()[0]) >= 1
        assert as_of < asked_at
