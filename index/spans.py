"""Where the sentences of a passage stand, packed into one column."""

import struct
from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["SPAN_BYTES", "Span", "pack_spans", "unpack_spans"]

_SPAN = struct.Struct("=iiiq")

SPAN_BYTES = _SPAN.size
"""Of each sentence."""


class Span(NamedTuple):
    """A sentence: half-open offsets into the article's text, encoder tokens, and a number that its copies share."""

    start: int
    end: int
    tokens: int
    digest: int


def pack_spans(spans: Iterable[Span]) -> bytes:
    """Return `spans` as one value of a column."""
    return b"".join(_SPAN.pack(*span) for span in spans)


def unpack_spans(packed: bytes) -> list[Span]:
    """Return the spans that `pack_spans` packed."""
    return [Span(*fields) for fields in _SPAN.iter_unpack(packed)]
