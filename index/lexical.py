"""The lexical score: BM25 over title and text, on a scale of its own from 0 to 1.

FTS5 draws the candidates. The score is not FTS5's, whose weight of a word in over half of the rows is about 0 (a
library of one article would have no lexical score): idf is ln(1 + (N - n + .5) / (n + .5)) as in Lucene, which is
never negative, and the sum is divided by the most that the question could score, so that it does not drift with
the size of the library.
"""

import math
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, text

__all__ = ["bm25", "idf", "languages", "matching_passages"]

_K1 = 1.2
_B = 0.75
_LANGUAGES = text("SELECT DISTINCT language FROM versions ORDER BY language")
_MATCH = text("SELECT rowid FROM lexicon WHERE lexicon MATCH :query ORDER BY rank LIMIT :n")
_FREQUENCIES = text("SELECT term, doc FROM lexicon_words WHERE term IN :words").bindparams(
    bindparam("words", expanding=True)
)


def languages(connection: Connection) -> list[str | None]:
    """Return the languages of the articles; an index answers without reading them."""
    return list(connection.execute(_LANGUAGES).scalars())


def matching_passages(connection: Connection, words: Sequence[str], n: int) -> list[int]:
    """Return the keys of the `n` passages that match `words` best, the best first."""
    if not words:
        return []
    # quoted, so that no word is read as an operator of the full-text language
    query = " OR ".join(f'"{word}"' for word in words)
    return list(connection.execute(_MATCH, {"query": query, "n": n}).scalars())


def idf(connection: Connection, words: Sequence[str], n_passages: int) -> dict[str, float]:
    """Return the inverse document frequency of each of `words` among `n_passages` passages."""
    counts = dict.fromkeys(words, 0)
    if words:
        counts.update((row.term, row.doc) for row in connection.execute(_FREQUENCIES, {"words": list(words)}))
    return {word: math.log(1 + max(0, n_passages - n + 0.5) / (n + 0.5)) for word, n in counts.items()}


def bm25(words: Sequence[str], weights: Mapping[str, float], mean_length: float) -> float:
    """Score a passage's `words` for a question whose words have the idf `weights`; 0 to 1.

    Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), equation 3.15, divided by its supremum.
    """
    most = sum(weights.values()) * (_K1 + 1)
    if not most:
        return 0.0
    length = _K1 * (1 - _B + _B * len(words) / mean_length)
    score = 0.0
    for word, weight in weights.items():
        count = words.count(word)
        score += weight * count * (_K1 + 1) / (count + length)
    return score / most
