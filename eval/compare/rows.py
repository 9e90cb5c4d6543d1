"""The rows of a comparison, with the verdict of each gate."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from eval.cases.model import SLICES
from eval.compare.detectable import smallest_detectable_drop
from eval.compare.gating import Paired, has_fallen, is_beyond_floor, pair
from eval.compare.model import Gate, Row
from eval.compare.statistics import holm
from eval.compare.tables import Table
from eval.metrics.interval import Difference
from eval.metrics.table import METRICS, Metric
from eval.runs.scoring import ALL

__all__ = ["compare_tables"]

_COARSE = 0.15
"""A set is too small where a fall of so much could go unseen."""


@dataclass(frozen=True)
class _Draft:
    """A row whose gate is not decided yet; `own` are all scores of the new run, of cases without a base too."""

    metric: Metric
    slice: str
    paired: Paired | None
    own: Sequence[float]
    gate: Gate | None
    p_holm: float | None = None


def compare_tables(base: Table, new: Table, gates: Sequence[Gate]) -> tuple[Row, ...]:
    """Return a row for each slice and metric of which a case has a score in both runs, gates decided.

    A gate's floor is held to all cases of the new run that have a score; where none of them has one in the base, its
    row has no case, both means are the new one, and there is no difference. `p_holm` is corrected over the gates
    with a tolerance, which alone are tested, and is None in other rows.
    """
    drafts = list(_drafts(base, new, {(gate.metric, gate.slice): gate for gate in gates}))
    tested = [(i, draft.paired.p) for i, draft in enumerate(drafts) if draft.paired and _tolerance(draft) is not None]
    for (i, _), p in zip(tested, holm([p for _, p in tested]), strict=True):
        drafts[i] = replace(drafts[i], p_holm=p)
    return tuple(_row(draft, len(tested)) for draft in drafts)


def _drafts(base: Table, new: Table, gates: Mapping[tuple[str, str], Gate]) -> Iterator[_Draft]:
    for slice_ in (ALL, *SLICES):
        for metric in METRICS.values():
            before, after = base.of(metric.name, slice_), new.of(metric.name, slice_)
            common = [case for case in before if case in after]
            paired = pair([before[case] for case in common], [after[case] for case in common])
            gate = gates.get((metric.name, slice_))
            if paired or (gate and gate.floor is not None and after):
                yield _Draft(metric, slice_, paired, tuple(after.values()), gate)


def _row(draft: _Draft, n_tested: int) -> Row:
    mean = fmean(draft.own)
    paired = draft.paired or Paired(0, mean, mean, Difference(0.0, 0.0, 0.0), 1.0)
    return Row(
        metric=draft.metric.name,
        slice=draft.slice,
        n=paired.n,
        base=paired.base,
        new=paired.new,
        difference=paired.difference.value,
        low=paired.difference.low,
        high=paired.difference.high,
        p=paired.p,
        p_holm=draft.p_holm,
        gate=draft.gate,
        failed="; ".join(filter(None, (_fall(draft), _beyond(draft)))) or None,
        too_small=_too_small(draft, n_tested),
    )


def _tolerance(draft: _Draft) -> float | None:
    return draft.gate.tolerance if draft.gate else None


def _fall(draft: _Draft) -> str | None:
    """Say that the tolerance fails, if it does."""
    found, tolerance, better = draft.paired, _tolerance(draft), draft.metric.higher_is_better
    if found is None or tolerance is None or draft.p_holm is None:
        return None
    if not has_fallen(found.difference, draft.p_holm, tolerance, higher_is_better=better):
        return None
    value, low, high = found.difference
    return (
        f"{'fell' if better else 'rose'} by {abs(value):.4g} ({low:+.4g} to {high:+.4g}, 95 %), beyond the "
        f"{tolerance:.4g} allowed; p = {draft.p_holm:.2g} after Holm"
    )


def _beyond(draft: _Draft) -> str | None:
    """Say that the floor fails, if it does."""
    floor, better = draft.gate.floor if draft.gate else None, draft.metric.higher_is_better
    mean = fmean(draft.own)
    if floor is None or not is_beyond_floor(mean, floor, higher_is_better=better):
        return None
    side = "below the floor" if better else "above the ceiling"
    return f"is {mean:.4g} over {len(draft.own)} cases, {side} of {floor:.4g}"


def _too_small(draft: _Draft, n_tested: int) -> str | None:
    """Say what a tested row cannot tell; of times and tokens nothing is known beforehand."""
    if draft.paired is None:
        return "no case has a score in both runs"
    tolerance = _tolerance(draft)
    if tolerance is None or draft.metric.unit:
        return None
    n = draft.paired.n
    good = draft.paired.base if draft.metric.higher_is_better else 1 - draft.paired.base
    drop = smallest_detectable_drop(n, round(good, 2), tolerance=tolerance, gates=n_tested)
    if drop is None:
        return f"with {n} cases that stand so, no change for the worse would be seen four times of five"
    if drop > _COARSE:
        return f"with {n} cases only a change for the worse of {drop:.2f} or more is seen four times of five"
    return None
