"""Where the benchmark reaches inside of the index, and nowhere else: these three functions follow its internals."""

from collections.abc import Iterator

import numpy as np

from eval.bench.errors import BenchError
from index import Library
from index.encoders import Encoder, Vector, Vectors

__all__ = ["encoder_dtype", "nearest", "stored_vectors"]


def nearest(library: Library, vector: Vector, n: int) -> list[int]:
    """Return the keys of the `n` sentences that the approximate index holds nearest to `vector`."""
    return library._vectors.nearest(vector, n)  # noqa: SLF001


def stored_vectors(library: Library, at_once: int = 20_000) -> Iterator[tuple[list[int], Vectors]]:
    """Yield (keys, vectors of shape [n, dimension]) of all sentences, as exactly as they are recorded, in pieces."""
    keys: list[int] = []
    rows: list[Vectors] = []
    passages = library._writer.sentence_vectors(library.encoder.dimension, library._generation)  # noqa: SLF001
    for some_keys, vectors in passages:
        keys.extend(some_keys)
        rows.append(vectors)
        if len(keys) >= at_once:
            yield keys, np.concatenate(rows)
            keys, rows = [], []
    if keys:
        yield keys, np.concatenate(rows)


def encoder_dtype(encoder: Encoder) -> str:
    """Return the name of the number type that a sentence-transformers encoder computes in, such as "float32"."""
    model = getattr(encoder, "_model", None)
    if model is None:
        raise BenchError(f"the encoder {encoder.name!r} has no sentence-transformers model to compare with")
    return str(next(model.parameters()).dtype).removeprefix("torch.")
