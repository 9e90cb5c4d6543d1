"""The vector index as the library uses it: where it fails, it is made anew from the ledger, and asked again.

Embedded Chroma loses vectors, raises or panics once a file of it is damaged, while it is open too. None of that is
worth a question: what it holds is derived.
"""

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

from index.encoders.base import Vector, Vectors
from index.errors import VectorIndexError
from index.vectors import VectorIndex

__all__ = ["MendingIndex"]

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class MendingIndex:
    """A vector index, and `make`, which makes it anew from the ledger.

    Every method may raise VectorIndexError where a new one fails too, and what `make` raises; the next call begins
    with making it anew then.
    """

    def __init__(self, index: VectorIndex, make: Callable[[], VectorIndex]) -> None:
        self._index: VectorIndex | None = index
        self._make = make

    def __len__(self) -> int:
        """Return the number of vectors."""
        return self._use(len)

    def __bool__(self) -> bool:
        """Tell that it is there, with or without vectors."""
        return True

    def add(self, keys: Sequence[int], vectors: Vectors) -> None:
        """Add or replace the vectors (shape [n, dimension]) of sentence keys."""
        self._use(lambda index: index.add(keys, vectors))

    def remove(self, keys: Sequence[int]) -> None:
        """Remove the vectors of sentence keys; unknown keys are no error."""
        self._use(lambda index: index.remove(keys))

    def nearest(self, vector: Vector, n: int) -> list[int]:
        """Return the keys of the `n` sentences nearest to `vector`, the nearest first."""
        return self._use(lambda index: index.nearest(vector, n))

    def renew(self) -> None:
        """Have it made anew by the next call."""
        if self._index is not None:
            self._index.give_up()
            self._index = None

    def close(self) -> None:
        """Release the files and seal them."""
        if self._index is not None:
            self._index.close()
            self._index = None

    def _use(self, work: Callable[[VectorIndex], _T]) -> _T:
        if self._index is not None:
            try:
                return work(self._index)
            except VectorIndexError as exc:
                _log.warning("%s; it is made anew from the ledger", exc)
                self.renew()
        self._index = self._make()
        return work(self._index)
