"""Answers and gold strings as tokens that can be compared.

As the official script of SQuAD 2.0 does it (Rajpurkar et al. 2018, `evaluate-v2.0.py`): lower case, then without
punctuation, then without the articles a, an and the, then split at white space. Citation markers are taken off before.

It differs from the script in two ways. Punctuation is that of Unicode besides that of ASCII, since articles have curly
quotation marks. And a point between two digits stays: without it "$4.2 million" would be the same as "$42 million",
and the sample articles hold both.
"""

import re
import string
import unicodedata
from collections.abc import Sequence

__all__ = ["holds", "normalise", "without_markers"]

_MARKER = re.compile(r"\[\d+\]")
_ARTICLE = re.compile(r"\b(?:a|an|the)\b")
_DECIMAL_POINT = re.compile(r"(?<=\d)\.(?=\d)")


def normalise(text: str) -> tuple[str, ...]:
    """Return the tokens of `text`."""
    between_points = _DECIMAL_POINT.split(without_markers(text).lower())
    return tuple(_ARTICLE.sub(" ", ".".join(map(_without_punctuation, between_points))).split())


def without_markers(text: str) -> str:
    """Return `text` with a space in place of each citation marker such as [1]."""
    return _MARKER.sub(" ", text)


def holds(tokens: Sequence[str], wanted: Sequence[str]) -> bool:
    """Tell whether `wanted` stands in `tokens` as a run of whole tokens; nothing never does."""
    width = len(wanted)
    runs = range(len(tokens) - width + 1) if width else ()
    return any(tuple(tokens[i : i + width]) == tuple(wanted) for i in runs)


def _without_punctuation(text: str) -> str:
    return "".join(
        character
        for character in text
        if character not in string.punctuation and not unicodedata.category(character).startswith("P")
    )
