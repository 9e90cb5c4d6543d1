"""Outcomes against those expected, and refusals as a class of their own; by the field `outcome`, never by phrases.

`failed` means that nothing was decided. It is an error: no score counts it, neither as right nor as a refusal.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from service.contract import Outcome

__all__ = ["Refusals", "is_expected", "outcome_accuracy", "refusal_scores"]

_REFUSAL = "not_found"


@dataclass(frozen=True)
class Refusals:
    """Precision, recall and F1 (van Rijsbergen 1979) of refusing, over the questions of a set.

    What has to be refused is what cannot be answered, expected `not_found`. A figure is None where it has no case
    to be counted over.
    """

    n: int
    """Decided cases."""
    n_failed: int
    """Cases without a decision, which are in no figure."""
    precision: float | None
    """Of refusals, the share that had to be."""
    recall: float | None
    """Of what cannot be answered, the share that was refused."""
    f1: float | None
    """The harmonic mean of the two: 2 TP / (2 TP + FP + FN)."""
    false_refusal_rate: float | None
    """Of what can be answered, the share that was refused."""


def is_expected(expected: Outcome, found: Outcome) -> bool | None:
    """Tell whether the outcome is the expected one; None where nothing was decided.

    Only the same outcome counts: `partial` is not `answered`, since it says that something is missing, and where
    `partial` is expected an answer that owns up to nothing missing is not it.
    """
    return None if found == "failed" else found == expected


def outcome_accuracy(pairs: Sequence[tuple[Outcome, Outcome]]) -> float | None:
    """Return the share of (expected, found) that are the same, of those decided; None where none was."""
    flags = [flag for expected, found in pairs if (flag := is_expected(expected, found)) is not None]
    return sum(flags) / len(flags) if flags else None


def refusal_scores(pairs: Sequence[tuple[Outcome, Outcome]]) -> Refusals:
    """Return the figures of refusals over pairs of (expected, found) outcome."""
    decided = [(expected == _REFUSAL, found == _REFUSAL) for expected, found in pairs if found != "failed"]
    rightly, wrongly = decided.count((True, True)), decided.count((False, True))
    missed, answered = decided.count((True, False)), decided.count((False, False))
    return Refusals(
        n=len(decided),
        n_failed=len(pairs) - len(decided),
        precision=_share(rightly, rightly + wrongly),
        recall=_share(rightly, rightly + missed),
        f1=_share(2 * rightly, 2 * rightly + wrongly + missed),
        false_refusal_rate=_share(wrongly, wrongly + answered),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
