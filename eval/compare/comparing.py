"""Comparing a run with a baseline."""

from collections.abc import Iterator, Sequence

from eval.compare.errors import CannotCompareError
from eval.compare.model import Comparison, Flip, Gate
from eval.compare.rows import compare_tables
from eval.compare.tables import Table, tabulate
from eval.metrics.table import METRICS
from eval.runs.model import Run

__all__ = ["compare", "exit_code"]

_FLIPPING = ("outcome", "right")
_NAMED = 5
_EVEN = 0.5


def compare(base: Run, new: Run, gates: Sequence[Gate]) -> Comparison:
    """Return how `new` differs from `base`, metric by metric and slice by slice, and which gates fail.

    Each row is over the cases that both runs have a score for, paired; repeats of a case are averaged first, so that
    intervals and tests are over cases. When a gate fails is told in `eval.compare.gating`. Cases without a decided
    answer are in no row but that of `error`, and are counted apart.
    Raises CannotCompareError for runs of different sets, without a common case, or two gates over the same.
    """
    _check(base, new, gates)
    one, other = tabulate(base), tabulate(new)
    return Comparison(
        base=base.header.name,
        new=new.header.name,
        rows=compare_tables(one, other, gates),
        flips=tuple(_flips(one, other)),
        errors_base=one.unanswered,
        errors_new=other.unanswered,
        warnings=(*_warnings_of_runs(base, new), *_warnings_of_cases(one, other), *_idle(one, other, gates)),
    )


def exit_code(comparison: Comparison) -> int:
    """Return what a command ends with: 0 where all gates hold, 1 where one fails. Errors are for 2."""
    return 1 if comparison.failed else 0


def _check(base: Run, new: Run, gates: Sequence[Gate]) -> None:
    if base.header.set_fingerprint != new.header.set_fingerprint:
        raise CannotCompareError(
            f"{base.header.name} is of the set {base.header.set!r} ({base.header.set_fingerprint[:12]}), "
            f"{new.header.name} of {new.header.set!r} ({new.header.set_fingerprint[:12]}); cases or articles differ, "
            "so run the baseline again on the set as it is now"
        )
    if not {record.case.id for record in base.records} & {record.case.id for record in new.records}:
        raise CannotCompareError(
            f"{base.header.name} and {new.header.name} have no case in common; run both on the same slices"
        )
    keys = [(gate.metric, gate.slice) for gate in gates]
    for metric, slice_ in keys:
        if keys.count((metric, slice_)) > 1:
            raise CannotCompareError(f"two gates hold {metric!r} over {slice_!r}; keep one of them")


def _flips(base: Table, new: Table) -> Iterator[Flip]:
    """Yield the cases that went from no to yes or back; of several repeats more than half have to be yes."""
    for metric in _FLIPPING:
        before, after = base.values.get(metric, {}), new.values.get(metric, {})
        for case in before:
            if case in after and (before[case] > _EVEN) != (after[case] > _EVEN):
                better = (after[case] > before[case]) == METRICS[metric].higher_is_better
                yield Flip(case_id=case, slice=base.slices[case], metric=metric, to="better" if better else "worse")


def _warnings_of_runs(base: Run, new: Run) -> Iterator[str]:
    if base.header.mode != new.header.mode:
        yield f"the runs are of different modes, {base.header.mode} and {new.header.mode}: times do not compare"
    if base.header.repeats != new.header.repeats:
        yield f"the runs have different repeats, {base.header.repeats} and {new.header.repeats}; they are averaged"


def _warnings_of_cases(base: Table, new: Table) -> Iterator[str]:
    for where, missing in (
        ("new run", [case for case in base.slices if case not in new.slices]),
        ("base", [case for case in new.slices if case not in base.slices]),
    ):
        if missing:
            yield f"{len(missing)} cases are missing in the {where}, and in no row: {_some(missing)}"
    if new.unanswered > base.unanswered:
        yield f"{new.unanswered} cases of the new run have no answer, of the base {base.unanswered}; rows lack them"
    unknown = sorted(base.unknown | new.unknown)
    if unknown:
        yield f"scores that no metric has are not compared: {_some(unknown)}"


def _idle(base: Table, new: Table, gates: Sequence[Gate]) -> Iterator[str]:
    """Yield which gates hold nothing, since a gate that is never asked looks like one that holds."""
    for gate in gates:
        before, after = base.of(gate.metric, gate.slice), new.of(gate.metric, gate.slice)
        if not (before.keys() & after.keys()):
            yield f"the gate on {gate.metric!r} over {gate.slice!r} held nothing: no case has the score in both runs"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")
