"""The reranker seam: a model that reads a question and a text together, and says how well they fit.

It is slower than an encoder by the whole text, so that it is shown the few best passages only.
"""

from collections.abc import Sequence
from typing import Protocol

__all__ = ["Reranker"]


class Reranker(Protocol):
    """Score texts for a question. Implementations need not be safe for several threads."""

    @property
    def name(self) -> str:
        """Return the model's name."""
        ...

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return a finite score for each of `texts`, in their order; [] for none.

        Higher is better. The scale is the model's own, so that scores compare within one model alone; of a text
        past the model's limit the beginning counts. Raises RerankerError where the model cannot be loaded or run.
        """
        ...
