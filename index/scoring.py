"""Scores of passages and sentences: an exact weighted sum, never a fusion of ranks.

Weights were chosen on 600 questions of SQuAD (R@1 .92, MRR@10 .95 by paragraph); each is the round number in the
middle of a plateau.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.candidates import Candidate, unpack_vectors
from index.encoders.base import Vector
from index.matching import match, saturation
from index.words import is_function_word

__all__ = ["Query", "ScoredPassage", "score_passages"]

_PASSAGE_WEIGHT = 0.25
_LEXICAL_WEIGHT = 1.25
_RARE_WORDS_WEIGHT = 0.5
_PAIRS_WEIGHT = 0.25
_OWN_RARE_WORDS_WEIGHT = 1.0
_FROM_PASSAGE = 0.5
_LINK_WEIGHT = 0.4
_NAMED = 0.5


@dataclass(frozen=True)
class Query:
    """A question as searched: its vector (shape [dimension]), and for each language of articles the idf of its words.

    A question is stemmed by the language of the article that it is compared with.
    """

    vector: Vector
    idf: Mapping[str | None, Mapping[str, float]]
    pairs: Mapping[str | None, Sequence[tuple[str, str]]]
    """Words that stand next to each other in the question, such as the parts of a name."""


@dataclass(frozen=True)
class ScoredPassage:
    """A candidate with its score, for each sentence what it has of its own, and how many copies gave way to it."""

    candidate: Candidate
    score: float
    own: tuple[float, ...]
    copies: int = 0

    @property
    def sentence_scores(self) -> tuple[float, ...]:
        """Return the score of each sentence: its own, and half of its passage's."""
        return tuple(_FROM_PASSAGE * self.score + own for own in self.own)


def score_passages(query: Query, candidates: Sequence[Candidate], mean_length: float) -> list[ScoredPassage]:
    """Return the candidates scored for `query`, the best first.

    passage = best of its sentences' (cosine + share of rare words / 2) + passage cosine / 4 + BM25 * 1.25
    + share of neighbouring words / 4; sentence = passage / 2 + cosine + share of rare words.
    """
    if not candidates:
        return []
    scored: list[ScoredPassage] = []
    for language in dict.fromkeys(candidate.language for candidate in candidates):
        scored.extend(_scored(query, language, [c for c in candidates if c.language == language], mean_length))
    return _ranked(_linked(_ranked(scored)))


def _scored(
    query: Query, language: str | None, candidates: Sequence[Candidate], mean_length: float
) -> list[ScoredPassage]:
    """Return scores of candidates of one language, computed for all of them at once."""
    numbers = [np.frombuffer(candidate.packed_numbers, dtype=np.uint32) for candidate in candidates]
    norms = saturation(np.array([candidate.n_words for candidate in candidates]), mean_length)
    matches = match(query.idf.get(language, {}), query.pairs.get(language, ()), numbers, norms)
    n_sentences = np.array([candidate.n_sentences for candidate in candidates])
    ends = np.cumsum(n_sentences)
    vectors = unpack_vectors(b"".join(candidate.packed_vectors for candidate in candidates), len(query.vector))
    cosines = vectors @ query.vector
    passages = np.cumsum(n_sentences + 1) - 1  # a passage's vector stands after those of its sentences
    whole, cosines = cosines[passages], np.delete(cosines, passages)
    best = np.maximum.reduceat(cosines + _RARE_WORDS_WEIGHT * matches.shares, ends - n_sentences)
    scores = best + _PASSAGE_WEIGHT * whole + _PAIRS_WEIGHT * matches.pairs + _LEXICAL_WEIGHT * matches.bm25
    own = (cosines + _OWN_RARE_WORDS_WEIGHT * matches.shares).tolist()
    return [
        ScoredPassage(candidate, score, tuple(own[end - candidate.n_sentences : end]))
        for candidate, score, end in zip(candidates, scores.tolist(), ends.tolist(), strict=True)
    ]


def _linked(ranked: Sequence[ScoredPassage]) -> list[ScoredPassage]:
    """Raise passages of articles whose title the best passage names, to below that passage at most.

    What a question asks in two steps often lies there: on two-hop questions both articles are among the first ten
    for .94 instead of .84, and the first stays what it is.
    """
    best, *others = ranked
    named = set(best.candidate.lines.split())
    raised = [best]
    for passage in others:
        share = _share_named(passage.candidate.title_words, named)
        if share > _NAMED and passage.candidate.article_id != best.candidate.article_id:
            gain = _LINK_WEIGHT * (share - _NAMED) / (1 - _NAMED)
            passage = replace(passage, score=max(passage.score, min(passage.score + gain, best.score - 1e-6)))  # noqa: PLW2901
        raised.append(passage)
    return raised


def _share_named(title_words: str, named: set[str]) -> float:
    words = {word for word in title_words.split() if not is_function_word(word)}
    return len(words & named) / len(words) if words else 0.0


def _ranked(passages: Iterable[ScoredPassage]) -> list[ScoredPassage]:
    return sorted(passages, key=lambda passage: (-passage.score, passage.candidate.key))
