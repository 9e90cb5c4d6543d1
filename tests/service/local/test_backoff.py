import pytest

from service.local.backoff import Backoff
from service.local.config import Pace


class Clock:
    """Stand still until told otherwise."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return the clock that the backoff reads."""
    return Clock()


@pytest.fixture
def backoff(clock: Clock) -> Backoff:
    """Return a backoff at the pace of the service."""
    return Backoff(Pace(), clock=clock)


def test_the_delay_doubles_up_to_the_longest(backoff: Backoff) -> None:
    """The first young death costs nothing, the next 1 s, 2 s, 4 s and so on up to 30 s."""
    delays = []
    for _ in range(9):
        backoff.failed("died", lived_s=1)
        delays.append(backoff.remaining_s())
    assert delays == [0, 1, 2, 4, 8, 16, 30, 30, 30]


def test_the_delay_passes(backoff: Backoff, clock: Clock) -> None:
    """What remains of a delay shrinks with time, and not below zero."""
    backoff.failed("died")
    backoff.failed("died")
    clock.now += 0.25
    assert backoff.remaining_s() == 0.75
    clock.now += 10
    assert backoff.remaining_s() == 0


def test_a_long_life_clears_the_count(backoff: Backoff) -> None:
    """A child that lived long enough is replaced at once, whatever was before."""
    for _ in range(5):
        backoff.failed("died")
    backoff.failed("killed by hand", lived_s=31)
    assert (backoff.failures, backoff.remaining_s()) == (0, 0)
    assert backoff.reason == "killed by hand"


def test_no_number_of_failures_overflows(backoff: Backoff) -> None:
    """A child that fails for weeks is still tried every 30 s."""
    for _ in range(5000):
        backoff.failed("died")
    assert backoff.remaining_s() == 30


def test_reset(backoff: Backoff) -> None:
    """After a reset the next try may be made at once."""
    backoff.failed("died")
    backoff.failed("died")
    backoff.reset()
    assert (backoff.failures, backoff.remaining_s(), backoff.reason) == (0, 0, "")
