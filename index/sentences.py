"""Sentences of a text, by offset.

Boundaries come from sentencex, block by block: a blank line always ends a sentence, a single newline does not.
Its time grows with the square of the number of unclosed quotes (1 MB of them: 200 s), so it is shown windows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import sentencex

__all__ = ["Sentence", "split_sentences"]

_BLOCK = re.compile(r"\S(?:[^\n]|\n(?![^\S\n]*\n))*")
_LAST_BREAK = re.compile(r".*[.!?。！？]\s|.*\s|.+", re.DOTALL)
_WINDOW_CHARS = 5_000
_TAIL_CHARS = 8
# sentencex 1.0.32 ends an English sentence after these
_ABBREVIATED = re.compile(r"\b(?:Ms|Mx|Cllr|Const|Vol|Ch|[Aa]pprox|Ft|Atty|Amb|Msgr|Pfc|Spc|Supt)\.$")
# and after these, even where small letters follow
_SHORTENED = re.compile(
    r"(?:\d\s?(?:pct|bn|mn|tn|lbs?|oz|km|kg|cm|mm|ft|in|yds?|mi|mins?|hrs?|secs?)"
    r"|\b(?:max|Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun|Bn|Regt))\.$"
)
_GOES_ON = re.compile(r"[a-z]+\b(?!\.\w)")
# it takes this month for an abbreviation, and inch marks for quotes, between which nothing ends
_MONTH_AT_END = re.compile(r"\bMay\.(?=\s+[A-Z])")
_NO_ABBREVIATION = "Mai."


@dataclass(frozen=True)
class Sentence:
    """A sentence: half-open code-point offsets into its text, and the number of its paragraph."""

    start: int
    end: int
    paragraph: int


def split_sentences(text: str, language: str | None = None) -> list[Sentence]:
    """Return the sentences of `text` in order, trimmed of white space, each with at least one letter or digit.

    A piece without either (a lone quotation mark, say) belongs to the sentence before it in its paragraph, or
    else to the one after it.
    """
    sentences: list[Sentence] = []
    for number, block in enumerate(_BLOCK.finditer(text)):
        spans = (_trim(text, start, end) for start, end in _boundaries(block[0], block.start(), language or "en"))
        sentences.extend(Sentence(start, end, number) for start, end in _join_wordless(text, list(spans)))
    return sentences


def _boundaries(block: str, offset: int, language: str) -> Iterator[tuple[int, int]]:
    position = 0
    while position < len(block):
        window = block[position : position + _WINDOW_CHARS]
        if position + len(window) < len(block) and (cut := _LAST_BREAK.match(window)):
            window = cut[0]
        for found in sentencex.get_sentence_boundaries(language, _shown(window)):
            yield offset + position + found["start_index"], offset + position + found["end_index"]
        position += len(window)


def _shown(window: str) -> str:
    """Return text of the same length, in which nothing is left that the library mistakes."""
    return _MONTH_AT_END.sub(_NO_ABBREVIATION, _without_inch_marks(window) if '"' in window else window)


def _without_inch_marks(window: str) -> str:
    """Return text of the same length in which a quotation mark after a digit, where no quote is open, is none."""
    pieces = window.split('"')
    shown, is_open = pieces[0], False
    for piece in pieces[1:]:
        is_inch = not is_open and shown[-1:].isdecimal()
        is_open = is_open if is_inch else not is_open
        shown += ("″" if is_inch else '"') + piece
    return shown


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))


def _join_wordless(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join pieces without a word, and what follows an abbreviation, to a sentence."""
    held: tuple[int, int] | None = None
    pending: int | None = None
    for start, end in spans:
        if start >= end:
            continue
        if held and _is_cut_short(text, held, start):
            held = held[0], end
        elif any(character.isalnum() for character in text[start:end]):
            if held:
                yield held
            held, pending = (start if pending is None else pending, end), None
        elif held:
            held = held[0], end
        elif pending is None:
            pending = start
    if held:
        yield held


def _is_cut_short(text: str, sentence: tuple[int, int], following: int) -> bool:
    """Tell whether a sentence ends in an abbreviation that what follows belongs to."""
    tail = max(sentence[0], sentence[1] - _TAIL_CHARS), sentence[1]
    if _ABBREVIATED.search(text, *tail):
        return True
    return bool(_SHORTENED.search(text, *tail) and _GOES_ON.match(text, following))
