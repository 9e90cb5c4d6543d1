from datetime import date

import pytest

from service.answering import Spending
from service.chat.base import Call
from service.errors import TokenLimitError


class Calendar:
    """A day that a test moves on."""

    def __init__(self) -> None:
        self.day = date(2024, 6, 1)

    def __call__(self) -> date:
        """Return the day."""
        return self.day


def test_without_limits_nothing_is_refused() -> None:
    """Tokens are counted, and any number of them may be spent."""
    spending = Spending()
    spending.count(Call(10**9, 10**9))
    spending.check(10**9)
    assert (spending.today, spending.answer_limit, spending.day_limit) == (2 * 10**9, None, None)


def test_an_answer_may_cost_so_much() -> None:
    """From the limit on nothing more may be spent, and the message names what it cost and the setting."""
    spending = Spending(answer_limit=1_000)
    spending.check(999)
    with pytest.raises(TokenLimitError, match=r"cost 1,000 tokens without being decided.*PULLQUOTE_MAX_ANSWER_TOKENS"):
        spending.check(1_000)


def test_a_day_may_cost_so_much() -> None:
    """Prompts and completions of all answers count, and the message names the limit and both remedies."""
    spending = Spending(day_limit=1_000)
    spending.count(Call(600, 300))
    spending.check()
    spending.count(Call(99, 1))
    with pytest.raises(
        TokenLimitError, match=r"the 1,000 tokens of this day are spent; .*midnight UTC.*PULLQUOTE_MAX_DAY_TOKENS"
    ):
        spending.check()


def test_the_answers_limit_does_not_count_other_answers() -> None:
    """What earlier answers cost leaves the limit of the next one whole."""
    spending = Spending(answer_limit=1_000)
    spending.count(Call(900, 900))
    spending.check(0)


def test_a_new_day_begins_at_nothing() -> None:
    """At midnight UTC the count starts again, whether it is read, checked or added to first."""
    for first in ("read", "check", "count"):
        calendar = Calendar()
        spending = Spending(day_limit=10, today=calendar)
        spending.count(Call(10, 0))
        with pytest.raises(TokenLimitError):
            spending.check()
        calendar.day = date(2024, 6, 2)
        if first == "check":
            spending.check()
        elif first == "count":
            spending.count(Call(3, 1))
        assert spending.today == (4 if first == "count" else 0)
        spending.check()
