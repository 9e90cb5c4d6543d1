"""The reciprocal rank of the first right find (Voorhees 1999, TREC-8 question answering); its mean is the MRR."""

from collections.abc import Iterable, Sequence

__all__ = ["first_rank", "reciprocal_rank"]


def first_rank(right: Iterable[bool]) -> int | None:
    """Return the rank of the first true flag, counted from 1; None where there is none."""
    return next((rank for rank, flag in enumerate(right, 1) if flag), None)


def reciprocal_rank(found: Sequence[frozenset[int]], n_groups: int, k: int = 10) -> float | None:
    """Return 1 / rank of the first of `k` finds that covers a gold group, 0 where none does.

    `found` and `n_groups` are as in `recall_at_k`. None where nothing is to be found.
    """
    rank = first_rank(map(bool, found[:k]))
    return (1 / rank if rank else 0.0) if n_groups else None
