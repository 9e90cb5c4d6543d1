"""What a gate can tell: the smallest fall that it catches, and how often it fails when nothing changed."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from eval.compare.detectable import smallest_detectable_drop
from eval.compare.model import Gate
from eval.compare.rows import compare_tables
from eval.compare.tables import Table
from eval.runs.scoring import ALL

__all__ = ["false_alarm_rate", "smallest_detectable_drop"]

_GATES = (Gate(metric="outcome", tolerance=0.03),)


def false_alarm_rate(
    right: Sequence[float],
    *,
    noise: float = 0.0,
    gates: Sequence[Gate] = _GATES,
    repeats: int = 1,
    reruns: int = 200,
    seed: int = 0,
) -> float:
    """Return how often a comparison fails although nothing changed, over simulated pairs of runs.

    `right` is the probability of each case that an answer is right; each answer is then turned to its opposite with
    probability `noise`. Every metric that a gate names is drawn apart, so that many gates have many chances.
    Raises ValueError for what is no probability, without cases or reruns, or for a gate over a single slice.
    """
    chances = np.asarray(right, dtype=float)
    if not (chances.size and reruns > 0 and repeats > 0 and _are_shares([*right, noise])):
        raise ValueError("give at least one case, rerun and repeat, and probabilities from 0 to 1")
    if any(gate.slice != ALL for gate in gates):
        raise ValueError("what is simulated has no slices; give gates over all cases")
    draw = partial(_run, gates, chances * (1 - noise) + (1 - chances) * noise, repeats, np.random.default_rng(seed))
    return sum(any(row.failed for row in compare_tables(draw(), draw(), gates)) for _ in range(reruns)) / reruns


def _are_shares(values: Sequence[float]) -> bool:
    return all(0 <= value <= 1 for value in values)


def _run(gates: Sequence[Gate], right: NDArray[np.float64], repeats: int, rng: np.random.Generator) -> Table:
    """Return a run in which each metric of a gate is right by chance in each case."""
    cases = [str(i) for i in range(right.size)]
    metrics = dict.fromkeys(gate.metric for gate in gates)
    drawn = {metric: (rng.binomial(repeats, right) / repeats).tolist() for metric in metrics}
    return Table(
        dict.fromkeys(cases, ALL), {metric: dict(zip(cases, row, strict=True)) for metric, row in drawn.items()}
    )
