"""Answers in pieces: which of them are markers of citations, and which another answer does not have."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

__all__ = ["Piece", "changed_pieces", "marked_pieces"]

_MARKER = re.compile(r"(\[\d{1,4}\])")
_TOKEN = re.compile(r"\s+|\[\d+\]|\w+|[^\w\s]")
_MOST_TOKENS = 600  # the time of a comparison grows with their square


@dataclass(frozen=True)
class Piece:
    """A part of an answer; `marker` is the number of a citation, `changed` what the other answer does not have."""

    text: str
    marker: int | None = None
    changed: bool = False


def marked_pieces(answer: str, markers: Collection[int]) -> list[Piece]:
    """Return the answer in order; `markers` are those that have a citation, others are text."""
    return [_piece(part, markers) for part in _MARKER.split(answer) if part]


def changed_pieces(ours: str, others: str) -> tuple[list[Piece], list[Piece]]:
    """Return both answers, in each marked what the other does not have; unmarked where they are too long for that."""
    one, two = _TOKEN.findall(ours), _TOKEN.findall(others)
    if max(len(one), len(two)) > _MOST_TOKENS:
        return [Piece(ours)], [Piece(others)]
    codes = SequenceMatcher(None, one, two, autojunk=False).get_opcodes()
    ours_pieces = _spans(one, ((code, i, j) for code, i, j, _, _ in codes))
    return ours_pieces, _spans(two, ((code, i, j) for code, _, _, i, j in codes))


def _piece(part: str, markers: Collection[int]) -> Piece:
    number = int(part[1:-1]) if _MARKER.fullmatch(part) and part.isascii() else None
    return Piece(part, number if number in markers else None)


def _spans(tokens: list[str], codes: Iterator[tuple[str, int, int]]) -> list[Piece]:
    return [Piece("".join(tokens[i:j]), changed=code != "equal") for code, i, j in codes if i < j]
