"""Normalised discounted cumulative gain of binary relevance."""

import math
from collections.abc import Sequence

__all__ = ["ndcg_at_k"]


def ndcg_at_k(relevant: Sequence[bool], n_relevant: int, k: int) -> float | None:
    """Return the nDCG of the first `k` finds, of `n_relevant` that there are in all; None where there are none.

    `relevant` tells of each find, the best first, whether it is relevant. Gains are 0 or 1, the discount of rank r is
    log2(r + 1), and the ideal order has all that is relevant first (Järvelin and Kekäläinen 2002). The paper leaves
    ranks 1 and 2 without discount; log2(r + 1) is what trec_eval and the literature since then compute.
    Raises ValueError where more finds are relevant than there are.
    """
    gains = relevant[:k]
    if sum(gains) > n_relevant:
        raise ValueError(f"{sum(gains)} finds are relevant, of {n_relevant} in all; count what is relevant once")
    ideal = sum(1 / _discount(rank) for rank in range(1, min(n_relevant, k) + 1))
    return sum(1 / _discount(rank) for rank, gain in enumerate(gains, 1) if gain) / ideal if ideal else None


def _discount(rank: int) -> float:
    return math.log2(rank + 1)
