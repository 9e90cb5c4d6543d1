"""A reranker without a model, for tests and faults."""

import re
from collections.abc import Sequence

__all__ = ["FakeReranker"]

_WORD = re.compile(r"\w+")


class FakeReranker:
    """Score a text by the share of the query's words that stand in it; counts its calls."""

    name = "fake"

    def __init__(self) -> None:
        self.calls = 0

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return a share between 0 and 1 for each text; 0 for a query without a word."""
        self.calls += 1
        wanted = _words(query)
        return [len(wanted & _words(text)) / max(1, len(wanted)) for text in texts]


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))
