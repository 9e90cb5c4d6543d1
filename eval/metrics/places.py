"""Places in articles, and when two of them count as the same."""

from typing import NamedTuple

__all__ = ["Place", "lies_within", "mostly_within", "overlaps"]


class Place(NamedTuple):
    """A half-open span of an article's text, in code points."""

    article_id: str
    start: int
    end: int


def overlaps(one: Place, other: Place) -> bool:
    """Tell whether the two share more than half of the shorter one, in the same article.

    So a cited sentence counts for a quote of a few of its words, and a passage for a sentence in it, while sentences
    that merely touch do not. A place without length overlaps nothing.
    """
    shared = min(one.end, other.end) - max(one.start, other.start)
    shorter = min(one.end - one.start, other.end - other.start)
    return one.article_id == other.article_id and shared > 0 and 2 * shared > shorter


def mostly_within(found: tuple[int, int], wanted: tuple[int, int]) -> bool:
    """Tell whether more than half of the half-open span `found` lies in `wanted`."""
    overlap = min(found[1], wanted[1]) - max(found[0], wanted[0])
    return 2 * overlap > found[1] - found[0]


def lies_within(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    """Tell whether the half-open span `inner` lies wholly in `outer`."""
    return outer[0] <= inner[0] and inner[1] <= outer[1]
