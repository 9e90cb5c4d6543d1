"""Copies: the same sentence in several articles of one story.

Only articles grouped as a story when they were indexed are compared, and only the very same sentences count as
copies: a changed number, name or sign is a difference that evidence must show.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from index.scope import Scope
from index.scoring import ScoredPassage
from index.spans import unpack_spans

__all__ = ["Content", "Place", "copies_of", "without_copies"]

_MOST_PLACES = 50
_MOST_PASSAGES = 1_000  # of all copies together: a notice that everybody prints may have thousands

Content = tuple[int, int]
"""A story, and the digest of a sentence."""


@dataclass(frozen=True)
class Place:
    """Where a sentence stands."""

    version_key: int
    start: int
    end: int


def without_copies(ranking: Sequence[ScoredPassage]) -> list[ScoredPassage]:
    """Return the passages that copy none before them, each with the number of those that copy it."""
    tellers: dict[int, set[int]] = {}
    for passage in ranking:
        tellers.setdefault(passage.candidate.story, set()).add(passage.candidate.version_key)
    kept: list[ScoredPassage] = []
    first: dict[tuple[Content, ...], int] = {}
    for passage in ranking:
        candidate = passage.candidate
        if len(tellers[candidate.story]) > 1:
            content = tuple((candidate.story, span.digest) for span in candidate.spans)
            original = first.setdefault(content, len(kept))
            if original < len(kept) and kept[original].candidate.version_key != candidate.version_key:
                kept[original] = replace(kept[original], copies=kept[original].copies + 1 + passage.copies)
                continue
        kept.append(passage)
    return kept


def copies_of(
    connection: Connection, generation: int, scope: Scope, chosen: Mapping[Content, int]
) -> dict[Content, list[Place]]:
    """Return where else in `scope` sentences stand that were chosen from a version each, at most some places each."""
    shared = _shared_stories(connection, {story for story, _ in chosen})
    if not shared:
        return {}
    statement = (
        "SELECT v.story, p.version_key, c.spans FROM versions v CROSS JOIN articles a ON a.live_version = v.key "
        "CROSS JOIN passages p ON p.version_key = v.key AND p.generation = :generation "
        "CROSS JOIN contents c ON c.passage_key = p.key "
        f"WHERE v.story IN (SELECT value FROM json_each(:stories)) AND {scope.condition} "
        "ORDER BY p.version_key, p.first LIMIT :n"
    )
    values = {"generation": generation, "stories": json.dumps(sorted(shared)), "n": _MOST_PASSAGES, **scope.parameters}
    found: dict[Content, list[Place]] = {}
    for story, version_key, packed in connection.exec_driver_sql(statement, values):
        for span in unpack_spans(packed):
            content = (story, span.digest)
            if chosen.get(content, version_key) != version_key:
                found.setdefault(content, []).append(Place(version_key, span.start, span.end))
    return {content: places[:_MOST_PLACES] for content, places in found.items()}


def _shared_stories(connection: Connection, stories: set[int]) -> set[int]:
    """Return those of `stories` that several live articles tell."""
    statement = (
        "SELECT v.story FROM versions v JOIN articles a ON a.live_version = v.key "
        "WHERE v.story IN (SELECT value FROM json_each(:stories)) GROUP BY v.story HAVING count(*) > 1"
    )
    return set(connection.exec_driver_sql(statement, {"stories": json.dumps(sorted(stories))}).scalars())
