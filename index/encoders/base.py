"""The encoder seam.

One forward pass reads a whole passage; a sentence's vector is the mean of its token vectors in that pass (late
pooling), so that a sentence is understood in its context at no extra cost. All vectors have unit length.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Encoder", "PassageText", "PassageVectors", "Vector", "Vectors", "unit"]

Vector = NDArray[np.float32]
"""One vector, shape [dimension]."""
Vectors = NDArray[np.float32]
"""Several vectors, shape [n, dimension]."""


@dataclass(frozen=True)
class PassageText:
    """A passage to encode, and the half-open offsets of its sentences in that text."""

    text: str
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class PassageVectors:
    """Vectors of a passage (shape [dimension]) and of its sentences (shape [n, dimension])."""

    passage: Vector
    sentences: Vectors


class Encoder(Protocol):
    """Turn text into unit vectors. Implementations need not be safe for several threads."""

    @property
    def name(self) -> str:
        """Return the model's name, as recorded in the manifest."""
        ...

    @property
    def revision(self) -> str:
        """Return what tells two releases of the model apart, as recorded in the manifest."""
        ...

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        ...

    @property
    def max_tokens(self) -> int:
        """Return how many tokens of text a passage may have (special tokens not counted)."""
        ...

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Return the half-open offsets of the tokens of `text`, never cut at the limit."""
        ...

    def encode_passages(self, passages: Sequence[PassageText]) -> list[PassageVectors]:
        """Encode passages of at most `max_tokens` tokens. Raises EncoderError for a sentence without a token."""
        ...

    def encode_query(self, text: str) -> Vector:
        """Encode a question; what goes past the limit is cut."""
        ...


def unit(vectors: Vectors) -> Vectors:
    """Return `vectors` scaled to length one along the last axis; zeros stay zeros."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(norms == 0, 1, norms), dtype=np.float32)
