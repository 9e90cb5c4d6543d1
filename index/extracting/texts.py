"""Paragraphs to the text of a document."""

from collections.abc import Iterable

from index.extracting.charset import decode
from index.extracting.errors import EmptyDocumentError, WrongKindError
from index.extracting.limits import Limits
from index.extracting.records import Extracted
from index.extracting.tidy import paragraph_text

__all__ = ["extract_text", "finished", "refuse_other_kinds"]

_OTHER_KINDS = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a ZIP or Word document",
    b"\xd0\xcf\x11\xe0": "an old Word document",
    b"\x1f\x8b": "packed by gzip",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"\x7fELF": "a program",
}
_BINARY = 0.1


def finished(paragraphs: Iterable[str], name: str, limits: Limits) -> tuple[str, tuple[str, ...]]:
    """Return the text of tidy paragraphs and a warning where it was cut. Raises EmptyDocumentError."""
    kept: list[str] = []
    chars, left = 0, 0
    for paragraph in paragraphs:
        if left or chars + len(paragraph) > limits.text_chars:
            left += 1
        else:
            kept.append(paragraph)
            chars += len(paragraph) + 2
    if not any(character.isalnum() for paragraph in kept for character in paragraph):
        raise EmptyDocumentError(f"{name}: holds no text; there is nothing to answer from")
    cut = (f"{left} paragraphs after the first {limits.text_chars:,} characters cut off",) if left else ()
    return "\n\n".join(kept), cut


def refuse_other_kinds(data: bytes, said: str, name: str) -> None:
    """Raise WrongKindError where the first bytes are those of something that is no text."""
    for start, kind in _OTHER_KINDS.items():
        if data.startswith(start):
            raise WrongKindError(f"{name}: is {kind}, not {said}; add it as what it is")


def extract_text(data: bytes, *, name: str, content_type: str | None, limits: Limits) -> Extracted:
    """Return plain text in paragraphs, which blank lines part. Raises DocumentError naming `name`."""
    refuse_other_kinds(data, "plain text", name)
    decoded = decode(data, content_type=content_type)
    if decoded.text.count("\x00") + decoded.replaced > _BINARY * len(decoded.text):
        raise WrongKindError(
            f"{name}: is no text (much of it cannot be read as {decoded.encoding}); add it as what it is"
        )
    warnings = [f"{decoded.replaced} characters are not {decoded.encoding}"] if decoded.replaced else []
    lines = decoded.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    text, cut = finished(_paragraphs(lines), name, limits)
    return Extracted(text=text, warnings=(*warnings, *cut))


def _paragraphs(lines: Iterable[str]) -> Iterable[str]:
    together: list[str] = []
    for line in (*lines, ""):
        if line.strip():
            together.append(line)
        elif together:
            if paragraph := paragraph_text("\n".join(together)):
                yield paragraph
            together = []
