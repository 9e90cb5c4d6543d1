"""Where the proof of an answer stands."""

from collections.abc import Iterable

from eval.bench.data import Document
from eval.measure.errors import SetFormatError

__all__ = ["spans_of"]


def spans_of(document: Document, quotes: Iterable[str]) -> tuple[tuple[str, int, int], ...]:
    """Return article id, start and end of each quote where it first stands.

    Raises SetFormatError for a quote that stands nowhere.
    """
    spans = []
    for quote in quotes:
        start = document.text.find(quote)
        if start < 0:
            raise SetFormatError(
                f"{document.id}: {quote!r} does not stand in its text; quote it as it is written there"
            )
        spans.append((document.id, start, start + len(quote)))
    return tuple(spans)
