import signal
import threading
from collections.abc import Iterable, Iterator

import pytest

from service.cli.interruption import finished


def by_ten(items: Iterable[int]) -> Iterator[int]:
    """Tell items in groups of ten, as what works on many at once does."""
    group: list[int] = []
    for item in items:
        group.append(item)
        if len(group) == 10:
            yield from group
            group = []
    yield from group


def interrupted_at(when: int, taken: list[int], times: int = 1) -> Iterator[int]:
    """Give out numbers, and press Ctrl-C at one of them."""
    for item in range(1_000):
        taken.append(item)
        if item == when:
            for _ in range(times):
                signal.raise_signal(signal.SIGINT)  # to this thread: two sent to the process at once may be one
        yield item


def told_until_interrupted(results: Iterator[int]) -> list[int]:
    """Return what came before KeyboardInterrupt."""
    told: list[int] = []
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012  (what came before counts)
        for result in results:
            told.append(result)  # noqa: PERF402  (extend would lose those before the error)
    return told


def test_results_come_in_order() -> None:
    """Without a Ctrl-C everything is worked on and told."""
    assert list(finished(by_ten, range(25))) == list(range(25))


def test_what_the_items_raise_is_raised() -> None:
    """An error of the items is the caller's."""

    def broken() -> Iterator[int]:
        yield 1
        raise OSError("unplugged")

    with pytest.raises(OSError, match="unplugged"):
        list(finished(by_ten, broken()))


def test_an_interruption_takes_up_nothing_more_and_loses_nothing() -> None:
    """Each result of what was taken up is told, the group in work included, and then KeyboardInterrupt is raised."""
    taken: list[int] = []
    told = told_until_interrupted(finished(by_ten, interrupted_at(13, taken)))
    assert told == list(range(13))
    assert taken == list(range(14))


def test_a_second_interruption_does_not_wait() -> None:
    """Who presses twice gets out at once."""
    assert told_until_interrupted(finished(by_ten, interrupted_at(13, [], times=2))) == list(range(10))


def test_ctrl_c_is_as_before_afterwards() -> None:
    """The handler that was there is there again, after an end and after an error."""
    before = signal.getsignal(signal.SIGINT)
    list(finished(by_ten, range(3)))
    assert signal.getsignal(signal.SIGINT) is before
    told_until_interrupted(finished(by_ten, interrupted_at(1, [])))
    assert signal.getsignal(signal.SIGINT) is before


def test_another_thread_is_left_alone() -> None:
    """Where no signal can arrive, the work is just done."""
    told: list[int] = []
    thread = threading.Thread(target=lambda: told.extend(finished(by_ten, range(5))))
    thread.start()
    thread.join()
    assert told == list(range(5))
