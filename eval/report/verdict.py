"""What a comparison comes to: whether its gates hold, why not, and what it cannot tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from eval.compare.model import Comparison, Gate, Row
from eval.report.descriptions import Descriptions, describe
from eval.report.formats import counted, number

__all__ = ["Verdict", "gated", "held_to", "verdict_of", "warnings_of"]


@dataclass(frozen=True)
class Verdict:
    """The verdict in a line, and the reasons of what failed."""

    state: Literal["passed", "failed", "ungated", "alone"]
    line: str
    reasons: Sequence[str] = ()


def verdict_of(comparison: Comparison | None, descriptions: Descriptions) -> Verdict:
    """Return the verdict; where there is no baseline or no gate, that."""
    if comparison is None:
        return Verdict("alone", "Not compared with a baseline")
    rows = gated(comparison)
    reasons = [f"{_named(row, descriptions)}: {row.failed}" for row in comparison.rows if row.failed]
    if reasons:
        return Verdict("failed", f"Failed: {len(reasons)} of {counted(len(rows), 'gate')}", reasons)
    if not rows:
        return Verdict("ungated", "Compared, with no gate to hold")
    return Verdict("passed", f"Passed: {counted(len(rows), 'gate holds', 'gates hold')}")


def gated(comparison: Comparison) -> list[Row]:
    """Return the rows that are held to something, or that failed."""
    return [row for row in comparison.rows if row.gate or row.failed]


def warnings_of(comparison: Comparison | None, descriptions: Descriptions) -> list[str]:
    """Return what a reader has to know of a comparison: its warnings, and what its gates have too few cases for."""
    if comparison is None:
        return []
    small = [f"{_named(row, descriptions)}: {row.too_small}" for row in gated(comparison) if row.too_small]
    return [*comparison.warnings, *small]


def held_to(gate: Gate | None, unit: str = "") -> str:
    """Return what a gate asks for."""
    if gate is None:
        return "–"
    floor = None if gate.floor is None else f"at least {number(gate.floor, unit)}"
    tolerance = None if gate.tolerance is None else f"may fall by {number(gate.tolerance, unit)}"
    return ", ".join(part for part in (floor, tolerance) if part) or "–"


def _named(row: Row, descriptions: Descriptions) -> str:
    return f"{describe(row.metric, descriptions).label}, {row.slice}"
