"""Characters and white space, made as an article's canonical text has them."""

import re
import unicodedata

__all__ = ["MAX_FIELD_CHARS", "field_text", "line_text", "paragraph_text", "words_of"]

MAX_FIELD_CHARS = 2_000
"""Longest metadata that an article takes."""

_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_BLANKS = re.compile(r"[^\S\n]+")
_NOT_WORDS = re.compile(r"\W+")


def line_text(raw: str) -> str:
    """Return `raw` in one line: NFC, single spaces, without control characters and halves of characters."""
    return unicodedata.normalize("NFC", " ".join(_UNSTORABLE.sub("", raw.replace("\xad", "")).split()))


def paragraph_text(raw: str) -> str:
    """Return `raw` as a paragraph, whose lines stay lines."""
    lines = _UNSTORABLE.sub("", raw.replace("\xad", "")).splitlines()
    tidy = (_BLANKS.sub(" ", line).strip() for line in lines)
    return unicodedata.normalize("NFC", "\n".join(line for line in tidy if line))


def field_text(raw: str | None) -> str | None:
    """Return `raw` as metadata in one line; None where nothing is left, or more than a field takes."""
    text = line_text(raw or "")
    return text if 0 < len(text) <= MAX_FIELD_CHARS else None


def words_of(text: str) -> str:
    """Return only the words, in one case, to compare texts by."""
    return _NOT_WORDS.sub(" ", text).strip().casefold()
