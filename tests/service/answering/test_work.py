import time
from collections.abc import Callable

import pytest

from service.answering.work import Work
from service.chat.base import Call
from service.contract import Degraded
from service.errors import TokenLimitError

MakeWork = Callable[..., Work]


def test_times_of_one_stage_add_up(work: MakeWork) -> None:
    """A stage that is entered twice has the time of both."""
    done = work()
    for _ in range(2):
        with done.timed("answer"):
            time.sleep(0.02)
    assert list(done.timings_ms) == ["answer"]
    assert done.timings_ms["answer"] >= 40


def test_a_stage_that_fails_has_its_time(work: MakeWork) -> None:
    """What was spent until an error counts."""
    done = work()
    with pytest.raises(RuntimeError), done.timed("check"):
        raise RuntimeError
    assert "check" in done.timings_ms


def test_calls_count_for_the_answer_and_for_the_day(work: MakeWork) -> None:
    """What a call costs is added to both."""
    done = work()
    done.spend(Call(100, 20))
    done.spend(Call(7, 1))
    assert (done.tokens, done.spending.today, len(done.calls)) == (128, 128, 2)


@pytest.mark.parametrize("limits", [{"answer": 15}, {"day": 15}])
def test_a_call_is_refused_once_a_limit_is_reached(work: MakeWork, limits: dict[str, int]) -> None:
    """Up to the limit a call may be made; it is not known beforehand what one costs."""
    done = work(**limits)
    done.may_call()
    done.spend(Call(10, 4))
    done.may_call()
    done.spend(Call(10, 4))
    with pytest.raises(TokenLimitError):
        done.may_call()


def test_a_degraded_part_is_told_once(work: MakeWork) -> None:
    """The same reason is not repeated, another of the same part is told too, and none is no entry."""
    done = work()
    for reason in ("slow", None, "slow", "", "gone"):
        done.degrade("verifier", reason)
    assert done.degraded == [Degraded(part="verifier", reason="slow"), Degraded(part="verifier", reason="gone")]
