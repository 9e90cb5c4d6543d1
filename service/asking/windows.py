"""The publication window that a question asks for.

Only wording about reporting becomes a window: in "What was reported last month?" the time says when an article was
published, in "What happened last month?" when something happened, which an article of any day may tell. A false window
hides evidence and a missed one costs little, so a time counts only where a noun or verb of reporting governs it in the
words beside it, and whatever can be read in two ways is left alone. Explicit years and months are never a window.
"""

import calendar
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from index.dates import utc_days
from service.asking.languages import Language
from service.asking.wordings import AGAINST, DATED, Period, period, wordings

__all__ = ["Window", "publication_window"]

# "the latest" names no period: in thirty days a running story stays whole, and a monthly outlet has one issue
_LATEST = Period("rolling", "day", 30)
_SINCE = {"since", "seit", "depuis", "desde"}
_WORD = re.compile(r"\w+(?:['’‐‑-]\w+)*|[^\w\s]")
_FOLDS = str.maketrans("’‐‑", "'--")
_QUOTED = re.compile(r"\"[^\"]{0,200}\"|“[^”]{0,200}”|«[^»]{0,200}»|„[^“”]{0,200}[“”]|(?<!\w)['‘].{1,200}?['’](?!\w)")
_ENDS = re.compile(r"(?<!\b[A-Za-z])[.!?](?=[\"'”’»“)]*(?:\s|$))")


@dataclass(frozen=True)
class Window:
    """A half-open window of publication in UTC days.

    `wording` is what in the question led to it, `rest` the question without those words of it that can be left out.
    `implied` says that the words name no period: "the latest".
    """

    published_from: str
    published_to: str
    wording: str
    rest: str
    implied: bool = False

    def describe(self) -> str:
        """Say the window in words."""
        return f"published from {self.published_from} to before {self.published_to}"


@dataclass(frozen=True)
class _Question:
    """A question, where its words stand in it, and the words folded between the two ends of a sentence."""

    text: str
    spans: tuple[tuple[int, int], ...]
    folded: str


@dataclass(frozen=True)
class _Found:
    """A wording found in a question: its match and period, and where in the text it and what can be cut stand."""

    language: Language
    match: re.Match[str]
    named: Period
    wording: tuple[int, int]
    cut: tuple[int, int]


def publication_window(question: str, asked_at: str) -> Window | None:
    """Return the window of publication that the question's wording about reporting asks for, or None.

    `asked_at` is of any precision that `index.dates` reads. Where it covers many days, the window holds what each of
    them would give. It never reaches past the last of them. Raises ValueError if `asked_at` is no date.
    """
    first, after = utc_days(asked_at)
    asked = _read(unicodedata.normalize("NFC", question))
    if AGAINST.search(asked.folded) or len(re.findall(r"\?+", question)) > 1:
        return None  # one window fits no two questions
    found = list(_find(asked, latest=False))
    implied = not found
    if implied and not DATED.search(asked.folded):
        found = list(_find(asked, latest=True))
    windows = {_days(one, first, after) for one in found}
    if len(windows) != 1:
        return None
    ((start, end),) = windows
    if start >= end:
        return None  # it lies before the first day of the calendar, or is of no days
    return Window(
        start.isoformat(), end.isoformat(), asked.text[slice(*found[0].wording)], _rest(asked, found[0]), implied
    )


def _read(question: str) -> _Question:
    words = list(_WORD.finditer(question))
    folded = " ".join([".", *(word[0].casefold().translate(_FOLDS) for word in words), ".", ""])
    return _Question(question, tuple(word.span() for word in words), folded)


