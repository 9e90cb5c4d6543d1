"""Retrieval: candidates of both legs, scored together exactly.

A question costs one call of the encoder, one of the vector index and one statement for the candidates. Filters are
resolved in the ledger, inside of both legs: the passages of a small scope are compared by their stored vectors, of a
large one the vector index is asked for more until enough remain (chromadb's own `where` takes 75 times as long).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

from sqlalchemy import Connection

from index.articles import Article
from index.candidates import CANDIDATES, draw, nearest_in, passages_in, sentences_before, within
from index.copies import Content, Place, copies_of, without_copies
from index.encoders.base import Encoder, Vector
from index.evidence import Chosen, choose_evidence
from index.keys import passage_key
from index.ledger.database import Database
from index.ledger.rows import articles_of
from index.lexical import drawing_words, frequencies, idf
from index.mending import MendingIndex
from index.pronouns import leans_on_the_one_before
from index.rerankers import Reranker
from index.reranking import rerank
from index.scope import EVERYTHING, Scope, resolve
from index.scoring import Query, ScoredPassage, score_passages
from index.search import Copy, Evidence, Filters, Found, FoundPassage
from index.spans import Span
from index.words import query_pairs, query_words

__all__ = ["LIMIT", "Retriever"]

LIMIT = 16
"""Passages that a search returns, and takes its evidence from, unless it is told otherwise."""

_NEAREST = 64  # sentences, of some 40 passages; with 128 the same 600 questions are answered alike
_SCORED_WHOLE = 2_000  # passages, 15 ms


@dataclass(frozen=True)
class _Statistics:
    """What all live passages have in common."""

    n_articles: int
    n_passages: int
    mean_length: float
    languages: tuple[str | None, ...]


class Retriever:
    """Search one generation of a ledger and its vector index."""

    def __init__(
        self,
        database: Database,
        generation: int,
        vectors: MendingIndex,
        encoder: Encoder,
        reranker: Reranker | None = None,
    ) -> None:
        self._database = database
        self._generation = generation
        self._vectors = vectors
        self._encoder = encoder
        self._reranker = reranker
        self._known: _Statistics | None = None

    def forget(self) -> None:
        """Count anew at the next search, after a change of the articles."""
        self._known = None

    def search(self, questions: Sequence[str], *, limit: int, budget_tokens: int, filters: Filters) -> Found:
        """Return the best `limit` passages and evidence from them of at most `budget_tokens` encoder tokens.

        Several questions take turns, in passages and in evidence, so that each is covered.
        """
        with self._database.begin() as connection:
            statistics = self._known = self._known or self._count(connection)
            scope = resolve(connection, filters) if filters else replace(EVERYTHING, n_articles=statistics.n_articles)
            found = Found((), (), tuple(questions), scope.n_articles, statistics.n_articles, scope.n_undated)
            if not statistics.n_passages or not scope.n_articles:
                return found
            rankings = [self._rank(connection, question, scope, statistics) for question in questions]
            kept = without_copies(_take_turns(rankings))
            if self._reranker:
                copies = {passage.candidate.key: passage.copies for passage in kept}
                rankings = [
                    rerank(connection, self._reranker, question, _those(copies, ranking), at_least=limit)
                    for question, ranking in zip(questions, rankings, strict=True)
                ]
                kept = _take_turns(rankings)
            kept = kept[:limit]
            taken = {passage.candidate.key for passage in kept}
            considered = [[passage for passage in ranking if passage.candidate.key in taken] for ranking in rankings]
            chosen = choose_evidence(considered, budget_tokens, self._before(connection, considered))
            return self._told(connection, scope, found, kept, chosen)

    def _told(
        self,
        connection: Connection,
        scope: Scope,
        found: Found,
        kept: Sequence[ScoredPassage],
        chosen: Sequence[Chosen],
    ) -> Found:
        """Return `found` with passages and evidence, and the articles of both."""
        chosen_from = {item.content: item.candidate.version_key for item in chosen}
        places = copies_of(connection, self._generation, scope, chosen_from)
        versions = {passage.candidate.version_key for passage in kept}
        versions |= {place.version_key for found_places in places.values() for place in found_places}
        articles = articles_of(connection, versions)
        return replace(
            found,
            passages=tuple(_found_passage(passage, articles) for passage in kept),
            evidence=tuple(_evidence(i, item, articles, places) for i, item in enumerate(chosen, 1)),
        )

    def _count(self, connection: Connection) -> _Statistics:
        n_passages, mean_length = connection.exec_driver_sql(
            "SELECT count(*), avg(p.n_words) FROM passages p JOIN articles a ON a.live_version = p.version_key "
            "WHERE p.generation = :generation",
            {"generation": self._generation},
        ).one()
        n_articles = connection.exec_driver_sql("SELECT count(*) FROM articles WHERE live_version IS NOT NULL")
        languages = connection.exec_driver_sql("SELECT DISTINCT language FROM versions ORDER BY language")
        return _Statistics(n_articles.scalar_one(), n_passages, float(mean_length or 1), tuple(languages.scalars()))

    def _rank(
        self, connection: Connection, question: str, scope: Scope, statistics: _Statistics
    ) -> list[ScoredPassage]:
        words = {language: query_words(question, language) for language in statistics.languages}
        counts = frequencies(connection, list(dict.fromkeys(chain.from_iterable(words.values()))))
        weights = {word: idf(count, statistics.n_passages) for word, count in counts.items()}
        query = Query(
            self._encoder.encode_query(question),
            {language: {word: weights[word] for word in of_language} for language, of_language in words.items()},
            {language: query_pairs(question, language) for language in statistics.languages},
        )
        dense = self._nearest(connection, query.vector, scope, statistics)
        drawing = {word: weights[word] for word in drawing_words(counts)}
        candidates = draw(connection, self._generation, scope, dense, drawing)
        return score_passages(query, candidates, statistics.mean_length)

    def _nearest(self, connection: Connection, vector: Vector, scope: Scope, statistics: _Statistics) -> list[int]:
        """Return the passages in `scope` with the sentences nearest to `vector`."""
        keys = passages_in(connection, self._generation, scope, at_most=_SCORED_WHOLE)
        if keys is not None:
            return nearest_in(connection, keys, vector, CANDIDATES)
        wanted = math.ceil(_NEAREST * statistics.n_articles / scope.n_articles)
        while True:
            found = dict.fromkeys(map(passage_key, self._vectors.nearest(vector, wanted)))
            remaining = within(connection, self._generation, scope, list(found))
            if scope.everything or len(remaining) >= CANDIDATES // 2 or wanted >= len(self._vectors):
                return remaining[:CANDIDATES]
            wanted *= 4

    def _before(self, connection: Connection, rankings: Sequence[Sequence[ScoredPassage]]) -> dict[int, Span]:
        """Return the sentence before each passage that begins with a pronoun."""
        leaning = {
            passage.candidate.key: passage.candidate
            for passage in chain.from_iterable(rankings)
            if passage.candidate.first
            and leans_on_the_one_before(passage.candidate.words[0], passage.candidate.language)
        }
        return sentences_before(connection, self._generation, list(leaning.values()))


def _those(copies: Mapping[int, int], ranking: Sequence[ScoredPassage]) -> list[ScoredPassage]:
    """Return the passages of `ranking` whose keys have a number of copies, with that number."""
    return [replace(p, copies=copies[p.candidate.key]) for p in ranking if p.candidate.key in copies]


def _take_turns(rankings: Sequence[Sequence[ScoredPassage]]) -> list[ScoredPassage]:
    """Merge rankings: the best of each, then the second of each, every passage once."""
    merged: dict[int, ScoredPassage] = {}
    for passage in chain.from_iterable(zip_longest(*rankings)):
        if passage is not None:
            merged.setdefault(passage.candidate.key, passage)
    return list(merged.values())


def _found_passage(passage: ScoredPassage, articles: Mapping[int, Article]) -> FoundPassage:
    spans = passage.candidate.spans
    article = articles[passage.candidate.version_key]
    return FoundPassage(article, spans[0].start, spans[-1].end, passage.score, passage.copies)


def _evidence(
    number: int, item: Chosen, articles: Mapping[int, Article], places: Mapping[Content, Sequence[Place]]
) -> Evidence:
    copies = [Copy(articles[place.version_key], place.start, place.end) for place in places.get(item.content, ())]
    return Evidence(
        number, articles[item.candidate.version_key], item.span.start, item.span.end, item.score, tuple(copies)
    )
