"""The lexical leg: which words draw candidates, and BM25 on a scale of its own from 0 to 1.

FTS5 says which passages hold a word and in how many it stands. The score is not FTS5's, whose weight of a word in
over half of the rows is about 0 (a library of one article would have no lexical score): idf is
ln(1 + (N - n + .5) / (n + .5)) as in Lucene, which is never negative, and the sum is divided by the most that the
question could score, so that it does not drift with the size of the library.
"""

import json
import math
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

__all__ = ["drawing_words", "frequencies", "idf"]

_MOST_DRAWN = 4_000
_MOST_WORDS = 64
_FREQUENCIES = "SELECT term, doc FROM lexicon_words WHERE term IN (SELECT value FROM json_each(:words))"


def frequencies(connection: Connection, words: Sequence[str]) -> dict[str, int]:
    """Return in how many passages each of `words` stands."""
    counts = dict.fromkeys(words, 0)
    rows = connection.exec_driver_sql(_FREQUENCIES, {"words": json.dumps(list(words))})
    counts.update((row.term, row.doc) for row in rows)
    return counts


def idf(count: int, n_passages: int) -> float:
    """Return the inverse document frequency of a word that stands in `count` of `n_passages` passages."""
    return math.log(1 + max(0, n_passages - count + 0.5) / (count + 0.5))


def drawing_words(counts: Mapping[str, int]) -> list[str]:
    """Return the words that draw candidates: the rarest, until they stand in some thousand passages.

    A word that stands in very many passages says little and costs most; where a question has no other words, the
    vectors draw alone.
    """
    drawing: list[str] = []
    left = _MOST_DRAWN
    for word, count in sorted(counts.items(), key=lambda item: item[1]):
        if 0 < count <= left and len(drawing) < _MOST_WORDS:
            drawing.append(word)
            left -= count
    return drawing
