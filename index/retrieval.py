"""Retrieval: candidates of both legs, scored together exactly.

Filters are resolved in the ledger. A small scope is scored whole from stored vectors; a large one is over-fetched
from the vector index and cut, until enough remain (chromadb's own `where` takes 75 times as long).
"""

from collections.abc import Sequence
from itertools import chain, zip_longest

from sqlalchemy import Connection, func, select

from index.candidates import Scope, load, passages_of, resolve, sentence_passages
from index.encoders.base import Encoder
from index.evidence import choose_evidence
from index.ledger.database import Database
from index.ledger.schema import articles, passages
from index.lexical import idf, languages, matching_passages
from index.scoring import Query, ScoredPassage, score_passages
from index.search import Filters, Found, FoundPassage
from index.vectors import VectorIndex
from index.words import query_words

__all__ = ["Retriever"]

_CANDIDATES = 64
_SCORED_WHOLE = 2_000


class Retriever:
    """Search one generation of a ledger and its vector index."""

    def __init__(self, database: Database, generation: int, vectors: VectorIndex, encoder: Encoder) -> None:
        self._database = database
        self._generation = generation
        self._vectors = vectors
        self._encoder = encoder

    def search(self, questions: Sequence[str], *, limit: int, budget_tokens: int, filters: Filters) -> Found:
        """Return the best `limit` passages and evidence of at most `budget_tokens` encoder tokens.

        Several questions take turns, so that each is covered.
        """
        with self._database.begin() as connection:
            scope = resolve(connection, filters)
            n_passages, mean_length = self._size(connection) if scope.n_articles else (0, 0.0)
            if not n_passages:
                return Found((), (), tuple(questions), scope.n_articles, scope.n_all, scope.n_undated)
            ranked = [self._rank(connection, question, scope, n_passages, mean_length) for question in questions]
        best = _take_turns(ranked)[:limit]
        return Found(
            passages=tuple(_found_passage(passage) for passage in best),
            evidence=choose_evidence(best, budget_tokens),
            searched=tuple(questions),
            articles_searched=scope.n_articles,
            articles_in_all=scope.n_all,
            articles_undated=scope.n_undated,
        )

    def _size(self, connection: Connection) -> tuple[int, float]:
        live = select(func.count(), func.avg(passages.c.n_words)).join(
            articles, articles.c.live_version == passages.c.version_key
        )
        n, mean = connection.execute(live.where(passages.c.generation == self._generation)).one()
        return n, float(mean or 1)

    def _rank(
        self, connection: Connection, question: str, scope: Scope, n_passages: int, mean_length: float
    ) -> list[ScoredPassage]:
        idfs = {
            language: idf(connection, query_words(question, language), n_passages) for language in languages(connection)
        }
        query = Query(question, self._encoder.encode_query(question), idfs)
        keys = passages_of(connection, self._generation, scope, at_most=_SCORED_WHOLE)
        if keys is None:
            keys = self._candidates(connection, query, scope)
        return score_passages(query, load(connection, self._generation, keys, scope), mean_length)

    def _candidates(self, connection: Connection, query: Query, scope: Scope) -> list[int]:
        """Return the passages of both legs, fetching more while a filter leaves too few of them."""
        wanted = _CANDIDATES
        while True:
            dense = sentence_passages(connection, self._vectors.nearest(query.vector, wanted))
            lexical = matching_passages(connection, query.words, wanted)
            keys = list(dict.fromkeys(chain(dense, lexical)))
            if scope.version_keys is None or wanted >= len(self._vectors):
                return keys
            if len(load(connection, self._generation, keys, scope)) >= _CANDIDATES:
                return keys
            wanted *= 8


def _take_turns(ranked: Sequence[Sequence[ScoredPassage]]) -> list[ScoredPassage]:
    """Merge rankings: the best of each, then the second of each, every passage once."""
    merged: dict[int, ScoredPassage] = {}
    for passage in chain.from_iterable(zip_longest(*ranked)):
        if passage is not None:
            merged.setdefault(passage.candidate.key, passage)
    return list(merged.values())


def _found_passage(passage: ScoredPassage) -> FoundPassage:
    spans = passage.candidate.spans
    return FoundPassage(passage.candidate.article, spans[0][0], spans[-1][1], passage.score)
