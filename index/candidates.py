"""Candidates: the passages worth scoring, drawn by vectors and by words in one statement, and what scoring needs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from sqlalchemy import Connection

from index.encoders.base import Vector, Vectors
from index.scope import LIVE, Scope
from index.spans import SPAN_BYTES, Span, unpack_spans

__all__ = [
    "CANDIDATES",
    "Candidate",
    "draw",
    "nearest_in",
    "passages_in",
    "sentences_before",
    "unpack_vectors",
    "within",
]

CANDIDATES = 32
"""How many passages each leg draws."""

# in the order of Candidate's fields
_COLUMNS = (
    "p.key, p.version_key, v.article_id, v.language, v.story, p.first, p.n_words, "
    "c.title_words, c.words, c.numbers, c.spans, c.vectors"
)


@dataclass(frozen=True)
class Candidate:
    """A passage with its vectors and words."""

    key: int
    version_key: int
    article_id: str
    language: str | None
    story: int
    first: int
    """The number of its first sentence in the article."""
    n_words: int
    title_words: str
    lines: str
    """The words of its sentences, a line each."""
    packed_numbers: bytes
    packed_spans: bytes
    packed_vectors: bytes
    """The vectors of its sentences, then its own; float16."""

    @property
    def n_sentences(self) -> int:
        """Return how many sentences it has."""
        return len(self.packed_spans) // SPAN_BYTES

    @cached_property
    def words(self) -> list[str]:
        """Return the words of each sentence, with spaces between them."""
        return self.lines.split("\n")

    @cached_property
    def spans(self) -> list[Span]:
        """Return where its sentences stand; of most candidates nobody asks."""
        return unpack_spans(self.packed_spans)


def passages_in(connection: Connection, generation: int, scope: Scope, *, at_most: int) -> list[int] | None:
    """Return the keys of all passages in `scope`, or None if it is everything or holds more than `at_most`."""
    if scope.everything:
        return None
    found = (
        "SELECT p.key FROM versions v CROSS JOIN articles a ON a.live_version = v.key CROSS JOIN passages p "
        f"ON p.version_key = v.key AND p.generation = :generation WHERE {scope.condition} LIMIT :at_most"
    )
    values = {"generation": generation, "at_most": at_most + 1, **scope.parameters}
    keys = list(connection.exec_driver_sql(found, values).scalars())
    return keys if len(keys) <= at_most else None


def nearest_in(connection: Connection, keys: Sequence[int], vector: Vector, n: int) -> list[int]:
    """Return the `n` of these passages whose best sentence is nearest to `vector`, by the vectors in the ledger."""
    rows = connection.exec_driver_sql(
        "SELECT passage_key, vectors FROM contents WHERE passage_key IN (SELECT value FROM json_each(:keys))",
        {"keys": json.dumps(list(keys))},
    ).all()
    if not rows:
        return []
    ends = np.cumsum([len(packed) // (2 * len(vector)) for _, packed in rows])
    cosines = unpack_vectors(b"".join(packed for _, packed in rows), len(vector)) @ vector
    cosines[ends - 1] = -1  # the passages' own
    best = np.maximum.reduceat(cosines, [0, *ends[:-1]])
    return [rows[i][0] for i in np.argsort(-best, kind="stable")[:n]]


def within(connection: Connection, generation: int, scope: Scope, keys: Sequence[int]) -> list[int]:
    """Return those of these passages that are in `scope`, in their order."""
    if scope.everything:
        return list(keys)
    found = (
        f"SELECT p.key FROM json_each(:keys) CROSS JOIN passages p ON p.key = value {LIVE} "
        f"WHERE p.generation = :generation AND {scope.condition}"
    )
    values = {"generation": generation, "keys": json.dumps(list(keys)), **scope.parameters}
    remaining = set(connection.exec_driver_sql(found, values).scalars())
    return [key for key in keys if key in remaining]


def sentences_before(connection: Connection, generation: int, candidates: Sequence[Candidate]) -> dict[int, Span]:
    """Return the sentence before each of these passages."""
    found = {}
    for candidate in candidates:
        row = connection.exec_driver_sql(
            "SELECT c.spans FROM passages p JOIN contents c ON c.passage_key = p.key "
            "WHERE p.version_key = :version AND p.generation = :generation AND p.last = :last",
            {"version": candidate.version_key, "generation": generation, "last": candidate.first - 1},
        ).one()
        found[candidate.key] = unpack_spans(row.spans)[-1]
    return found


def draw(
    connection: Connection, generation: int, scope: Scope, dense: Sequence[int], words: Mapping[str, float]
) -> list[Candidate]:
    """Return those of the `dense` passages that are in `scope`, and the best in `scope` that hold any of `words`.

    `words` come with their weights; the passages that hold the most weight are drawn, one of those that copy each
    other within a story.
    """
    values: dict[str, object] = {"generation": generation, "dense": json.dumps(list(dense)), "n": CANDIDATES}
    hits = []
    for i, (word, weight) in enumerate(words.items()):
        # quoted, so that no word is read as an operator of the full-text language
        values |= {f"word{i}": f'"{word}"', f"weight{i}": weight}
        hits.append(f"SELECT rowid AS key, :weight{i} AS weight FROM lexicon(:word{i})")
    in_scope = f"p.generation = :generation AND {scope.condition}"
    weighed = f"SELECT key, SUM(weight) AS total FROM ({' UNION ALL '.join(hits)}) GROUP BY key"
    lexical = (
        f"UNION SELECT key FROM (SELECT min(h.key) AS key FROM ({weighed}) h "
        f"CROSS JOIN passages p ON p.key = h.key {LIVE} WHERE {in_scope} "
        "GROUP BY v.story, p.digest ORDER BY max(h.total) DESC, key LIMIT :n)"
    )
    statement = (
        f"WITH drawn(key) AS (SELECT value FROM json_each(:dense) {lexical if hits else ''}) "
        f"SELECT {_COLUMNS} FROM drawn CROSS JOIN passages p ON p.key = drawn.key {LIVE} "
        f"JOIN contents c ON c.passage_key = p.key WHERE {in_scope} ORDER BY p.key"
    )
    rows = connection.exec_driver_sql(statement, {**values, **scope.parameters})
    return [Candidate(*row) for row in rows]


def unpack_vectors(packed: bytes, dimension: int) -> Vectors:
    """Return the vectors of one or many rows, shape [n, dimension]."""
    return np.frombuffer(packed, dtype=np.float16).reshape(-1, dimension).astype(np.float32)
