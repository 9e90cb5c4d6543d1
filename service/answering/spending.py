"""The cap on tokens: so many an answer, and so many a day."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from service.chat.base import Call
from service.errors import TokenLimitError

__all__ = ["Spending"]


def _today() -> date:
    return datetime.now(UTC).date()


class Spending:
    """Count the tokens of a process by UTC day; a restart begins anew."""

    def __init__(
        self, *, answer_limit: int | None = None, day_limit: int | None = None, today: Callable[[], date] = _today
    ) -> None:
        self.answer_limit = answer_limit
        self.day_limit = day_limit
        self._today = today
        self._day = today()
        self._spent = 0

    @property
    def today(self) -> int:
        """Return the tokens spent in this UTC day."""
        if self._today() != self._day:
            self._day, self._spent = self._today(), 0
        return self._spent

    def check(self, answer_tokens: int = 0) -> None:
        """Raise TokenLimitError where nothing more may be spent, on an answer that has cost `answer_tokens` so far."""
        if self.day_limit is not None and self.today >= self.day_limit:
            raise TokenLimitError(
                f"the {self.day_limit:,} tokens of this day are spent; "
                "ask again after midnight UTC, or raise PULLQUOTE_MAX_DAY_TOKENS"
            )
        if self.answer_limit is not None and answer_tokens >= self.answer_limit:
            raise TokenLimitError(
                f"the answer has cost {answer_tokens:,} tokens without being decided; raise PULLQUOTE_MAX_ANSWER_TOKENS"
            )

    def count(self, call: Call) -> None:
        """Add what a call cost."""
        self._spent = self.today + call.prompt_tokens + call.completion_tokens
