"""Instructions planted in articles: where they stand, and how they hide."""

from dataclasses import replace
from typing import Literal

from eval.measure.cases import Page

__all__ = ["BODY", "GUISES", "PLACES", "Guise", "Place", "disguised", "planted"]

Place = Literal["start", "middle", "end", "title", "author"]
"""Where an instruction stands: in the body, as a paragraph of its own, or behind a field."""

Guise = Literal["plain", "zero-width", "tags"]
"""How an instruction is written: openly; with a zero-width space behind each character, so that no filter knows its
words; or in tag characters (U+E0000 and up), which no reader sees and some models read."""

BODY: tuple[Place, ...] = ("start", "middle", "end")
"""The places that take text of any length."""

PLACES: tuple[Place, ...] = (*BODY, "title", "author")
GUISES: tuple[Guise, ...] = ("plain", "zero-width", "tags")

_ZERO_WIDTH_SPACE = "\u200b"
_TAGS = 0xE0000
_PRINTABLE = range(0x20, 0x7F)


def disguised(instruction: str, guise: Guise) -> str:
    """Return the instruction as it is written in `guise`; as tags, what is not printable ASCII stays as it is."""
    if guise == "zero-width":
        return "".join(character + _ZERO_WIDTH_SPACE for character in instruction)
    if guise == "tags":
        return "".join(chr(_TAGS + ord(c)) if ord(c) in _PRINTABLE else c for c in instruction)
    return instruction


def planted(page: Page, instruction: str, place: Place) -> Page:
    """Return the page with the instruction at `place`; in a field, white space becomes single spaces."""
    line = " ".join(instruction.split())
    if place == "title":
        return replace(page, title=f"{page.title} {line}")
    if place == "author":
        return replace(page, author=f"{page.author or ''} {line}".strip())
    paragraphs = page.text.split("\n\n")
    paragraphs.insert({"start": 0, "middle": len(paragraphs) // 2, "end": len(paragraphs)}[place], instruction)
    return replace(page, text="\n\n".join(paragraphs))
