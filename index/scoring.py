"""Scores of passages and sentences: an exact weighted sum, never a fusion of ranks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from index.candidates import Candidate
from index.encoders.base import Vector
from index.lexical import bm25

__all__ = ["Query", "ScoredPassage", "score_passages"]

_SENTENCE_WEIGHT = 1.0
_PASSAGE_WEIGHT = 0.5
_LEXICAL_WEIGHT = 1.0
_RARE_WORDS_WEIGHT = 1.0


@dataclass(frozen=True)
class Query:
    """A question as searched: its vector (shape [dimension]), and for each language of articles the idf of its words.

    A question is stemmed by the language of the article that it is compared with.
    """

    text: str
    vector: Vector
    idf: Mapping[str | None, Mapping[str, float]]

    @property
    def words(self) -> list[str]:
        """Return the words in all languages, each once."""
        return list(dict.fromkeys(chain.from_iterable(self.idf.values())))


@dataclass(frozen=True)
class ScoredPassage:
    """A candidate with its score, and a score for each of its sentences."""

    candidate: Candidate
    score: float
    sentence_scores: tuple[float, ...]


def score_passages(query: Query, candidates: Sequence[Candidate], mean_length: float) -> list[ScoredPassage]:
    """Return the candidates scored for `query`, the best first.

    passage = best sentence cosine + passage cosine + lexical; sentence = passage + cosine + share of rare words.
    """
    scored = [_score(query, candidate, mean_length) for candidate in candidates]
    return sorted(scored, key=lambda passage: (-passage.score, passage.candidate.key))


def _score(query: Query, candidate: Candidate, mean_length: float) -> ScoredPassage:
    cosines = candidate.sentence_vectors @ query.vector
    idf = query.idf[candidate.article.language]
    score = (
        _SENTENCE_WEIGHT * float(np.max(cosines))
        + _PASSAGE_WEIGHT * float(candidate.vector @ query.vector)
        + _LEXICAL_WEIGHT * bm25(candidate.words, idf, mean_length)
    )
    shares = [_rare_share(idf, words) for words in candidate.sentence_words]
    sentences = [
        score + float(cosine) + _RARE_WORDS_WEIGHT * share for cosine, share in zip(cosines, shares, strict=True)
    ]
    return ScoredPassage(candidate, score, tuple(sentences))


def _rare_share(idf: Mapping[str, float], words: Sequence[str]) -> float:
    total = sum(idf.values())
    return sum(weight for word, weight in idf.items() if word in words) / total if total else 0.0
