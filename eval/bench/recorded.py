"""An encoder for growth: each distinct sentence is read by the real model once, and only remembered after that.

So what is measured with it is the index, never the encoder. As late pooling does, it gives the copies of a sentence
vectors that differ by the passage each stands in: its own vector, plus a part of the passage's mean, plus noise.
"""

import zlib
from collections.abc import Iterable, Sequence

import numpy as np

from index.encoders import Encoder, PassageText, PassageVectors, Vector, Vectors
from index.encoders.base import unit

__all__ = ["RecordedEncoder"]

_CONTEXT_WEIGHT = 0.25
_NOISE_LENGTH = 0.05
_AT_ONCE = 512

Spans = list[tuple[int, int]]


class RecordedEncoder:
    """Give recorded vectors for the sentences of `inner`, and encode questions with it.

    A newline parts sentences: what the splitter takes for one over several lines has the mean of their vectors. A
    line that was never recorded is encoded when it is met; `encoded` counts how many lines the model read.
    """

    def __init__(self, inner: Encoder) -> None:
        self.name, self.revision = f"recorded {inner.name}", inner.revision
        self.dimension, self.max_tokens = inner.dimension, inner.max_tokens
        self.encoded = 0
        self._inner = inner
        self._vectors: dict[str, Vector] = {}
        self._spans: dict[str, Spans] = {}

    def record(self, lines: Iterable[str]) -> None:
        """Have the model read those of `lines` that it has not read yet."""
        fresh = [line for line in dict.fromkeys(lines) if line not in self._vectors]
        for begin in range(0, len(fresh), _AT_ONCE):
            some = fresh[begin : begin + _AT_ONCE]
            found = self._inner.encode_passages([PassageText(line, ((0, len(line)),)) for line in some])
            self._vectors |= {line: vectors.sentences[0] for line, vectors in zip(some, found, strict=True)}
        self.encoded += len(fresh)

    def token_spans(self, text: str) -> Spans:
        """Return the real tokens, looked up line by line."""
        spans: Spans = []
        offset = 0
        for line in text.split("\n"):
            if line not in self._spans:
                self._spans[line] = self._inner.token_spans(line)
            spans.extend((start + offset, end + offset) for start, end in self._spans[line])
            offset += len(line) + 1
        return spans

    def encode_passages(self, passages: Sequence[PassageText]) -> list[PassageVectors]:
        """Return vectors that depend on nothing but sentence and passage; text outside of the sentences has no part."""
        lines = [[_lines(passage.text[a:b]) for a, b in passage.sentences] for passage in passages]
        self.record(line for sentences in lines for sentence in sentences for line in sentence)
        return [self._vectors_of(passage.text, sentences) for passage, sentences in zip(passages, lines, strict=True)]

    def encode_query(self, text: str) -> Vector:
        """Encode a question with the model."""
        return self._inner.encode_query(text)

    def _vectors_of(self, text: str, sentences: Sequence[Sequence[str]]) -> PassageVectors:
        own = unit(np.stack([np.mean([self._vectors[line] for line in lines], axis=0) for lines in sentences]))
        noise = _noise(text, own.shape)
        mixed = unit(np.asarray(own + _CONTEXT_WEIGHT * own.mean(axis=0) + noise, dtype=np.float32))
        return PassageVectors(unit(mixed.mean(axis=0)), mixed)


def _lines(sentence: str) -> list[str]:
    """Return the lines of a sentence that hold anything; at least one."""
    return [line for line in sentence.split("\n") if line.strip()] or [sentence]


def _noise(text: str, shape: tuple[int, ...]) -> Vectors:
    """Return noise of about `_NOISE_LENGTH` a row, always the same for the same text."""
    rows = np.random.default_rng(zlib.crc32(text.encode())).standard_normal(shape, dtype=np.float32)
    return np.asarray(rows * (_NOISE_LENGTH / np.sqrt(shape[-1])), dtype=np.float32)
