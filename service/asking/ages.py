"""How old an answer is: one whose newest evidence is old says so."""

from datetime import date, timedelta

from index.dates import utc_days

__all__ = ["age_note"]

# within a year offices, prices and records mostly stand as they were told; later each annual one has come round again
_OLD_DAYS = 365
_MONTH_DAYS = 31
_MEAN_YEAR_DAYS = 365.2425


def age_note(as_of: str | None, asked_at: str) -> str | None:
    """Return how long before the question its newest cited article was published, if surely more than a year.

    Both are of any precision that `index.dates` reads, and the note claims no more than they know: of days it counts
    the whole months, of months and years it says about how many. Raises ValueError if either is no date.
    """
    if as_of is None:
        return None
    published, asked = utc_days(as_of), utc_days(asked_at)
    if (asked[0] - (published[1] - timedelta(days=1))).days <= _OLD_DAYS:
        return None
    return f"the newest cited article is from {_shown(published)}, {_distance(published, asked)} before the question"


def _shown(days: tuple[date, date]) -> str:
    return days[0].isoformat()[: {"day": 10, "month": 7, "year": 4}[_precision(days)]]


def _precision(days: tuple[date, date]) -> str:
    length = (days[1] - days[0]).days
    if length == 1:
        return "day"
    return "month" if length <= _MONTH_DAYS else "year"


def _distance(published: tuple[date, date], asked: tuple[date, date]) -> str:
    precisions = {_precision(published), _precision(asked)}
    if "year" in precisions:
        between = (_middle(asked) - _middle(published)) / _MEAN_YEAR_DAYS
        return f"about {_counted(round(between), 'year')}"
    then, now = published[0], asked[0]
    months = (now.year - then.year) * 12 + now.month - then.month
    if precisions != {"day"}:
        return f"about {_years_and_months(months)}"
    return _years_and_months(months - (now.day < then.day))


def _middle(days: tuple[date, date]) -> float:
    return (days[0].toordinal() + days[1].toordinal()) / 2


def _years_and_months(months: int) -> str:
    years, rest = divmod(months, 12)
    return _counted(years, "year") + (f" and {_counted(rest, 'month')}" if rest else "")


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"
