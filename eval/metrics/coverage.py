"""Which groups of gold spans are covered. One span of a group is enough for the group; each group is a fact needed."""

from collections.abc import Sequence

from eval.metrics.places import Place, overlaps

__all__ = ["Groups", "covered_by", "first_covers"]

Groups = Sequence[Sequence[Place]]
"""The gold spans of a question: any of an inner sequence will do, each inner sequence is needed."""


def covered_by(places: Sequence[Place], groups: Groups) -> frozenset[int]:
    """Return the positions of the groups of which a span overlaps one of `places`, as `overlaps` has it.

    Several places stand for one find that can be read in several articles, word for word.
    """
    return frozenset(
        number
        for number, group in enumerate(groups)
        if any(overlaps(place, gold) for place in places for gold in group)
    )


def first_covers(found: Sequence[frozenset[int]]) -> list[bool]:
    """Tell of each find, the best first, whether it covers a group that none before it covers."""
    seen: set[int] = set()
    flags = []
    for covered in found:
        flags.append(not covered <= seen)
        seen |= covered
    return flags
