"""Draws from a set, alike every time, so that what was tuned on is never reported on.

The rows are shuffled by a seed; those for the report are the first, those for tuning the last. Sizes name how many each
part takes, so keep them: another size of the one part must not reach into the other.
"""

import random
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from eval.measure.errors import SetSizeError

__all__ = ["SEED", "Part", "Sizes", "distinct", "shuffled", "split", "split_by"]

_T = TypeVar("_T")

SEED = 2022
"""The seed of all draws, unless another is named."""

Part = Literal["tune", "report"]
"""What the cases are for."""


@dataclass(frozen=True)
class Sizes:
    """How many cases each part has."""

    report: int
    tune: int

    def of(self, part: Part) -> int:
        """Return how many cases `part` has."""
        return self.report if part == "report" else self.tune


def shuffled(rows: Sequence[_T], seed: int) -> list[_T]:
    """Return all rows in the order of the seed."""
    return random.Random(seed).sample(rows, len(rows))  # noqa: S311  (alike every time, not secret)


def split(rows: Sequence[_T], sizes: Sizes, part: Part, seed: int) -> list[_T]:
    """Return the rows of `part`. Raises SetSizeError where the two parts would overlap."""
    _check(rows, sizes)
    order = shuffled(rows, seed)
    return order[: sizes.report] if part == "report" else order[len(rows) - sizes.tune :]


def split_by(rows: Sequence[_T], sizes: Sizes, part: Part, seed: int, kind: Callable[[_T], Hashable]) -> list[_T]:
    """Return the rows of `part`, of each kind in proportion to how many there are, in the order of the seed.

    Raises SetSizeError as `split` does.
    """
    _check(rows, sizes)
    kinds: dict[Hashable, list[_T]] = {}
    for row in rows:
        kinds.setdefault(kind(row), []).append(row)
    counts = [len(members) for members in kinds.values()]
    report = _shares(sizes.report, counts)
    tune = _shares(sizes.tune, [count - n for count, n in zip(counts, report, strict=True)])
    each = zip(kinds.values(), map(Sizes, report, tune), strict=True)
    return shuffled([row for members, some in each for row in split(members, some, part, seed)], seed)


def distinct(rows: Iterable[_T], key: Callable[[_T], Hashable]) -> list[_T]:
    """Return the first row of each key."""
    first: dict[Hashable, _T] = {}
    for row in rows:
        first.setdefault(key(row), row)
    return list(first.values())


def _check(rows: Sequence[_T], sizes: Sizes) -> None:
    if sizes.report + sizes.tune > len(rows):
        raise SetSizeError(
            f"{sizes.report} cases to report on and {sizes.tune} to tune on are asked of {len(rows)}; ask for fewer"
        )


def _shares(total: int, counts: Sequence[int]) -> list[int]:
    """Return `total` divided in proportion to `counts`; what is left goes to the largest remainders (Hamilton)."""
    whole = max(1, sum(counts))
    shares = [total * count // whole for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda i: -(total * counts[i] % whole))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares
