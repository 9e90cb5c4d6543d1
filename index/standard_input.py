"""Articles from standard input: JSON lines, or one text, which may begin with front matter."""

from collections.abc import Iterator
from io import BufferedReader, RawIOBase
from typing import BinaryIO, cast

from index.errors import IndexingError
from index.lines import Failed, Read, decode, read_lines
from index.reading import read_markdown

__all__ = ["read_stream"]

_PLACE = "standard input"
_BLANK = b"\xef\xbb\xbf \t\r\n"


def read_stream(stream: BinaryIO, *, max_bytes: int) -> Iterator[Read | Failed]:
    """Yield the articles of a stream: what begins with `{` is JSON lines, anything else one text in Markdown.

    There is no path that could make an id: JSON lines need an `id` or a `url`, and a text without them has an id made
    of itself.
    """
    buffered = BufferedReader(cast("RawIOBase", stream))
    try:
        if buffered.peek(1).lstrip(_BLANK).startswith(b"{"):
            yield from read_lines(buffered, place=_PLACE, source=_PLACE, path=None, max_bytes=max_bytes)
        else:
            yield _read_text(buffered.read(max_bytes + 1), max_bytes)
    finally:
        buffered.detach()


def _read_text(raw: bytes, max_bytes: int) -> Read | Failed:
    try:
        text = decode(raw, _PLACE, max_bytes)
        return read_markdown(text, place=_PLACE, source=_PLACE, path=text)
    except IndexingError as exc:
        return Failed(_PLACE, str(exc))
