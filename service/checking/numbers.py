"""Numbers of a text, however they are written: 1,200,000 and 1.2m and "one million two hundred thousand" are one value.

Digits that are part of a name (F-16, B12, Covid-19, COP27) are no number; `names` has those. Nor are reference marks
such as [1] and the number of a list's item. Roman numerals, fractions in words and signs are not read.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from service.checking.digits import SEPARATORS, read_digits
from service.checking.number_words import begins_number, centuries, scale_of, spell

__all__ = ["Number", "numbers"]

_PIECE = re.compile(
    r"(?P<time>(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?![\d:]))"
    rf"|(?P<digits>(?:(?<![\w.,])\.)?\d+(?:[{SEPARATORS}]\d+)*)"
    r"|(?P<word>[^\W\d_]+)"
)
_MARK = re.compile(r"\[\d{1,3}(?: ?[,–-] ?\d{1,3}){0,6}\]|^[ \t]{0,8}\d{1,2}[.)](?=\s)", re.MULTILINE)
_AFTER = re.compile(
    r"(?P<percent>[\s-]?(?:[%％٪]|per[\s-]?cent\b|percentage|pct\b|prozent\b|procent\b|pour\s?cent|por\s?cien?to\b))"
    r"|(?P<time>\s?(?P<half>[ap])(?:m\b|\.m\b\.?)|\s?o['’]clock\b|\suhr\b)"
    r"|(?P<ordinal>(?:st|nd|rd|th|er|re|e|ème|º|ª)\b)"
    r"|(?P<decade>s\b)",
    re.IGNORECASE,
)
_HYPHENS = frozenset("-‐‑")
_GROUP_SPACES = frozenset(" \u00a0\u2009\u202f")
_JOINTS = _HYPHENS | _GROUP_SPACES | {"", "\n"}
_DASH = re.compile(r"\s?[-–—/]\s?")
_TO = re.compile(r"\s?[-–—/]\s?|\s(?:to|and|or)\s")
# what stands right before digits without making a name of them: currencies, and the like of "mid-1990s"
_NO_NAME = frozenset([
    "rs", "re", "eur", "usd", "gbp", "chf", "pkr", "inr", "rm", "kr", "sek", "nok", "dkk", "jpy", "cny", "rmb", "php",
    "aud", "cad", "nz", "no", "nr", "c", "ca", "circa", "mid", "pre", "post", "early", "late", "over", "under", "top",
    "sub", "since",
])  # fmt: skip
_CURRENCIES = frozenset("$€£¥₹")
_TWO = re.compile(r"\d\d")
_LEADING_GROUP = re.compile(r"\d{1,3}")
_SPACED_GROUP = re.compile(r"\d{3}(?P<rest>[.,]\d+)?")
_DECADE = re.compile(r"\d0|[12]\d\d0")
_YEAR = re.compile(r"(?:1\d|20)(\d\d)")
_MAX_WORDS = 24  # 999 trillion in words is about as long
_MAX_SCALE = 10**18
_HOURS = 12


@dataclass(frozen=True)
class Number:
    """A number: its surface and span, its value and unit.

    `unit` is "", "percent", "ordinal", "decade", or "time", whose value has hours before the point and minutes after.
    `others` are further values that it may have: 100m is 100 million or 100 metres. `firm` is False for words such as
    "one" or "first", which may be a ground for a number and need none themselves.
    """

    text: str
    start: int
    end: int
    value: Decimal
    unit: str = ""
    others: tuple[Decimal, ...] = ()
    firm: bool = True

    @property
    def values(self) -> tuple[Decimal, ...]:
        """Every value that it may have, the likeliest first."""
        return (self.value, *self.others)


def numbers(text: str, language: str | None = None) -> tuple[Number, ...]:
    """Return the numbers of `text` in reading order; dates are to be cut out before.

    "1,200" is read as in English unless `language` (ISO 639-1) is one that writes a decimal comma.
    """
    unmarked = _MARK.sub(lambda mark: "|" * len(mark[0]), text)
    reader = _Reader(unmarked, tuple(_PIECE.finditer(unmarked)), (language or "en").split("-")[0])
    return _ranges(text, list(reader.read()))


@dataclass(frozen=True)
class _Scaled:
    """A number, what a word multiplied it by, and the piece to read on from."""

    number: Number
    scale: int
    after: int


@dataclass(frozen=True)
class _Reader:
    text: str
    pieces: Sequence[re.Match[str]]
    language: str

    def read(self) -> Iterator[_Scaled]:
        """Yield the numbers in reading order."""
        at = 0
        while at < len(self.pieces):
            piece, after = self.pieces[at], at + 1
            for found in self._words(at) if piece.lastgroup == "word" else self._digits(at):
                yield found
                after = max(after, found.after)
            at = after

    def _digits(self, at: int) -> Iterator[_Scaled]:
        """Yield the numbers of digits that belong together; the last of them takes up the words after it."""
        piece = self.pieces[at]
        if self._is_in_name(at):
            return
        if piece.lastgroup == "time":
            hours, *smaller = piece[0].split(":")
            yield self._finish(self._number(*piece.span(), [Decimal(f"{hours}.{''.join(smaller)}")], "time"), at + 1)
            return
        after = self._groups_end(at)
        for digits in read_digits(self.text, piece.start(), self.pieces[after - 1].end(), self.language):
            yield self._finish(self._number(digits.start, digits.end, digits.values), after)

    def _words(self, at: int) -> Iterator[_Scaled]:
        """Yield the number that a word begins, if it does."""
        if not begins_number(self.pieces[at][0].casefold(), self.language):
            return
        words: list[str] = []
        end = self.pieces[at].start()
        for piece in self.pieces[at : at + _MAX_WORDS]:
            if piece.lastgroup != "word" or (words and self.text[end : piece.start()] not in _JOINTS):
                break
            words.append(piece[0].casefold())
            end = piece.end()
        if found := spell(words, self.language):
            after = at + found.words
            span = self.pieces[at].start(), self.pieces[after - 1].end()
            number = self._number(*span, [found.value, *found.others], found.unit)
            yield self._finish(replace(number, firm=found.firm), after)

    def _finish(self, number: Number, after: int) -> _Scaled:
        """Take up the scale, percent sign, ending or half of the day that follow a number."""
        scale, end, metres = 1, number.end, False
        while not number.unit and (factor := self._factor(after, end)) and scale * factor <= _MAX_SCALE:
            metres = self.pieces[after][0] == "m" and self.text[number.start - 1 : number.start] not in _CURRENCIES
            scale, end, after = scale * factor, self.pieces[after].end(), after + 1
        others = (*(value * scale for value in number.others), *([number.value] if metres else []))
        scaled = replace(number, end=end, value=number.value * scale, others=others)
        if match := _AFTER.match(self.text, end):
            scaled = _with_unit(scaled, match, number.text if scale == 1 else "")
        while after < len(self.pieces) and self.pieces[after].start() < scaled.end:
            after += 1
        return _Scaled(replace(scaled, text=self.text[scaled.start : scaled.end]), scale, after)

    def _factor(self, at: int, end: int) -> int | None:
        """Return what the piece `at` multiplies a number by that ends at `end`."""
        if at >= len(self.pieces) or self.pieces[at].lastgroup != "word":
            return None
        word, gap = self.pieces[at][0].casefold(), self.text[end : self.pieces[at].start()]
        if gap not in _JOINTS or (gap and word in {"k", "b"}):
            return None
        return scale_of(word)

    def _is_in_name(self, at: int) -> bool:
        """Tell whether digits stand in a name: right after a cased letter, or after a capitalised word and a hyphen."""
        if at == 0 or self.pieces[at - 1].lastgroup != "word":
            return False
        word = self.pieces[at - 1][0]
        gap = self.text[self.pieces[at - 1].end() : self.pieces[at].start()]
        if word.casefold() in _NO_NAME:
            return False
        return word[-1].lower() != word[-1].upper() if not gap else gap in _HYPHENS and word[0].isupper()

    def _groups_end(self, at: int) -> int:
        """Return the piece after the last group of a number such as 1 200 000."""
        after = at + 1
        if not _LEADING_GROUP.fullmatch(self.pieces[at][0]):
            return after
        while after < len(self.pieces) and (group := _SPACED_GROUP.fullmatch(self.pieces[after][0])):
            if self.text[self.pieces[after - 1].end() : self.pieces[after].start()] not in _GROUP_SPACES:
                break
            after += 1
            if group["rest"]:
                break
        return after

    def _number(self, start: int, end: int, values: Sequence[Decimal], unit: str = "") -> Number:
        return Number(self.text[start:end], start, end, values[0], unit, tuple(values[1:]))


def _with_unit(number: Number, after: re.Match[str], literal: str) -> Number:
    """Give a number the unit that stands after it; `literal` is its digits where no scale changed them."""
    unit, others = after.lastgroup or "", number.others
    if number.unit and unit != "time":
        return number
    if unit == "time" and (after["half"] or "").casefold() == "p" and number.value < _HOURS:
        others += (number.value + _HOURS,)
    if unit == "decade":
        if not _DECADE.fullmatch(literal):
            return number
        others += centuries(int(literal)) if len(literal) == len("90") else ()
    return replace(number, end=after.end(), unit=unit, others=others, firm=True)


def _ranges(text: str, found: list[_Scaled]) -> tuple[Number, ...]:
    """Read 1914-18 as 1914 and 1918, and 10-12 million as 10 million and 12 million."""
    read = [item.number for item in found]
    for at in range(1, len(read)):
        first, last = read[at - 1], read[at]
        if not _TO.fullmatch(text, first.end, last.start):
            continue
        year = _YEAR.fullmatch(first.text)
        if year and _DASH.fullmatch(text, first.end, last.start) and _TWO.fullmatch(last.text):
            if int(last.text) > int(year[1]):
                read[at] = replace(last, value=first.value // 100 * 100 + last.value, others=(last.value,))
        elif found[at].scale > 1 and found[at - 1].scale == 1 and not first.unit:
            read[at - 1] = replace(first, others=(*first.others, first.value * found[at].scale))
    return tuple(read)
