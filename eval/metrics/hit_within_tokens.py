"""Whether what proves an answer comes within so many tokens of evidence: recall under a budget of tokens.

A model is shown tokens, not ranks; systems that cut articles into larger or smaller pieces compare by this alone.
"""

import re
from collections.abc import Sequence
from itertools import accumulate

__all__ = ["count_tokens", "hit_within_tokens"]

_TOKEN = re.compile(r"\w+|[^\w\s]")


def hit_within_tokens(pieces: Sequence[tuple[int, frozenset[int]]], n_groups: int, budget: int) -> bool | None:
    """Tell whether a piece that covers a gold group ends within the first `budget` tokens.

    `pieces` are those of the evidence, the best first: how many tokens each has, and the positions of the groups that
    it covers (`coverage.covered_by`), out of `n_groups`. None where nothing is to be found.
    """
    ends = accumulate(tokens for tokens, _ in pieces)
    hit = any(covered and end <= budget for end, (_, covered) in zip(ends, pieces, strict=True))
    return hit if n_groups else None


def count_tokens(text: str) -> int:
    """Return how many words and marks `text` has: a count that needs no model and is alike for every encoder.

    Encoders split rare words further, so that they count more.
    """
    return len(_TOKEN.findall(text))
