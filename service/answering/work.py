"""What is gathered while one question is answered."""

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from index import Found
from service.answering.spending import Spending
from service.answering.telling import Telling
from service.chat.base import Call
from service.checking.judging import Judged
from service.contract import AskIn, Degraded, FiltersIn

__all__ = ["Search", "Wanted", "Work"]


@dataclass(frozen=True)
class Wanted:
    """One search: queries that take turns, and how much evidence, in encoder tokens."""

    queries: tuple[str, ...]
    filters: FiltersIn
    limit: int
    budget_tokens: int


Search = Callable[[Wanted], Awaitable[Found]]


@dataclass
class Work:
    """The request, and what was spent, noticed and found out on the way to its answer."""

    request: AskIn
    spending: Spending
    telling: Telling = field(default_factory=Telling)
    found: Found = field(default_factory=lambda: Found((), (), (), 0, 0))
    calls: list[Call] = field(default_factory=list)
    degraded: list[Degraded] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    timings_ms: dict[str, int] = field(default_factory=dict)
    left_out: list[Judged] = field(default_factory=list)
    searched: list[str] = field(default_factory=list)
    stripped: int = 0

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the time of the block to that of `stage`, and tell that it began."""
        self.telling.stage(stage)
        began = time.perf_counter()
        try:
            yield
        finally:
            taken = round((time.perf_counter() - began) * 1000)
            self.timings_ms[stage] = self.timings_ms.get(stage, 0) + taken

    def spend(self, call: Call) -> None:
        """Count a call."""
        self.calls.append(call)
        self.spending.count(call)

    def may_call(self) -> None:
        """Raise TokenLimitError where the answer or the day has used up its tokens."""
        self.spending.check(self.tokens)

    def degrade(self, part: str, reason: str | None) -> None:
        """Say once that a part did less than it should."""
        if reason and not any((item.part, item.reason) == (part, reason) for item in self.degraded):
            self.degraded.append(Degraded(part=part, reason=reason))

    @property
    def tokens(self) -> int:
        """Return what the answer has cost so far."""
        return sum(call.prompt_tokens + call.completion_tokens for call in self.calls)
