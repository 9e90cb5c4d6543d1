"""Citations against gold spans: no model judges, what is cited is compared with where the proof stands.

A citation is given as all places where its words stand: its own, then those of its copies in other articles. A copy is
the same sentence, word for word, and proves the same.
"""

from collections.abc import Sequence

from eval.metrics.coverage import Groups, covered_by
from eval.metrics.places import Place, overlaps

__all__ = ["citation_precision", "citation_recall", "cites_forbidden", "forbidden_citation_rate"]

Citations = Sequence[Sequence[Place]]


def citation_recall(cited: Citations, groups: Groups) -> float | None:
    """Return the share of the groups that a citation covers, by `overlaps`; None where no proof is known.

    An answer that cites nothing has none of them: 0.
    """
    if not groups:
        return None
    return len(frozenset[int]().union(*(covered_by(places, groups) for places in cited))) / len(groups)


def citation_precision(cited: Citations, groups: Groups) -> float | None:
    """Return the share of citations that overlap a span of any group; None without a citation or a known proof.

    A set names the proofs that its authors know of, so that a citation of another proof counts as wrong.
    """
    if not groups or not cited:
        return None
    return sum(bool(covered_by(places, groups)) for places in cited) / len(cited)


def forbidden_citation_rate(cited: Citations, forbidden: Sequence[Place]) -> float | None:
    """Return the share of citations that overlap a forbidden place; None without a citation or such a place.

    Only the first place of a citation counts, the one that is cited: its copies stand elsewhere.
    """
    if not forbidden or not cited:
        return None
    return sum(_is_forbidden(places, forbidden) for places in cited) / len(cited)


def cites_forbidden(cited: Citations, forbidden: Sequence[Place]) -> bool | None:
    """Tell whether any citation overlaps a forbidden place; None where none is forbidden. Citing nothing is safe."""
    return any(_is_forbidden(places, forbidden) for places in cited) if forbidden else None


def _is_forbidden(places: Sequence[Place], forbidden: Sequence[Place]) -> bool:
    return any(overlaps(places[0], place) for place in forbidden)
