"""What fall a set can show: its power, by simulation of the gate itself.

Cases are drawn as pairs of yes and no. The base has `rate` of yes; `discordance` is the share of cases that change
without cause, half of them each way; the drop comes on top. The gate is that of `eval.compare.gating`, its p held to
.05 over the number of gates, the most that Holm asks for. Scores between 0 and 1 vary less than yes and no of the same
mean, so that for them the answer is too large rather than too small.
"""

from bisect import bisect_left
from functools import cache

import numpy as np

from eval.compare.gating import has_fallen, pair

__all__ = ["smallest_detectable_drop"]

_SIMULATIONS = 4_000
_STEP = 0.005


@cache
def smallest_detectable_drop(
    n: int,
    rate: float,
    *,
    discordance: float = 0.05,
    tolerance: float = 0.03,
    gates: int = 1,
    power: float = 0.8,
    seed: int = 0,
) -> float | None:
    """Return the smallest true drop of a rate that a gate over `n` cases catches with probability `power`.

    `tolerance` is the gate's own, `gates` how many share the correction of Holm. The answer is a multiple of .005, or
    None where not even the loss of every yes is caught so often.
    Raises ValueError for a `rate` or `power` that is none, or a `discordance` outside 0 to 1.
    """
    if not (0 <= rate <= 1 and 0 < power < 1 and 0 <= discordance <= 1):
        raise ValueError(f"rate {rate}, power {power} and discordance {discordance} must lie between 0 and 1")
    by_chance = min(discordance / 2, rate, 1 - rate)
    drops = [i * _STEP for i in range(1, int((rate - by_chance) / _STEP + 1e-9) + 1)]
    first = bisect_left(
        drops, power, key=lambda drop: _caught(n, (by_chance + drop, by_chance), tolerance, gates, seed)
    )
    return round(drops[first], 3) if first < len(drops) else None


def _caught(n: int, shares: tuple[float, float], tolerance: float, gates: int, seed: int) -> float:
    """Return how often the gate fails where cases are lost and gained by these shares and the rest stays."""
    rest = max(0.0, 1 - sum(shares))
    drawn = np.random.default_rng(seed).multinomial(n, [*shares, rest], size=_SIMULATIONS)
    gained, positions = np.unique(drawn[:, 1], return_inverse=True)
    least = np.array([_least_lost(n, int(number), tolerance, gates) for number in gained])
    return float((drawn[:, 0] >= least[positions]).mean())


@cache
def _least_lost(n: int, gained: int, tolerance: float, gates: int) -> int:
    """Return how many cases must be lost for the gate to fail where `gained` are gained; n + 1 where none suffice."""

    def fails(lost: int) -> bool:
        after = [0.0] * lost + [1.0] * gained + [0.5] * (n - lost - gained)
        before = [1.0] * lost + [0.0] * gained + [0.5] * (n - lost - gained)
        found = pair(before, after)
        return found is not None and has_fallen(
            found.difference, min(1.0, found.p * gates), tolerance, higher_is_better=True
        )

    numbers = range(n - gained + 1)
    first = bisect_left(numbers, True, key=fails)
    return numbers[first] if first < len(numbers) else n + 1
