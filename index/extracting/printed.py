"""Lines of printed pages, joined to paragraphs that know their pages.

A PDF knows lines at places, not paragraphs. A paragraph ends at an empty line; after a line that ends a sentence
and is clearly shorter than the page's long lines; and before a bullet or number. A short line that ends no sentence
and precedes a capital is a heading. A hyphen at the end of a line goes where small letters stand on both sides. A
paragraph goes on over a page's end where no sentence ended there. Lines that return at the edge of three pages or
more are running heads, and go.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from index.extracting.limits import Limits
from index.extracting.records import PageSpan
from index.extracting.tidy import line_text

__all__ = ["join_pages"]

_SENTENCE_END = re.compile(r"[.!?:;…。！？][\"'”’»)\]]*(\[\d+\])?$")
_ITEM = re.compile(r"(?:[•◦▪‣·–*-]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+\S")
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"(?:page\s*)?[-–—]?\s*\d{1,4}\s*[-–—]?(?:\s*(?:/|of)\s*\d{1,4})?", re.IGNORECASE)
_HYPHENS = ("-", "\u2010", "\xad")
_SHORT_LINE = 0.75
_HEADING_LINE = 0.6
_RUNNING_PAGES = 3
_EDGE_LINES = 2


def join_pages(printed: Sequence[str], limits: Limits) -> tuple[str, tuple[PageSpan, ...], list[str]]:
    """Return the text, the span of each page in it, and warnings."""
    pages = [[line_text(line) for line in page.splitlines()] for page in printed]
    running = _running_lines(pages)
    dropped = 0
    text = _Text()
    for number, lines in enumerate(pages, start=1):
        kept = _without_edges(lines, running)
        dropped += sum(map(bool, lines)) - sum(map(bool, kept))
        text.begin_page(number)
        _add_lines(text, kept)
    joined, spans = text.finished()
    warnings = [f"{dropped} running heads and page numbers left out"] if dropped else []
    if len(joined) > limits.text_chars:
        warnings.append(f"{len(joined) - limits.text_chars} characters after the first {limits.text_chars:,} cut off")
        joined = joined[: limits.text_chars]
        spans = tuple(PageSpan(s.number, min(s.start, len(joined)), min(s.end, len(joined))) for s in spans)
    return joined, spans, warnings


class _Text:
    """Text that grows by lines, and remembers where its pages begin."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._last = ""
        self._starts: list[tuple[int, int]] = []
        self.paragraph_ended = True

    def begin_page(self, number: int) -> None:
        self._starts.append((number, self._length))

    def add(self, line: str, *, new_paragraph: bool) -> None:
        """Append a line: to the paragraph, by a space or over a hyphen, or as a new one."""
        if not self._last:
            between = ""
        elif new_paragraph or self.paragraph_ended:
            between = "\n\n"
        elif _broken_word(self._last, line):
            self._cut(1)
            between = ""
        elif self._last.endswith(_HYPHENS):
            between = ""
        else:
            between = " "
        self._pieces.append(between + line)
        self._length += len(between) + len(line)
        self._last, self.paragraph_ended = line, False

    def finished(self) -> tuple[str, tuple[PageSpan, ...]]:
        """Return the text and its pages, each of which ends where the next one begins."""
        text = "".join(self._pieces)
        bounds = [(number, min(start, len(text))) for number, start in self._starts]
        ends = [start for _, start in bounds[1:]] + [len(text)]
        return _composed(
            text, [PageSpan(number, start, end) for (number, start), end in zip(bounds, ends, strict=True)]
        )

    def _cut(self, chars: int) -> None:
        self._pieces[-1] = self._pieces[-1][:-chars]
        self._length -= chars
        self._starts = [(number, min(start, self._length)) for number, start in self._starts]


def _composed(text: str, spans: list[PageSpan]) -> tuple[str, tuple[PageSpan, ...]]:
    """Compose what joining has brought together, and move the pages along; nearly always there is nothing to do."""
    if unicodedata.is_normalized("NFC", text):
        return text, tuple(spans)

    def moved(place: int) -> int:
        return len(unicodedata.normalize("NFC", text[:place]))

    return unicodedata.normalize("NFC", text), tuple(PageSpan(s.number, moved(s.start), moved(s.end)) for s in spans)


def _add_lines(text: _Text, lines: Sequence[str]) -> None:
    wide = _wide(lines)
    for place, line in enumerate(lines):
        if not line:
            # at the top of a page an empty line says nothing of the paragraph of the page before
            text.paragraph_ended = text.paragraph_ended or place > 0
            continue
        heading = len(line) < _HEADING_LINE * wide and not _SENTENCE_END.search(line) and _heads(lines[place + 1 :])
        text.add(line, new_paragraph=heading or _ITEM.match(line) is not None)
        text.paragraph_ended = heading or (len(line) < _SHORT_LINE * wide and _SENTENCE_END.search(line) is not None)


def _heads(following: Sequence[str]) -> bool:
    """Tell whether a short line may be a heading: what follows begins anew, with a capital."""
    return bool(following) and (not following[0] or not following[0][0].islower())


def _wide(lines: Iterable[str]) -> int:
    """Return the length of a long line: the ninth decile, for one very long line says nothing."""
    lengths = sorted(len(line) for line in lines if line)
    return lengths[(len(lengths) * 9) // 10 if len(lengths) > 1 else 0] if lengths else 0


def _broken_word(last: str, line: str) -> bool:
    return len(last) > 1 and last.endswith(_HYPHENS) and last[-2].islower() and line[0].islower()


def _edges(lines: Sequence[str]) -> list[int]:
    filled = [place for place, line in enumerate(lines) if line]
    return sorted({*filled[:_EDGE_LINES], *filled[-_EDGE_LINES:]})


def _running_lines(pages: Sequence[Sequence[str]]) -> frozenset[str]:
    """Return the lines, numbers apart, that stand at the edge of several pages and of a third of them."""
    counts: Counter[str] = Counter()
    for lines in pages:
        counts.update({_DIGITS.sub("0", lines[place]) for place in _edges(lines)})
    least = max(_RUNNING_PAGES, len(pages) // 3)
    return frozenset(line for line, count in counts.items() if count >= least)


def _without_edges(lines: Sequence[str], running: frozenset[str]) -> list[str]:
    edges = _edges(lines)
    gone = {place for place in edges if _DIGITS.sub("0", lines[place]) in running}
    gone |= {place for place in {*edges[:1], *edges[-1:]} if _PAGE_NUMBER.fullmatch(lines[place]) and len(edges) > 1}
    return [line for place, line in enumerate(lines) if place not in gone]
