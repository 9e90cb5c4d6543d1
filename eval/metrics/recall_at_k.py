"""Recall of retrieval at a depth, over the facts that a question needs."""

from collections.abc import Sequence

__all__ = ["all_evidence_recall_at_k", "recall_at_k"]


def recall_at_k(found: Sequence[frozenset[int]], n_groups: int, k: int) -> float | None:
    """Return the share of gold groups that the first `k` finds cover; None where nothing is to be found.

    `found` holds, the best first, the positions of the groups that each find covers (`coverage.covered_by`), out of
    `n_groups`. It is recall as in Manning, Raghavan and Schütze (2008), chapter 8, with groups as what is relevant,
    so that a fact that stands in several articles counts once.
    """
    return len(_covered(found, k)) / n_groups if n_groups else None


def all_evidence_recall_at_k(found: Sequence[frozenset[int]], n_groups: int, k: int) -> bool | None:
    """Tell whether the first `k` finds cover every gold group; None where nothing is to be found.

    It is what a question over several articles needs (HotpotQA: Yang et al. 2018; there `both@10` for two articles).
    """
    return len(_covered(found, k)) == n_groups if n_groups else None


def _covered(found: Sequence[frozenset[int]], k: int) -> frozenset[int]:
    return frozenset[int]().union(*found[:k])
