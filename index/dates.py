"""Dates at the precision given: a year, a month, a day, or a moment."""

import calendar
import re
from datetime import UTC, date, datetime, timedelta

from index.errors import InvalidArticleError

__all__ = ["check_date", "utc_days", "utc_moment"]

_YEAR = re.compile(r"\d{4}", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?\s?(Z|[+-]\d{2}:?\d{2})?", re.ASCII)


def check_date(value: str, *, name: str, place: str) -> str:
    """Return `value`, stripped, if it is a year, month, day or moment of ISO 8601.

    Raises InvalidArticleError naming the place, the field and the accepted forms.
    """
    stripped = value.strip()
    try:
        utc_days(stripped)
    except ValueError:
        raise InvalidArticleError(
            f"{place}: `{name}` is {value[:60]!r}, which is no date; "
            "write 2022, 2022-06, 2022-06-13 or 2022-06-13T08:30:00+05:00"
        ) from None
    return stripped


def utc_days(value: str) -> tuple[date, date]:
    """Return the half-open range of UTC days that `value` covers. Raises ValueError if it is no date.

    A moment without an offset counts as UTC. A range that ends after the year 9999 is no date either.
    """
    try:
        return _utc_days(value)
    except OverflowError as exc:
        raise ValueError(value) from exc


def utc_moment(value: str) -> datetime | None:
    """Return the moment that `value` gives, in UTC, or None where it gives no time of the day.

    A moment without an offset counts as UTC. Raises ValueError for a time that there is not.
    """
    if not _MOMENT.fullmatch(value):
        return None
    moment = datetime.fromisoformat(f"{value[:10]}T{''.join(value[11:].split())}")
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _utc_days(value: str) -> tuple[date, date]:
    if _YEAR.fullmatch(value):
        return date(int(value), 1, 1), date(int(value) + 1, 1, 1)
    if month := _MONTH.fullmatch(value):
        first = date(int(month[1]), int(month[2]), 1)
        return first, first + timedelta(days=calendar.monthrange(first.year, first.month)[1])
    if _DAY.fullmatch(value):
        day = date.fromisoformat(value)
    elif moment := utc_moment(value):
        day = moment.date()
    else:
        raise ValueError(value)
    return day, day + timedelta(days=1)
