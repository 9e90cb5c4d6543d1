from datetime import UTC

import pytest

from index.fetching.timing import Clock, Deadline, FakeClock, Pace, SystemClock


@pytest.mark.parametrize("clock", [SystemClock(), FakeClock()])
def test_clocks_keep_their_promise(clock: Clock) -> None:
    """Time goes on by what was slept, and the date is in UTC."""
    begun = clock.monotonic()
    clock.sleep(0.01)
    assert clock.monotonic() - begun >= 0.009
    assert clock.utc_now().tzinfo is UTC


def test_requests_to_one_host_keep_apart() -> None:
    """The next request to a host waits for what is left of the delay; the first, and other hosts, do not."""
    clock = FakeClock()
    pace, deadline = Pace(clock), Deadline(clock, 20)
    pace.wait("a.test", 1, deadline)
    pace.wait("b.test", 1, deadline)
    clock.seconds += 0.25
    pace.wait("a.test", 1, deadline)
    assert clock.slept == [0.75]
    pace.wait("a.test", 5, deadline)
    assert clock.slept == [0.75, 5.0]


def test_waiting_does_not_count() -> None:
    """Seconds waited out of politeness are given back to the fetch, others are not."""
    clock = FakeClock()
    pace, deadline = Pace(clock), Deadline(clock, 20)
    pace.wait("a.test", 30, deadline)
    pace.wait("a.test", 30, deadline)
    assert deadline.remaining() == 20
    clock.seconds += 5
    assert deadline.remaining() == 15


def test_hosts_are_forgotten_in_the_end() -> None:
    """What is remembered has a bound."""
    clock = FakeClock()
    pace = Pace(clock)
    for number in range(10_100):
        pace.wait(f"{number}.test", 1, Deadline(clock, 1))
    assert len(pace._last) == 10_000
