import numpy as np
import pytest

from eval.compare.gating import has_fallen, pair
from eval.compare.model import Gate
from eval.compare.power import false_alarm_rate, smallest_detectable_drop


def test_more_cases_show_smaller_drops() -> None:
    """The smallest drop that is caught falls with the number of cases, and never below the tolerance."""
    drops = [smallest_detectable_drop(n, 0.8) for n in (20, 60, 170, 400)]
    assert None not in drops
    known = [drop for drop in drops if drop is not None]
    assert known == sorted(known, reverse=True)
    assert len(set(known)) == 4
    assert known[-1] > 0.03


def test_a_wider_tolerance_or_more_gates_show_less() -> None:
    """What is allowed to fall, and what is shared with other gates, is not caught."""
    own = smallest_detectable_drop(100, 0.9) or 0
    assert (smallest_detectable_drop(100, 0.9, tolerance=0.1) or 0) > own
    assert (smallest_detectable_drop(30, 0.9, gates=20) or 1) > (smallest_detectable_drop(30, 0.9) or 0)
    assert (smallest_detectable_drop(100, 0.9, power=0.5) or 1) < own


def test_too_few_cases_show_nothing() -> None:
    """Five cases that all break have p = 2 / 32, so that no drop is ever caught; nor where nothing can break."""
    assert smallest_detectable_drop(5, 1.0) is None
    assert smallest_detectable_drop(170, 0.0) is None


@pytest.mark.parametrize(("n", "rate"), [(170, 0.85), (40, 0.8)])
def test_the_drop_is_caught_four_times_of_five(n: int, rate: float) -> None:
    """Drawing runs case by case and asking the gate itself catches about 80 %, of half the drop far fewer."""
    drop = smallest_detectable_drop(n, rate)
    assert drop is not None

    def caught(true_drop: float) -> float:
        draw = np.random.default_rng(3)
        times = 0
        for _ in range(150):
            kinds = draw.choice(3, p=(0.025 + true_drop, 0.025, 0.95 - true_drop), size=n)
            found = pair((kinds != 1).astype(float).tolist(), (kinds != 0).astype(float).tolist())
            assert found is not None
            times += has_fallen(found.difference, found.p, 0.03, higher_is_better=True)
        return times / 150

    assert 0.7 < caught(drop) < 0.92
    assert caught(drop / 2) < 0.4


def test_no_probability_is_an_error() -> None:
    """Rates, powers and shares outside 0 to 1 are refused."""
    with pytest.raises(ValueError, match=r"rate 1\.5"):
        smallest_detectable_drop(10, 1.5)
    with pytest.raises(ValueError, match="power 1"):
        smallest_detectable_drop(10, 0.5, power=1)


@pytest.mark.parametrize("right", [[0.8] * 170, [1.0] * 130 + [0.5] * 40])
def test_false_alarms_are_rare(right: list[float]) -> None:
    """Where nothing changed, fewer than 5 % of comparisons fail, though four gates have a chance each."""
    names = ("outcome", "right", "citation_recall", "recall@5")
    gates = [Gate(metric=name, tolerance=0.03) for name in names]
    assert false_alarm_rate(right, gates=gates, reruns=100) < 0.05


def test_what_never_varies_never_fails() -> None:
    """Cases that always end alike give no alarm; a floor above what they reach always gives one."""
    assert false_alarm_rate([1.0] * 30 + [0.0] * 10, reruns=5) == 0
    assert false_alarm_rate([1.0] * 30, gates=[Gate(metric="outcome", floor=1.0)], noise=0.5, reruns=5) == 1
    assert false_alarm_rate([0.5] * 400, gates=[Gate(metric="outcome", floor=0.35)], repeats=3, reruns=5) == 0


@pytest.mark.parametrize("arguments", [{"right": []}, {"right": [1.5]}, {"right": [0.5], "reruns": 0}])
def test_what_cannot_be_simulated(arguments: dict[str, object]) -> None:
    """No case, no rerun, and what is no probability are refused."""
    with pytest.raises(ValueError, match="give at least one case"):
        false_alarm_rate(**arguments)  # type: ignore[arg-type]


def test_slices_cannot_be_simulated() -> None:
    """A gate over one slice is refused, since it would hold nothing."""
    with pytest.raises(ValueError, match="give gates over all cases"):
        false_alarm_rate([0.5], gates=[Gate(metric="outcome", slice="single", tolerance=0.1)])
