"""Dates as pages write them, brought to ISO 8601 at the precision given; `index.dates` says what a date is.

Nothing is added: a day stays a day, a month a month, a time without an offset stays without one. What cannot be a
date of publication is no date: before 1800, the first second of 1970 (an empty timestamp), more than two days
ahead.
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from index.dates import utc_days

__all__ = ["day_in_url", "moment", "moment_of_pdf"]

_EARLIEST_YEAR = 1800
_AHEAD = timedelta(days=2)
_LONGEST = 60
_EPOCH = re.compile(r"1970-01-01[T ]00:00(:00(\.0+)?)?\s?(Z|\+00:?00)?")
_FINE = re.compile(r"(\.\d{6})\d+")
_SHORT_OFFSET = re.compile(r"([T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?)\s?([+-]\d{2})$")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?\d{2})?)?", re.ASCII)
_SLASHES = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})\b(.*)", re.ASCII)
_SECONDS = re.compile(r"\d{9,10}|\d{12,13}", re.ASCII)
_MONTH_NAMES = (
    ("january", "jan"),
    ("february", "feb"),
    ("march", "mar"),
    ("april", "apr"),
    ("may",),
    ("june", "jun"),
    ("july", "jul"),
    ("august", "aug"),
    ("september", "sept", "sep"),
    ("october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names}
_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_MONTH_FIRST = re.compile(rf"(?:[a-z]+,?\s+)?({_NAME})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b", re.IGNORECASE)
_DAY_FIRST = re.compile(rf"(?:[a-z]+,?\s+)?(\d{{1,2}})(?:st|nd|rd|th)?\s+({_NAME})\.?,?\s+(\d{{4}})\b", re.IGNORECASE)
_MONTH_ONLY = re.compile(rf"({_NAME})\.?,?\s+(\d{{4}})", re.IGNORECASE)
_PDF = re.compile(r"(?:D:)?(\d{4})(\d{2})?(\d{2})?(?:(\d{2})(\d{2})(\d{2})?)?\s*(Z|[+-])?(\d{2})?'?(\d{2})?", re.ASCII)
_IN_URL = re.compile(r"/(?:\w+-)?((?:19|20)\d{2})[/-](\d{1,2})(?:[/-](\d{1,2}))(?=[/._-]|$)", re.ASCII)


def moment(value: str, *, now: datetime | None = None) -> str | None:
    """Return `value` in ISO 8601 at the precision given; None where it is no date that an article can have."""
    text = " ".join(value[:_LONGEST].split())
    for written in (_iso, _compact, _slashes, _epoch, _english, _rfc_2822):
        if (found := written(text)) and _plausible(found, now or datetime.now(UTC)):
            return found
    return None


def moment_of_pdf(value: str, *, now: datetime | None = None) -> str | None:
    """Return a date of PDF (ISO 32000, 7.9.4: D:YYYYMMDDHHmmSSOHH'mm), at the precision given."""
    match = _PDF.match(value.strip())
    if not match:
        return None
    year, month, day, hour, minute, second, sign, offset_hours, offset_minutes = match.groups()
    text = "-".join(part for part in (year, month, day) if part)
    if hour:
        text += f"T{hour}:{minute}" + (f":{second}" if second else "")
        if sign == "Z":
            text += "Z"
        elif sign and offset_hours:
            text += f"{sign}{offset_hours}:{offset_minutes or '00'}"
    return moment(text, now=now)


def day_in_url(url: str) -> str | None:
    """Return the day that an address names, as in /2019/11/18/; a month alone is too often that of a folder."""
    match = _IN_URL.search(url)
    return moment(f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}") if match else None


def _plausible(found: str, now: datetime) -> bool:
    try:
        first, _ = utc_days(found)
    except ValueError:
        return False
    return first.year >= _EARLIEST_YEAR and first <= (now + _AHEAD).date() and not _EPOCH.fullmatch(found)


def _iso(text: str) -> str | None:
    return _SHORT_OFFSET.sub(r"\1\2:00", _FINE.sub(r"\1", text.replace(" Z", "Z").replace(" UTC", "Z")))


def _compact(text: str) -> str | None:
    match = _COMPACT.fullmatch(text)
    if not match:
        return None
    day = f"{match[1]}-{match[2]}-{match[3]}"
    return f"{day}T{match[4]}:{match[5]}:{match[6] or '00'}{match[7] or ''}" if match[4] else day


def _slashes(text: str) -> str | None:
    """Read the year first only: 03/04/2020 is two days, depending on who wrote it."""
    match = _SLASHES.fullmatch(text)
    if not match:
        return None
    day = f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
    with_time = _iso(f"{day} {match[4].strip()}") if match[4].strip() else None
    return with_time if with_time and _readable(with_time) else day


def _epoch(text: str) -> str | None:
    if not _SECONDS.fullmatch(text):
        return None
    seconds = int(text) / (1_000 if len(text) > 10 else 1)  # noqa: PLR2004  (ten digits until the year 2286)
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _english(text: str) -> str | None:
    if match := _MONTH_FIRST.match(text):
        return f"{match[3]}-{_MONTHS[match[1].lower()]:02}-{int(match[2]):02}"
    if (match := _DAY_FIRST.match(text)) and ":" not in text:
        return f"{match[3]}-{_MONTHS[match[2].lower()]:02}-{int(match[1]):02}"
    if match := _MONTH_ONLY.fullmatch(text):
        return f"{match[2]}-{_MONTHS[match[1].lower()]:02}"
    return None


def _rfc_2822(text: str) -> str | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found.isoformat()


def _readable(text: str) -> bool:
    try:
        utc_days(text)
    except ValueError:
        return False
    return True