def _find(asked: _Question, *, latest: bool) -> Iterator[_Found]:
    quoted = [match.span() for match in _QUOTED.finditer(asked.text)]
    for wording in wordings(latest=latest):
        language = wording.language
        for match in wording.pattern.finditer(asked.folded):
            (start, end), cut = _span(asked, match, "wording"), _span(asked, match, "cut")
            if any(start < last and first < end for first, last in quoted) or not _asks(asked.text, end):
                continue
            if not _is_name(asked.text, *((cut[0], cut[0] + 1) if language.large_nouns else (start, end))):
                named = _LATEST if latest else period(match["time"], language)
                yield _Found(language, match, named, (start, end), cut)


def _span(asked: _Question, match: re.Match[str], group: str) -> tuple[int, int]:
    """Return which characters of the question a group of the folded words came from."""
    first, last = (asked.folded.count(" ", 0, at) - 1 for at in match.span(group))
    return asked.spans[first][0], asked.spans[last][1]


def _asks(text: str, end: int) -> bool:
    """Tell whether a sentence that asks holds this place, where any does: what is told before sets no window."""
    if "?" not in text:
        return True
    closing = _ENDS.search(text, end)
    return closing is None or closing[0] == "?"


def _is_name(text: str, start: int, end: int) -> bool:
    """Tell whether a word is written large that neither begins a sentence nor stands in a text of large letters."""
    if text.isupper():
        return False
    large = [word.start() for word in _WORD.finditer(text, start, end) if word[0][0].isupper()]
    before = text[:start].rstrip()
    return any(at > start or before[-1:] not in ".?!:¿¡" for at in large)


def _days(found: _Found, first: date, after: date) -> tuple[date, date]:
    """Return the window for a moment of asking that is any of these days: what each of them would give, together."""
    start, _ = _window(found.named, first)
    _, end = _window(found.named, after - timedelta(days=1))
    return start, end if _SINCE.isdisjoint(found.match["cut"].split()) else after


def _window(named: Period, day: date) -> tuple[date, date]:
    if named.kind == "rolling":
        return _back(day + timedelta(days=1), named.unit, named.number), day + timedelta(days=1)
    start = _start(day, named.unit)
    if named.kind == "this":
        return start, day + timedelta(days=1)
    return _back(start, named.unit, 1), start


def _start(day: date, unit: str) -> date:
    """Return the first day of the ISO week, month or year that a day lies in."""
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day if unit == "day" else day.replace(day=1, month=1 if unit == "year" else day.month)


def _back(day: date, unit: str, number: int) -> date:
    """Return the day so many units earlier, or the first of the calendar. Of hours, any begun day counts."""
    if unit in {"month", "year"}:
        months = day.year * 12 + day.month - 1 - number * (12 if unit == "year" else 1)
        year, month = divmod(months, 12)
        if year < date.min.year:
            return date.min
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    days = {"hour": -(-number // 24) + 1, "day": number, "week": 7 * number}[unit]
    return date.fromordinal(max(1, day.toordinal() - days))


def _rest(asked: _Question, found: _Found) -> str:
    """Return the question without "according to yesterday's news," and the like, or else without the time alone."""
    text, (start, end) = asked.text, found.cut
    before, after = asked.folded[: found.match.start("wording")], asked.folded[found.match.end("wording") :]
    sources, place = found.language.sources, found.language.place
    if re.fullmatch(rf"\. (?:{sources}|{place}) (?:\w{{1,4}} )?", before) and after.startswith(" , "):
        start, end = 0, text.index(",", found.wording[1]) + 1
    elif re.fullmatch(r"(?: [^\w\s])* ", after) and (
        said := re.search(rf"(?<!\S)(?:{sources}) (?:\w{{1,4}} )?$", before)
    ):
        start, end = asked.spans[before.count(" ", 0, said.start()) - 1][0], found.wording[1]
    return _without(text, start, end)


def _without(text: str, start: int, end: int) -> str:
    left, right = text[:start].rstrip(" ,"), text[end:]
    rest = left + right if left else right.lstrip(" ,:")
    if not any(character.isalnum() for character in rest):
        return text
    return rest[:1].upper() + rest[1:] if text[:1].isupper() else rest
