"""Reranking: the best passages in the order that a reranker gives them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from sqlalchemy import Connection

from index.ledger.rows import articles_of
from index.rerankers import Reranker
from index.scoring import ScoredPassage

__all__ = ["rerank"]

_RERANKED = 20


def rerank(
    connection: Connection, reranker: Reranker, question: str, ranking: Sequence[ScoredPassage], *, at_least: int
) -> list[ScoredPassage]:
    """Return the best passages of `ranking`, 20 or `at_least`, in the order of `reranker`.

    Their scores are the reranker's, brought to the range that theirs had, so that they weigh as much among the
    sentences as before.
    """
    best = ranking[: max(at_least, _RERANKED)]
    if not best:
        return []
    articles = articles_of(connection, {passage.candidate.version_key for passage in best})
    texts = []
    for passage in best:
        spans = passage.candidate.spans
        texts.append(articles[passage.candidate.version_key].text[spans[0].start : spans[-1].end])
    scores = np.asarray(reranker.scores(question, texts), dtype=np.float64)
    low, high = best[-1].score, best[0].score
    spread = float(np.ptp(scores)) or 1.0
    brought = low + (scores - scores.min()) / spread * (high - low)
    return [replace(best[i], score=float(brought[i])) for i in np.argsort(-scores, kind="stable")]
