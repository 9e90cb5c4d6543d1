"""The metrics of retrieval together, over what a search gave."""

from eval.metrics.coverage import Groups, covered_by, first_covers
from eval.metrics.hit_within_tokens import count_tokens, hit_within_tokens
from eval.metrics.ndcg import ndcg_at_k
from eval.metrics.places import Place
from eval.metrics.recall_at_k import all_evidence_recall_at_k, recall_at_k
from eval.metrics.reciprocal_rank import reciprocal_rank
from service.contract import Citation, EvidenceOut, SearchBody

__all__ = ["everywhere", "search_scores"]

_DEPTH = 10
_TOKENS = (200, 400)


def search_scores(search: SearchBody, groups: Groups) -> dict[str, float | None]:
    """Return the scores of passages and of evidence by the names of `table.METRICS`; None where nothing is to be found.

    A passage gains in nDCG for the groups that it is the first to bring: of spans of one group in several articles
    only one is needed, and counting each would exceed the ideal. Evidence counts from its best sentence on.
    """
    n = len(groups)
    found = [covered_by([Place(item.article_id, item.start, item.end)], groups) for item in search.passages]
    new = first_covers(found[:_DEPTH])
    missed = n - len(frozenset[int]().union(*found[:_DEPTH]))
    best_first = sorted(search.evidence, key=lambda item: -item.score)
    pieces = [(count_tokens(item.text), covered_by(everywhere(item), groups)) for item in best_first]
    return {
        "recall@5": recall_at_k(found, n, 5),
        "all_evidence_recall@10": all_evidence_recall_at_k(found, n, _DEPTH),
        "mrr": reciprocal_rank(found, n, _DEPTH),
        "ndcg@10": ndcg_at_k(new, sum(new) + missed, _DEPTH),
        **{f"hit@{budget}_tokens": hit_within_tokens(pieces, n, budget) for budget in _TOKENS},
    }


def everywhere(quoted: Citation | EvidenceOut) -> list[Place]:
    """Return where the words of a sentence stand: its own place first, then those of its copies."""
    return [Place(item.article_id, item.start, item.end) for item in (quoted, *quoted.copies)]
