"""Recall of the approximate index: how many of the truly nearest sentences it finds."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from eval.bench.inside import nearest, stored_vectors
from eval.bench.metrics import Figure, wilson
from index import Library
from index.encoders import Vectors

__all__ = ["DEPTHS", "exact_nearest", "neighbour_recall", "recall_of_library"]

DEPTHS = (10, 64)
"""Numbers of nearest sentences; the second is how many candidates a search draws first."""


def recall_of_library(library: Library, questions: Sequence[str]) -> dict[int, Figure]:
    """Return the recall at each of DEPTHS for real questions."""
    queries = np.stack([library.encoder.encode_query(question) for question in questions])
    exact = exact_nearest(stored_vectors(library), queries, max(DEPTHS))
    found = [nearest(library, query, max(DEPTHS)) for query in queries]
    return {k: neighbour_recall(found, exact, k) for k in DEPTHS}


def exact_nearest(pieces: Iterable[tuple[Sequence[int], Vectors]], queries: Vectors, k: int) -> list[list[int]]:
    """Return for each of `queries` the keys of the `k` vectors of greatest cosine, the nearest first."""
    best_keys: NDArray[np.int64] = np.empty((len(queries), 0), dtype=np.int64)
    best: NDArray[np.float32] = np.empty((len(queries), 0), dtype=np.float32)
    for keys, vectors in pieces:
        cosines = queries @ (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).T
        best = np.concatenate([best, cosines], axis=1)
        best_keys = np.concatenate([best_keys, np.tile(np.asarray(keys, dtype=np.int64), (len(queries), 1))], axis=1)
        order = np.argsort(-best, axis=1, kind="stable")[:, :k]
        best, best_keys = np.take_along_axis(best, order, axis=1), np.take_along_axis(best_keys, order, axis=1)
    return [[int(key) for key in row] for row in best_keys]


def neighbour_recall(found: Sequence[Sequence[int]], exact: Sequence[Sequence[int]], k: int) -> Figure:
    """Return the share of the `k` nearest that are among the first `k` found; its interval counts each neighbour."""
    hits = sum(len(set(some[:k]) & set(right[:k])) for some, right in zip(found, exact, strict=True))
    wanted = sum(len(right[:k]) for right in exact)
    return Figure(hits / max(1, wanted), len(exact), "rate", wilson(hits, wanted))
