"""An encoder without a model, for tests and faults: words hashed into a small space."""

import re
import zlib
from collections.abc import Sequence

import numpy as np

from index.encoders.base import PassageText, PassageVectors, Vector, unit
from index.errors import EncoderError

__all__ = ["FakeEncoder"]

_TOKEN = re.compile(r"\w{1,8}|[^\w\s]")


class FakeEncoder:
    """Encode text as the sum of one pseudo-random vector for each of its words; counts what it encoded."""

    name = "fake"
    max_tokens = 254

    def __init__(self, *, dimension: int = 64, revision: str = "1") -> None:
        self.dimension = dimension
        self.revision = revision
        self.encoded = 0

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Return the offsets of words (in pieces of at most eight characters) and punctuation marks."""
        return [found.span() for found in _TOKEN.finditer(text)]

    def encode_passages(self, passages: Sequence[PassageText]) -> list[PassageVectors]:
        """Encode each passage and its sentences apart."""
        self.encoded += len(passages)
        return [
            PassageVectors(
                self._vector(passage.text), np.stack([self._vector(passage.text[a:b]) for a, b in passage.sentences])
            )
            for passage in passages
        ]

    def encode_query(self, text: str) -> Vector:
        """Encode a question like a sentence; one without a word gives the first unit vector."""
        if not self.token_spans(text):
            return np.eye(1, self.dimension, dtype=np.float32).reshape(-1)
        return self._vector(text)

    def _vector(self, text: str) -> Vector:
        tokens = [text[a:b].lower() for a, b in self.token_spans(text)]
        if not tokens:
            raise EncoderError(f"a sentence has no token: {text[:40]!r}")
        rows = [np.random.default_rng(zlib.crc32(token.encode())).standard_normal(self.dimension) for token in tokens]
        return unit(np.asarray(np.sum(rows, axis=0), dtype=np.float32))
