"""Matching: which words of a question stand where in passages, for all passages at once.

Words are compared as numbers, so that a question of ten words over sixty passages is ten comparisons of one array.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.words import number_of

__all__ = ["Floats", "Matches", "match", "saturation"]

_K1 = 0.6
_B = 0.6

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Matches:
    """What a question's words are worth: in each sentence (shape [sentences]) and in each passage ([passages])."""

    shares: Floats
    """Share of the question's idf whose words stand in the sentence, 0 to 1."""
    bm25: Floats
    """Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), equation 3.15, divided by its supremum."""
    pairs: Floats
    """Share of the question's idf whose words stand next to each other as in the question, 0 to 1."""


def match(
    idf: Mapping[str, float],
    pairs: Sequence[tuple[str, str]],
    numbers: Sequence[NDArray[np.uint32]],
    norms: Floats,
) -> Matches:
    """Match a question's words, with their `idf`, and its `pairs` of neighbours.

    `numbers` hold, for each passage, its title and each of its sentences as word numbers, a 0 after each; `norms` say
    how many times a word must stand in a passage to score half.
    """
    words = np.concatenate(numbers)
    ends = words == 0
    lines = np.cumsum(ends) - ends  # the number of the line that each word stands in
    n_lines = np.array([np.count_nonzero(passage == 0) for passage in numbers])
    passages = np.repeat(np.arange(len(numbers)), n_lines)
    shares = np.zeros(len(passages))
    bm25, neighbours = np.zeros(len(numbers)), np.zeros(len(numbers))
    for word, weight in idf.items():
        found = lines[words == number_of(word)]
        shares[found] += weight  # once for a line, however often it is in `found`
        counts = np.bincount(passages[found], minlength=len(numbers))
        bm25 += weight * counts / (counts + norms)
    for one, other in pairs:
        beside = (words[:-1] == number_of(one)) & (words[1:] == number_of(other))
        neighbours[passages[lines[:-1][beside]]] += (idf[one] + idf[other]) / 2
    titles = np.cumsum(n_lines) - n_lines
    total = sum(idf.values()) or 1.0
    return Matches(np.delete(shares, titles) / total, bm25 / total, np.minimum(1, neighbours / total))


def saturation(n_words: Floats, mean_length: float) -> Floats:
    """Return how many times a word must stand in passages of `n_words` words to score half."""
    return _K1 * (1 - _B + _B * n_words / mean_length)
